"""An SLO against what happened: a verdict for each of its objectives.

Events are read one after the other and counted by the second, so a log of any length takes memory
for its seconds only. Judged is the window that ends with the last event. A log that is shorter
than the window says nothing about the rest of it: the verdict is about what it covers, and
``covered`` says how much that is. A policy speaks of the whole window. Of slices it is known how
many that has; of events it is taken to have as much more as it is longer, which is right if
traffic is even.

An incident, here, is a stretch of minutes that spent faster than the budget comes in, with gaps of
less than ``GAP`` minutes; people who were there will know better where one ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from math import floor

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.budget import Budget, Slice, Tally, share_of, tally
from lab_kernel.sre.slo.policy import Cause, Consequence, Policy
from lab_kernel.sre.slo.spec import OCCURRENCES, SLO, Objective, Rolling
from lab_kernel.sre.slo.window import Span, span

GAP = 5


class Counted:
    """Good and all events by the second."""

    def __init__(self, events: Iterable[tuple[float, bool]] = ()) -> None:
        self.seconds: dict[int, list[int]] = {}
        for time, good in events:
            self.add(time, good)

    def add(self, time: float, good: bool) -> None:
        both = self.seconds.setdefault(floor(time), [0, 0])
        both[0] += good
        both[1] += 1

    def slices(self, within: Span, width: int) -> dict[int, Slice]:
        """Slices of ``width`` seconds by their number from the beginning of the span on.

        Only those with events: a log may have holes of years.
        """
        found: dict[int, list[int]] = {}
        for second, (good, total) in self.seconds.items():
            if within.begin <= second < within.end:
                both = found.setdefault(int((second - within.begin) // width), [0, 0])
                both[0] += good
                both[1] += total
        return {number: Slice(*found[number]) for number in sorted(found)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """``window`` is what the SLO is about, ``covered`` the part of it that there are events for.

    ``budget`` is of that part, ``whole`` how much there is to count in the window altogether.
    """

    slo: SLO
    objective: Objective
    window: Span
    covered: Span
    events: Slice
    budget: Budget
    whole: Fraction
    causes: tuple[Cause, ...]

    @property
    def met(self) -> bool:
        return self.budget.met

    @property
    def coverage(self) -> Fraction:
        """The part of the window that there are events for."""
        return Fraction(self.covered.seconds) / Fraction(self.window.seconds)

    @property
    def window_allowed(self) -> Fraction:
        """The budget of the whole window, in the unit of ``budget``."""
        return self.budget.share * self.whole

    @property
    def spent_of_window(self) -> Fraction:
        """The part of the whole window's budget that is spent."""
        return self.budget.spent / self.window_allowed if self.window_allowed else Fraction(0)

    def consequences(self, policy: Policy) -> list[Consequence]:
        found = policy.consequences(self.window_allowed, self.budget.spent, self.causes)
        return [each._replace(partial=self.coverage < 1) for each in found]


def judge(slo: SLO, counted: Counted) -> list[Judgement]:
    """A judgement for each objective. BadInput if there is no event at all."""
    if not counted.seconds:
        raise BadInput("log", _("not one event in it that counts for {slo}").format(slo=slo.name))
    first, last = min(counted.seconds), max(counted.seconds)
    if isinstance(slo.window, Rolling):
        window = span(slo.window, last + 1)
    else:
        window = span(slo.window, last)
    covered = Span(max(window.begin, first), last + 1)
    return [_judged(slo, objective, window, covered, counted) for objective in slo.objectives]


def _judged(
    slo: SLO, objective: Objective, window: Span, covered: Span, counted: Counted
) -> Judgement:
    minutes = counted.slices(covered, 60)
    bad, total = tally(minutes.values())
    found, longer = Tally(bad, total), Fraction(window.seconds) / Fraction(covered.seconds)
    if slo.method != OCCURRENCES and objective.time_slice_window:
        # Slices are those of the window, so the first one that is covered may begin before it.
        width = objective.time_slice_window.seconds
        skipped = (covered.begin - window.begin) // width * width
        sliced = covered._replace(begin=window.begin + skipped)
        count = -int(-sliced.seconds // width)
        some = counted.slices(sliced, width).values()
        found = tally(some, slo.method, objective.time_slice_target)._replace(total=Fraction(count))
        longer = Fraction(window.seconds) / (width * count)
    share = share_of(objective.target)
    per_event = found.bad / bad if bad else 0
    causes = tuple(
        each._replace(spent=Fraction(each.spent) * per_event)
        for each in incidents(minutes, share, covered.begin)
    )
    return Judgement(
        slo, objective, window, covered, Slice(total - bad, total), Budget(share, found),
        found.total * longer, causes,
    )  # fmt: skip


def incidents(minutes: Mapping[int, Slice], share: Fraction, begin: float) -> list[Cause]:
    """The stretches of minutes that burned faster than 1, with the bad events in them.

    ``minutes`` by their number from ``begin`` on, in order.
    """
    found: list[list[int]] = []  # first minute, last minute, bad events
    for number, one in minutes.items():
        if one.failed > share:
            bad = int(one.total) - int(one.good)
            if found and number - found[-1][1] <= GAP:
                found[-1][1:] = [number, found[-1][2] + bad]
            else:
                found.append([number, number, bad])
    return [
        Cause(f"{_clock(begin + 60 * first)}–{_clock(begin + 60 * (last + 1))}", bad)
        for first, last, bad in found
    ]


def _clock(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M")
