"""Choosing a target: what users notice, what a nine is worth, and what it costs.

A target starts from the users. What they see passes through their own device and network first; a
service that is much better than those is a difference nobody can tell. 100% is refused for two
reasons: it leaves no budget, so nothing could ever be changed, and nobody would notice it.

Sources: SRE book, chapter 1 ("100% is the wrong reliability target for basically everything") and
chapter 3 (a network fails 0.01% to 1% of the time; revenue x gain in availability).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from lab_kernel.sre.slo.budget import Number, share_of
from lab_kernel.sre.slo.composition import serial


def seen(service: Number, path: Iterable[Number]) -> Fraction:
    """What users see of a service at the end of their own path, independent failures assumed."""
    return serial([service, *path]).independent


def noticed(service: Number, path: Iterable[Number]) -> Fraction:
    """How much better a perfect service would look: the part of failures that is ours to mend."""
    path = list(path)
    return seen(1, path) - seen(service, path)


def ours(service: Number, path: Iterable[Number]) -> Fraction:
    """Of the failures that users see, the share that a perfect service would have saved."""
    path = list(path)
    failures = 1 - seen(service, path)
    return noticed(service, path) / failures if failures else Fraction(0)


def worth(revenue: Number, before: Number, after: Number) -> Fraction:
    """What a better target is worth, if every failed request loses its part of the revenue."""
    return Fraction(revenue) * (share_of(before) - share_of(after))


class Option(NamedTuple):
    """A target with what it loses and costs in the same time, and both together."""

    target: Number
    loss: Fraction
    cost: Fraction

    @property
    def total(self) -> Fraction:
        return self.loss + self.cost


def options(
    targets: Iterable[Number], revenue: Number, first: Number, factor: Number = 10
) -> list[Option]:
    """Targets of 1, 2, 3 ... nines. The first costs ``first``, each one more ``factor`` times that.

    The factor is a rule of thumb, not a law: the SRE book speaks of a cost that may be a hundred
    times the last one's.
    """
    cost, found = Fraction(first), []
    for target in targets:
        found.append(Option(target, Fraction(revenue) * share_of(target), cost))
        cost *= Fraction(factor)
    return found


def cheapest(choices: Iterable[Option]) -> Option:
    """The one where loss and cost together are least."""
    return min(choices, key=lambda option: option.total)
