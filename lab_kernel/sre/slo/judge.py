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

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from math import floor

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.budget import Budget, Slice, budget, tally
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

    def slices(self, within: Span, width: int) -> list[Slice]:
        """Slices of ``width`` seconds from the beginning of the span on, empty ones too."""
        count = -int(-within.seconds // width)
        found = [[0, 0] for _each in range(count)]
        for second, (good, total) in self.seconds.items():
            if within.begin <= second < within.end:
                both = found[int((second - within.begin) // width)]
                both[0] += good
                both[1] += total
        return [Slice(good, total) for good, total in found]


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
        return policy.consequences(self.window_allowed, self.budget.spent, self.causes)


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
    width = objective.time_slice_window.seconds if objective.time_slice_window else 60
    if slo.method == OCCURRENCES:
        slices = counted.slices(covered, 60)
        longer = Fraction(window.seconds) / Fraction(covered.seconds)
    else:
        # Slices are those of the window, so the first one that is covered may begin before it.
        skipped = (covered.begin - window.begin) // width * width
        slices = counted.slices(covered._replace(begin=window.begin + skipped), width)
        longer = Fraction(window.seconds) / (width * len(slices))
    found = budget(objective.target, slices, slo.method, objective.time_slice_target)
    minutes = slices if slo.method == OCCURRENCES else counted.slices(covered, 60)
    bad, total = tally(minutes)
    events = Slice(total - bad, total)
    causes = incidents(minutes, found.share, covered.begin)
    per_event = found.spent / bad if bad else 0
    scaled = tuple(each._replace(spent=Fraction(each.spent) * per_event) for each in causes)
    whole = found.counted.total * longer
    return Judgement(slo, objective, window, covered, events, found, whole, scaled)


def incidents(minutes: Iterable[Slice], share: Fraction, begin: float) -> list[Cause]:
    """The stretches of minutes that burned faster than 1, with the bad events in them."""
    found: list[list[int]] = []  # first minute, last minute, bad events
    for number, one in enumerate(minutes):
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
