"""What automating pays back: hours saved over a horizon against its cost and its upkeep.

Work that takes ``hours`` a week by hand, growing by ``growth`` a week, is automated at a cost of
``cost`` hours; from then on machines do the share ``saved`` of it, and the automation itself wants
``upkeep`` hours a week. Without growth it is even after cost / (hours x saved - upkeep) weeks,
and never if the upkeep eats what is saved.

Hours are not all that counts: the SRE book, chapter 7, lists consistency, a platform to build on,
faster repairs and faster action before it comes to time saved. Those are left out here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice, repeat

WEEKS = 52
HORIZON = 5 * WEEKS  # the comic's five years


@dataclass(frozen=True, kw_only=True)
class Automation:
    hours: float
    cost: float
    saved: float = 1.0
    upkeep: float = 0.0
    growth: float = 0.0

    def gains(self) -> Iterator[float]:
        """What each week brings, upkeep paid; without end."""
        work = accumulate(repeat(1 + self.growth), lambda now, by: now * by, initial=self.hours)
        return (week * self.saved - self.upkeep for week in work)

    def balance(self, weeks: int) -> list[float]:
        """Hours won after 0, 1, 2 ... weeks; it begins with the cost."""
        return list(accumulate(islice(self.gains(), weeks), initial=-self.cost))

    def even(self, most: int = HORIZON) -> int | None:
        """The first whole week after which the cost is back; None if not within ``most``."""
        balance = self.balance(most)
        return next((week for week, hours in enumerate(balance) if hours >= -1e-9), None)

    def closed(self) -> int | None:
        """The same for ``growth`` 0, by the formula."""
        gain = self.hours * self.saved - self.upkeep
        if self.cost <= 0:
            return 0
        return math.ceil(self.cost / gain - 1e-9) if gain > 0 else None


def worth(minutes: float, times_a_year: float, years: int = 5) -> float:
    """Hours that may go into a task: what it takes off, times how often it is done. These are
    whole hours of the clock, as in xkcd 1205, without upkeep or growth."""
    return minutes * times_a_year * years / 60
