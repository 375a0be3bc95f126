"""One queue with its servers, customer by customer, in the order in which they came.

    run = simulate(rate=80, service=Exponential(0.01), servers=1, customers=100_000, seed=1)
    run.waits, run.stays, run.lost

Of each customer three moments are kept: when he came, when his service began, and when it ended.
All figures follow from those. Everybody is patient, and nobody is served out of turn.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.queueing.formulas import MOST, check
from lab_kernel.microservices.queueing.times import Times

MOST_CUSTOMERS = 2_000_000


@dataclass(frozen=True)
class Run:
    """Of those who were served: ``came``, ``began`` and ``ended``, in seconds, in order of coming.
    ``turned_away`` are the moments at which somebody found no room."""

    servers: int
    came: list[float] = field(repr=False)
    began: list[float] = field(repr=False)
    ended: list[float] = field(repr=False)
    turned_away: list[float] = field(repr=False)

    @property
    def waits(self) -> list[float]:
        return [b - a for a, b in zip(self.came, self.began, strict=True)]

    @property
    def stays(self) -> list[float]:
        return [b - a for a, b in zip(self.came, self.ended, strict=True)]

    @property
    def lost(self) -> float:
        """The share of those who came and found no room."""
        return len(self.turned_away) / (len(self.came) + len(self.turned_away))

    @property
    def until(self) -> float:
        """When everybody has gone."""
        return max(self.ended)

    def counts(self) -> Iterator[tuple[float, int]]:
        """(moment, how many are there from then on), each time somebody comes or goes."""
        there = 0
        steps = [(t, 1) for t in self.came] + [(t, -1) for t in self.ended]
        for moment, step in sorted(steps):
            there += step
            yield moment, there

    def average_there(self) -> float:
        """How many are there on average until everybody has gone: the area under ``counts``."""
        area, last, there = 0.0, 0.0, 0
        for moment, now in self.counts():
            area += there * (moment - last)
            last, there = moment, now
        return area / last


def simulate(
    rate: float,
    service: Times,
    servers: int = 1,
    room: int | None = None,
    customers: int = 10_000,
    seed: int = 0,
) -> Run:
    """So many come at random moments, ``rate`` a second. ``room`` is for queue and servers; None:
    without an end. BadInput: as ``formulas``, and customers beyond 2,000,000."""
    check(rate, service.mean, servers)
    if room is not None and not servers <= room <= MOST:
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("room", message.format(value=room, low=servers, high=MOST))
    if not 1 <= customers <= MOST_CUSTOMERS:
        message = _("{value} is not a whole number from {low} to {high}")
        values = {"value": customers, "low": 1, "high": MOST_CUSTOMERS}
        raise BadInput("customers", message.format(**values))
    arrivals, services = Random(f"arrivals {seed}"), Random(f"services {seed}")
    free = [0.0] * servers  # when each server has done what it was given
    there: list[float] = []  # when those who are there will go
    came, began, ended, away = list[float](), list[float](), list[float](), list[float]()
    now = 0.0
    for _customer in range(customers):
        now += arrivals.expovariate(rate)
        if room is not None:
            while there and there[0] <= now:
                heapq.heappop(there)
            if len(there) >= room:
                away.append(now)
                continue
        start = max(now, free[0])
        end = start + service(services)
        heapq.heapreplace(free, end)
        if room is not None:
            heapq.heappush(there, end)
        came.append(now)
        began.append(start)
        ended.append(end)
    return Run(servers, came, began, ended, away)
