"""When to ask which alerts fire: at moments that are beyond doubt, and tell right from wrong rules.

Rules are evaluated every ``GRID`` seconds, rarely, so that a test of days is over soon. A moment
is beyond doubt when nothing changes shortly before or after, and a sample more or less at the edge
of a window does not matter: Prometheus 2 counts what is just as old as the window, Prometheus 3
does not. What counts as a change is any window that crosses its threshold, and not only an alert:
the tests are to notice a wrong rule, not to list alerts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from lab_kernel.sre.alerts.burn import MINUTE, Condition
from lab_kernel.sre.alerts.happening import Sample, Truth, firing, interval, judged_whole
from lab_kernel.sre.alerts.indicator import Indicator

GRID = 20 * MINUTE


@dataclass(frozen=True, slots=True)
class Check:
    """The severities that should fire at this second, and no others."""

    time: int
    severities: frozenset[str]


class Firm(NamedTuple):
    """From ``low`` to ``high`` the ``state`` stays what it is: the windows that are above their
    thresholds, or the severities that follow from them."""

    state: tuple[bool, ...] | frozenset[str]
    severities: frozenset[str]
    low: int
    high: int


def firm_times(
    samples: Sequence[Sample], measured: Indicator, conditions: Sequence[Condition], start: int
) -> list[Firm]:
    """The times in which nothing changes, from a little before ``start`` on.

    Counters are counted evenly, so their windows cross a threshold gradually: that takes a margin.
    Where time is judged, they cross it at once.
    """
    truth, step, whole = Truth(samples, measured), interval(measured), judged_whole(measured)
    times = range(start - 2 * GRID, samples[-1].time + 1, step)

    def margin(time: int) -> int:
        """A sample, or a fiftieth of the time since it began if that is more."""
        return 0 if whole else max(step, (time - start) // 50)

    def seen(time: int) -> tuple[bool, ...] | None:
        above = truth.above(conditions, time)
        return above if above == truth.above(conditions, time, closed=True) else None

    windows = [(seen(time), time) for time in times]
    alerts = [(above and firing(conditions, above), time) for above, time in windows]
    firm = []
    for state, run in chain(groupby(windows, itemgetter(0)), groupby(alerts, itemgetter(0))):
        every = [time for _state, time in run]
        low, high = every[0], every[-1]
        if state is not None:
            low += margin(low) if low > times[0] else 0
            high -= margin(high) if high < times[-1] else 0
            severities = firing(conditions, state) if isinstance(state, tuple) else state
            firm.append(Firm(state, severities, low, high))
    return firm


def best(firm: Sequence[Firm], offsets: Iterable[int]) -> tuple[int, list[Check]]:
    """How much later all should begin so that evaluations see most of it, and what they see."""
    offset = max(offsets, key=lambda later: _worth(_asked(firm, later)))
    return offset, _asked(firm, offset)


def _asked(firm: Sequence[Firm], offset: int) -> list[Check]:
    """At the first and the last evaluation of each state, if all happens so much later."""
    asked: dict[object, list[Check]] = {}
    for state, severities, low, high in firm:
        first = -(-(low + offset) // GRID) * GRID
        for time in range(first, high + offset + 1, GRID):
            asked.setdefault(state, []).append(Check(time, severities))
    ends = {check for checks in asked.values() for check in (checks[0], checks[-1])}
    return sorted(ends, key=lambda check: check.time)


def _worth(asked: Sequence[Check]) -> tuple[int, int]:
    """How often what fires is seen to change, and how many checks there are."""
    return sum(a.severities != b.severities for a, b in pairwise(asked)), len(asked)
