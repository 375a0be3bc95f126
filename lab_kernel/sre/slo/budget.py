"""The error budget: what may go wrong, what has, what is left, and how fast it goes.

A budget is a share, 1 - target, of what is counted in the window, and OpenSLO knows three ways to
count. What each of them calls bad, of how much:

    Occurrences      bad events                          of all events
    Timeslices       slices below their own target       of all slices
    RatioTimeslices  the share of bad events, per slice  of all slices (each weighs the same)

A slice without any event counts as good: nobody was disappointed. All arithmetic is in fractions,
so that two halves of a window add up to the whole of it.

Sources: SRE book, chapters 1 and 3 (budget = 1 - target); Google Cloud, "Alerting on your burn
rate" (allowed = share x eligible events); OpenSLO, examples/budgeting-method (the three ways).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.spec import OCCURRENCES, RATIO_TIMESLICES, TIMESLICES

Number = int | Fraction | Decimal


class Slice(NamedTuple):
    """What happened in one stretch of time. Counts may be fractions: a rate is not whole."""

    good: Number
    total: Number

    @property
    def failed(self) -> Fraction:
        """The share that was bad; 0 if there was nothing."""
        total = Fraction(self.total)
        return (total - Fraction(self.good)) / total if total else Fraction(0)


class Tally(NamedTuple):
    """``bad`` of ``total``, in events or in slices."""

    bad: Fraction
    total: Fraction

    def __add__(self, other: object) -> Tally:
        if not isinstance(other, Tally):
            return NotImplemented
        return Tally(self.bad + other.bad, self.total + other.total)

    def times(self, count: int) -> Tally:
        """As much, so many times."""
        return Tally(self.bad * count, self.total * count)


def tally(
    slices: Iterable[Slice], method: str = OCCURRENCES, slice_target: Number | None = None
) -> Tally:
    """Count in one of the three ways. ``slice_target`` is for Timeslices."""
    slices = list(slices)
    if method == OCCURRENCES:
        total = sum((Fraction(each.total) for each in slices), Fraction(0))
        return Tally(total - sum((Fraction(each.good) for each in slices), Fraction(0)), total)
    if method == RATIO_TIMESLICES:
        bad = sum((each.failed for each in slices), Fraction(0))
        return Tally(bad, Fraction(len(slices)))
    if method != TIMESLICES or slice_target is None:
        raise ValueError(f"no way to count: {method} with {slice_target}")
    least = Fraction(slice_target)
    count = sum(1 - each.failed < least for each in slices)
    return Tally(Fraction(count), Fraction(len(slices)))


@dataclass(frozen=True, slots=True)
class Budget:
    """``share`` of what was counted may be bad. A share of 0 is refused: see ``share_of``."""

    share: Fraction
    counted: Tally

    @property
    def allowed(self) -> Fraction:
        return self.share * self.counted.total

    @property
    def spent(self) -> Fraction:
        return self.counted.bad

    @property
    def remaining(self) -> Fraction:
        """Below 0 when more was spent than there was."""
        return self.allowed - self.spent

    @property
    def met(self) -> bool:
        return self.remaining >= 0

    @property
    def consumed(self) -> Fraction | None:
        """The part of the budget that is spent; None if nothing was counted."""
        return self.burn_rate  # the same fraction: bad / (share x total)

    @property
    def burn_rate(self) -> Fraction | None:
        """Error ratio / budget: 1 spends exactly all of it over the window."""
        return self.counted.bad / self.allowed if self.counted.total else None


def share_of(target: Number) -> Fraction:
    """1 - target. BadInput for a target of 1 or more: such a budget could not be spent."""
    target = Fraction(target)
    if not 0 <= target < 1:
        message = _("{value} would leave no error budget, and a burn rate would divide by 0")
        if target != 1:
            message = _("{value} is not from 0 up to, but without, {whole}")
        raise BadInput("target", message.format(value=decimal(target), whole=1))
    return 1 - target


def budget(
    target: Number,
    slices: Iterable[Slice],
    method: str = OCCURRENCES,
    slice_target: Number | None = None,
) -> Budget:
    """The budget of a window in which this happened."""
    return Budget(share_of(target), tally(slices, method, slice_target))


def spent_in(burn_rate: Number, window: Number, period: Number) -> Fraction:
    """The part of a period's budget that a burn rate spends in a window, traffic being even."""
    return Fraction(burn_rate) * Fraction(window) / Fraction(period)


def lasts(burn_rate: Number, period: Number) -> Fraction | None:
    """How long a whole budget lasts at this burn rate, in the unit of ``period``; None: always."""
    return Fraction(period) / Fraction(burn_rate) if burn_rate else None


def decimal(value: Number, digits: int = 6) -> str:
    """A fraction as people write it: at most so many decimals, and no zeros at the end."""
    scaled = round(Fraction(value) * 10**digits)
    whole, rest = divmod(abs(scaled), 10**digits)
    text = f"{whole:,}.{rest:0{digits}}".rstrip("0").rstrip(".")
    return f"-{text}" if scaled < 0 else text
