"""What may happen to a service, and which alerts should fire then.

    for scenario in scenarios(measured, alive): ...

Seven kinds: healthy, fast burn, slow burn, short outage and its reset, no errors ever, no traffic,
traffic drop; fast and slow burn once for each pair of windows. What should fire is worked out from
what happened, not from the rules, and asked where it is beyond doubt (``moments``).

Before anything happens there are healthy days, as many as the longest window has. Times are in
seconds; samples are far apart and evaluations rare, so that promtool is done in seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import HOUR, MINUTE, PAGE, Condition, written
from lab_kernel.sre.alerts.happening import (
    Sample,
    Stretch,
    happened,
    interval,
    series,
)
from lab_kernel.sre.alerts.indicator import Indicator, Ratio, Sliced
from lab_kernel.sre.alerts.moments import GRID, Check, best, firm_times
from lab_kernel.sre.alerts.series import Series

HEALTHY, FAST, SLOW = N_("healthy"), N_("fast burn"), N_("slow burn")
OUTAGE, NO_ERRORS = N_("short outage and its reset"), N_("no errors ever")
NO_TRAFFIC, DROP = N_("no traffic"), N_("traffic drop")
NO_SUCCESS = N_("nothing but errors")
KINDS = (HEALTHY, FAST, SLOW, OUTAGE, NO_ERRORS, NO_SUCCESS, NO_TRAFFIC, DROP)
_FIRM, _NONE = Decimal("1.05"), Decimal(0)


@dataclass(frozen=True, slots=True)
class Scenario:
    """``ratio``, where it is asked at ``ratio_at``, is that of every window; None: no sample."""

    kind: str
    detail: str
    interval: int
    series: tuple[Series, ...]
    checks: tuple[Check, ...]
    ratio_at: int | None = None
    ratio: float | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind

    @property
    def title(self) -> str:
        """The name in the reader's language."""
        return f"{_(self.kind)} ({self.detail})" if self.detail else _(self.kind)


def scenarios(measured: Indicator, alive: Sequence[Condition]) -> list[Scenario]:
    """In the order of KINDS; ``alive`` are the conditions that the rules were written for."""
    return list(_Scenarios(measured, alive).all())


class _Scenarios:
    def __init__(self, measured: Indicator, alive: Sequence[Condition]) -> None:
        self.measured = measured
        self.alive = sorted(alive, key=lambda c: -c.factor)
        self.budget = self.alive[0].threshold / self.alive[0].factor
        self.requests = 10_000
        while self.requests * self.budget < 10:
            self.requests *= 10
        longest = max(c.pair.long for c in self.alive)
        self.healthy = -(-longest // GRID) * GRID

    def all(self) -> Iterator[Scenario]:
        yield self._made(HEALTHY, Decimal("0.8"), HOUR)
        for kind, page in ((FAST, True), (SLOW, False)):
            for n, condition in enumerate(self.alive):
                if (condition.pair.severity == PAGE) == page:
                    level = self._level(n)
                    lasts = int(condition.factor / level * condition.pair.long * Decimal("1.2"))
                    yield self._made(kind, level, lasts + 2 * HOUR)
        rate, first, last = self._outage()
        rest = HOUR + 2 * self.measured.slice
        yield self._made(OUTAGE, rate, first, self.alive[0].pair.short + rest)
        yield self._made(OUTAGE, rate, last, max(c.pair.short for c in self.alive) + rest)
        yield self._steady(NO_ERRORS, _NONE, self.requests, 0.0)
        base = self.measured.of if isinstance(self.measured, Sliced) else self.measured
        if isinstance(base, Ratio) and base.good:
            yield self._steady(NO_SUCCESS, Decimal(1), self.requests, 1.0)
        yield self._steady(NO_TRAFFIC, _NONE, 0, None)
        n = max(len(self.alive) - 2, 0)
        yield self._made(DROP, self._level(n), self.alive[n].pair.long + HOUR, busy=100)

    def _level(self, n: int) -> Decimal:
        """A burn rate above the factor of this condition and below the one before."""
        factor = self.alive[n].factor
        if n:
            between = (factor * self.alive[n - 1].factor).sqrt()
            return round(between, 1) if between >= factor + Decimal("0.1") else between
        return min(factor * _FIRM, (factor + 1 / self.budget) / 2)

    def _outage(self) -> tuple[Decimal, int, int]:
        """A burn rate, how long it lasts until only the first pair fires, and until all do."""
        rate = min(1 / self.budget, self.alive[0].factor * 6)
        found = sorted(int(c.factor / rate * c.pair.long) for c in self.alive)
        second = next((each for each in found if each > found[0] * 1.3), int(found[0] * 1.7))
        return rate, (found[0] + 2 * second) // 3, int(found[-1] * 1.4)

    def _made(
        self, kind: str, rate: Decimal, lasts: int, after: int = 0, busy: int = 1
    ) -> Scenario:
        """Healthy days, a burn rate for a time, and healthy hours after that.

        Requests were ``busy`` times as many before it; where time is judged instead, half of it
        is silent from then on.
        """
        step = interval(self.measured)
        unit = max(step, self.measured.slice)
        lasts, after = (-(-each // unit) * unit for each in (lasts, after))
        share = rate * self.budget

        def samples(offset: int) -> list[Sample]:
            stretches = (
                Stretch(
                    self.healthy + offset,
                    share if kind is HEALTHY else _NONE,
                    self.requests * busy,
                ),
                Stretch(lasts, share, self.requests, 2 if busy > 1 else 1),
                Stretch(after, _NONE, self.requests),
            )
            return happened(stretches, self.measured)

        firm = firm_times(samples(0), self.measured, self.alive, self.healthy)
        offset, checks = best(firm, range(0, max(GRID, unit), unit))
        return Scenario(
            kind,
            f"{written(rate, 3)}x" + (f", {lasts // MINUTE}m" if after else ""),
            step,
            tuple(series(samples(offset), self.measured)),
            tuple(checks),
        )

    def _steady(self, kind: str, share: Decimal, requests: int, ratio: float | None) -> Scenario:
        """The same from the beginning on; counters that count nothing do not exist."""
        lasts = max(4 * GRID, 3 * self.measured.slice)
        samples = happened([Stretch(lasts, share, requests)], self.measured)
        fires = frozenset(c.pair.severity for c in self.alive) if share else frozenset()
        return Scenario(
            kind,
            "",
            interval(self.measured),
            tuple(series(samples, self.measured, bare=requests > 0)),
            (Check(lasts, fires),),
            lasts,
            ratio,
        )
