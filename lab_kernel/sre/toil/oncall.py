"""On-call load: incidents per shift, hours that they take, and the smallest rotation.

The SRE book, chapter 11: an incident with all that follows from it takes about 6 hours, so a
12-hour shift has room for 2; being on call takes at most 25% of a person's time, and other
operational work another 25%. With a primary and a secondary at all times and shifts of a week,
one site therefore needs 8 people. Chapter 5: with 6 people each is on call 2 weeks of 6, so toil
cannot get below about 33%. For two sites the book asks for at least 6 people each, which is more
than this arithmetic gives and has other reasons, too.

Incidents arrive by a Poisson process, all independent. Real ones come in crowds, so real shifts
differ more than these do.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from fractions import Fraction

SHIFT = 12  # hours
SHIFTS = 14  # in a week
INCIDENT = 6  # hours, follow-up included
MOST = SHIFT // INCIDENT  # incidents in a shift
ON_CALL = Fraction(1, 4)


@dataclass(frozen=True)
class Rotation:
    """``roles`` people are on call at the same time, each for a week."""

    people: int
    roles: int = 2

    @property
    def share(self) -> Fraction:
        """Of each one's weeks."""
        return Fraction(self.roles, self.people)

    @property
    def within(self) -> bool:
        return self.share <= ON_CALL


def smallest(roles: int = 2, share: Fraction = ON_CALL) -> int:
    """The fewest people with whom nobody is on call for more than ``share`` of the weeks."""
    return math.ceil(roles / share)


def over(rate: float, most: int = MOST) -> float:
    """The chance that a shift with ``rate`` incidents on average has more than ``most``."""
    below = sum(rate**n / math.factorial(n) for n in range(most + 1))
    return max(0.0, 1 - math.exp(-rate) * below)


def shifts(rate: float, weeks: int = 1, seed: int = 0) -> list[int]:
    """Incidents in each 12-hour shift of some weeks."""
    chance = random.Random(seed)
    counts = [0] * (weeks * SHIFTS)
    moment = chance.expovariate(1.0) / rate if rate else math.inf
    while moment < len(counts):
        counts[int(moment)] += 1
        moment += chance.expovariate(1.0) / rate
    return counts
