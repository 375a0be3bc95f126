"""A budget in time: what a service that is down, or partly so, spends of it, moment by moment.

Traffic is taken as even, so a budget is a number of minutes, and an incident in which a tenth of
the requests fail spends a minute in ten. The same incidents are booked against any window:

    rolling    each incident is given back when it leaves the window, 30 days later, say
    calendar   everything is given back at the boundary, nothing before it

Times are in seconds since 1970, amounts in minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from lab_kernel.sre.slo.budget import Number, share_of
from lab_kernel.sre.slo.spec import Window
from lab_kernel.sre.slo.window import Span, span


class Incident(NamedTuple):
    """From ``begin`` until ``end``, ``share`` of the requests failed."""

    begin: float
    end: float
    share: Number = 1

    def minutes(self, within: Span) -> Fraction:
        """What of it was spent within a span."""
        return Fraction(within.overlap(self.begin, self.end)) * Fraction(self.share) / 60


class Entry(NamedTuple):
    """The account at one moment: ``allowed`` for the whole window, ``spent`` until now."""

    time: float
    window: Span
    allowed: Fraction
    spent: Fraction

    @property
    def remaining(self) -> Fraction:
        return self.allowed - self.spent


def account(target: Number, window: Window, incidents: Iterable[Incident], now: float) -> Entry:
    """The account of the window that ``now`` is judged in, as far as time has come."""
    whole = span(window, now)
    past = Span(whole.begin, min(whole.end, now))
    spent = sum((each.minutes(past) for each in incidents), Fraction(0))
    return Entry(now, whole, share_of(target) * Fraction(whole.seconds) / 60, spent)


def ledger(
    target: Number, window: Window, incidents: Sequence[Incident], times: Iterable[float]
) -> list[Entry]:
    """The account at each of these times."""
    return [account(target, window, incidents, time) for time in times]
