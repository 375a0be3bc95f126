"""People needed as a service grows: by hand, and with part of the work automated each quarter.

By hand the tickets grow with the machines, and so do the people: linear. A team that automates
grows less than linearly, as the SRE book's chapter 1 asks, but only if it goes on automating. A
share automated once makes the line flatter and leaves it a line. If each quarter a share r of the
manual work per machine is automated while the service grows by g, then after q quarters

    machines = (1 + g)^q        manual work = (1 + g)^q (1 - r)^q = machines^e
    e = 1 + ln(1 - r) / ln(1 + g)

e = 1 is linear, e between 0 and 1 sublinear, e = 0 constant: that is r = g / (1 + g). The people
who build the automation come on top, so at first the team that automates is the larger one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _


@dataclass(frozen=True)
class Growth:
    """``people`` do the operational work of today; ``builders`` automate all the time."""

    people: float
    builders: float
    growth: float
    rate: float

    def __post_init__(self) -> None:
        if not 0 <= self.rate < 1:
            raise BadInput("rate", _("a share from 0 to below 1"))
        if self.growth <= 0 or self.people <= 0 or self.builders < 0:
            raise BadInput("growth", _("a service that grows, and people who run it"))

    @property
    def exponent(self) -> float:
        """Of the manual work against the size of the service."""
        return 1 + math.log(1 - self.rate) / math.log(1 + self.growth)

    def size(self, quarter: int) -> float:
        """Times as large as today."""
        return (1 + self.growth) ** quarter

    def by_hand(self, quarter: int) -> float:
        return self.people * self.size(quarter)

    def automated(self, quarter: int) -> float:
        return self.builders + self.people * (self.size(quarter) * (1 - self.rate) ** quarter)

    def crossover(self, most: int = 200) -> int | None:
        """The first quarter in which the team that automates is the smaller one."""
        return next((q for q in range(most + 1) if self.automated(q) < self.by_hand(q)), None)


def constant(growth: float) -> float:
    """The rate that keeps the manual work as it is."""
    return growth / (1 + growth)
