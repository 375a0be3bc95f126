"""What a service can promise that stands on others, and what it needs of them.

The products hold if parts fail independently of each other. They rarely do: a bad release, a full
disk, a region take several at once. So each composition comes with the bounds that hold whatever
the parts have in common (the Fréchet inequalities).

Sources: Treynor, Dahlin, Rau and Beyer, "The Calculus of Service Availability", ACM Queue 15(2),
2017 (the rule of the extra nine); SRE book, chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import NamedTuple

from lab_kernel.sre.slo.budget import Number, share_of


class Bounds(NamedTuple):
    """``least`` and ``most`` hold for any dependence of the parts, ``independent`` for none."""

    least: Fraction
    independent: Fraction
    most: Fraction


def serial(parts: Iterable[Number]) -> Bounds:
    """All parts are needed for every request."""
    each = [Fraction(part) for part in parts]
    lost = sum((1 - part for part in each), Fraction(0))
    return Bounds(max(Fraction(0), 1 - lost), prod(each, start=Fraction(1)), min(each))


def parallel(parts: Iterable[Number]) -> Bounds:
    """Any one part is enough, and turning to another costs nothing."""
    each = [Fraction(part) for part in parts]
    down = prod((1 - part for part in each), start=Fraction(1))
    return Bounds(max(each), 1 - down, min(Fraction(1), sum(each, Fraction(0))))


def some_of(needed: int, parts: Sequence[Number]) -> Fraction:
    """At least ``needed`` of the parts are up, these failing independently."""
    up = [Fraction(part) for part in parts]
    total = Fraction(0)
    for count in range(needed, len(up) + 1):
        for chosen in combinations(range(len(up)), count):
            total += prod(
                (up[n] if n in chosen else 1 - up[n] for n in range(len(up))), start=Fraction(1)
            )
    return total


def left_for(target: Number, dependencies: Iterable[Number]) -> Fraction:
    """What of a budget is left for a service's own failures; below 0: it cannot be promised.

    Budgets are added up, which is safe for any dependence: at worst no two failures coincide.
    """
    spent = sum((1 - Fraction(each) for each in dependencies), Fraction(0))
    return share_of(target) - spent


def extra_nine(target: Number) -> Fraction:
    """What each critical dependency should offer: one nine more, a tenth of the budget."""
    return 1 - share_of(target) / 10


def room_for(target: Number, dependency: Number, own: Number = Fraction(1, 2)) -> int:
    """How many such dependencies fit, if ``own`` of the budget is kept for own failures."""
    return int(share_of(target) * (1 - Fraction(own)) // share_of(dependency))
