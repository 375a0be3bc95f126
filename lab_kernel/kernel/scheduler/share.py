"""Proportional share by tickets: lottery draws, stride counts.

Source: Waldspurger and Weihl, "Lottery Scheduling" (OSDI 1994) and "Stride Scheduling" (1995).
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from lab_kernel.kernel.scheduler.policy import Heaped, Policy, Task, Why

LARGE = 10_000  # a stride is LARGE / tickets, exactly


class Lottery(Policy):
    """Each pick draws a ticket, so shares are right on average and never promised.

    Ready tasks hold their tickets in the order in which they became ready.
    """

    name = "lottery"

    def __init__(self, quantum: int = 2, seed: int = 0) -> None:
        self._quantum = quantum
        self._chance = Random(seed)
        self._ready: list[Task] = []

    def __len__(self) -> int:
        return len(self._ready)

    def add(self, task: Task, now: int, why: Why) -> None:
        self._ready.append(task)

    def pick(self, now: int) -> Task:
        drawn = self._chance.randrange(sum(task.tickets for task in self._ready))
        place = 0
        while drawn >= self._ready[place].tickets:
            drawn -= self._ready[place].tickets
            place += 1
        return self._ready.pop(place)

    def waiting(self) -> list[Task]:
        return list(self._ready)

    def remove(self, task: Task) -> None:
        self._ready.remove(task)

    def slice(self, task: Task) -> int:
        return self._quantum


@dataclass(slots=True)
class _Pass:
    value: Fraction
    ran_at: int = -1


class Stride(Heaped):
    """Whoever is least far goes a stride further; a stride is long when tickets are few.

    A quantum that is used in part moves the pass by that part. A task that comes (back) starts no
    lower than the least pass of those that are there, so sleeping earns nothing. Ties go to
    whoever ran last, which saves a switch, and then to the earlier arrival.
    """

    name = "stride"

    def __init__(self, quantum: int = 2) -> None:
        self._quantum = quantum
        self._ready = []
        self._reached = Fraction(0)  # by the last one picked: the least pass at that time

    def add(self, task: Task, now: int, why: Why) -> None:
        own = task.entity = task.entity or _Pass(self._reached)
        own.value = max(own.value, self._reached)
        heapq.heappush(self._ready, (own.value, -own.ran_at, task.number, task))

    def pick(self, now: int) -> Task:
        task: Task
        self._reached, _ran, _number, task = heapq.heappop(self._ready)
        return task

    def charge(self, task: Task, ran: int, now: int) -> None:
        task.entity.value += Fraction(LARGE * ran, task.tickets)
        task.entity.ran_at = now

    def slice(self, task: Task) -> int:
        return self._quantum
