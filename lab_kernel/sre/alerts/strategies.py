"""Six ways to alert on an SLO, and four figures that say how good each is.

    for strategy in six():
        print(strategy.number, judged(fires(strategy, log, budget), log, incidents, budget))

They are those of the workbook, in its order: the error rate of a short window against the
objective, a longer window, a duration, one burn rate, several, and several in two windows each. For
another period than 30 days their windows and factors are derived as the book derives them.

``precision`` is the share of the events at which an alert began that were significant. ``recall``
is the share of the significant events during which an alert fired. ``detection`` is how many
minutes it took from the beginning of a significant event, ``reset`` how many it fired on after its
end; both are the median of those that were detected.

Time is in whole minutes. A page and a ticket both count as an alert, unless only one is asked for.

Source: The Site Reliability Workbook, chapter 5, "Alerting considerations" and "Ways to alert on
significant events".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from lab_kernel.language import N_
from lab_kernel.sre.alerts.burn import DAY, PAGE, WORKBOOK, Pair
from lab_kernel.sre.alerts.incidents import SIGNIFICANT, Incident, Log

PERIOD = 30 * DAY
LATE = 2  # minutes after an event in which an alert is still about it


class Look(NamedTuple):
    """Above ``factor`` times the budget in windows of so many minutes; ``short`` 0: one window."""

    factor: Decimal
    long: int
    short: int = 0
    severity: str = PAGE


@dataclass(frozen=True, slots=True)
class Strategy:
    """Fires while any of ``looks`` is true, ``hold`` minutes after it became so."""

    number: int
    title: str
    looks: tuple[Look, ...]
    hold: int = 0
    or_equal: bool = False


def six(period: int = PERIOD) -> tuple[Strategy, ...]:
    """The workbook's, for a period in seconds."""
    one, share = Decimal(1), Decimal("0.05")
    table = [pair for pair in WORKBOOK if pair.long != DAY]
    return (
        Strategy(1, N_("error rate above the objective"), (Look(one, 10),), or_equal=True),
        Strategy(2, N_("a longer window"), (Look(one, int(share * period) // 60),)),
        Strategy(3, N_("for an hour"), (Look(one, 1),), hold=60),
        Strategy(4, N_("a burn rate"), (Look(share * period / 3600, 60),)),
        Strategy(5, N_("several burn rates"), tuple(_look(p, period, False) for p in table)),
        Strategy(
            6, N_("several burn rates, two windows"), tuple(_look(p, period) for p in WORKBOOK)
        ),
    )


def _look(pair: Pair, period: int, both: bool = True) -> Look:
    return Look(
        pair.factor(period), pair.long // 60, pair.short // 60 if both else 0, pair.severity
    )


def fires(strategy: Strategy, log: Log, budget: Decimal, severity: str = "") -> list[bool]:
    """Whether an alert fires at the end of each minute; of one severity only, if it is given."""
    true = [False] * len(log)
    for look in strategy.looks:
        if severity not in ("", look.severity):
            continue
        ratio = float(look.factor * budget)
        above = log.above(look.long, ratio, strategy.or_equal)
        if look.short:
            short = log.above(look.short, ratio)
            above = [a and b for a, b in zip(above, short, strict=True)]
        true = [a or b for a, b in zip(true, above, strict=True)]
    return list(_held(true, strategy.hold))


def _held(true: Sequence[bool], hold: int) -> Iterator[bool]:
    since = None
    for minute, now in enumerate(true):
        since = (minute if since is None else since) if now else None
        yield since is not None and minute - since >= hold


class Judged(NamedTuple):
    """``alerts`` is how often one began. None where there is nothing to divide by."""

    alerts: int
    precision: float | None
    recall: float | None
    detection: float | None
    reset: float | None


def judged(
    firing: Sequence[bool],
    log: Log,
    incidents: Sequence[Incident],
    budget: Decimal,
    period: int = PERIOD,
) -> Judged:
    """The four figures, against what is known to have happened."""
    significant = [
        each for each in incidents if log.spent(each, budget, period // 60) >= SIGNIFICANT
    ]
    begun = [n for n, now in enumerate(firing) if now and not (n and firing[n - 1])]
    events = {_event(minute, incidents) for minute in begun}
    found = [event for event in significant if any(firing[event.start : event.end])]
    detections = [_on(firing, event.start) for event in found]
    resets = [_off(firing, event.end) for event in found]
    return Judged(
        len(begun),
        sum(event in significant for event in events) / len(events) if events else None,
        len(found) / len(significant) if significant else None,
        median(detections) if found else None,
        median(resets) if found else None,
    )


def _event(minute: int, incidents: Sequence[Incident]) -> Incident | int:
    """What was going on when an alert began: an incident, or else a moment of its own."""
    going = (each for each in incidents if each.start <= minute < each.end + LATE)
    return next(going, minute)


def _on(firing: Sequence[bool], start: int) -> int:
    """Minutes until an alert fires; 0 if one did already."""
    return 0 if start and firing[start - 1] else firing.index(True, start) + 1 - start


def _off(firing: Sequence[bool], end: int) -> int:
    """Minutes until none fires any more."""
    return next((n for n in range(end - 1, len(firing)) if not firing[n]), len(firing)) + 1 - end
