"""Integer virtual time.

A clock is a heap of (time, order, sequence, action): actions run in order of time, those of the
same time by their order, a small number, and else as they were scheduled, so a run never depends
on chance. The only source of chance is ``clock.random``, seeded at construction.

Left out: wall time, threads, async. A unit of time has no name here; each simulator says what
its tick means.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

Action = Callable[[], None]


class Clock:
    """Virtual time that advances only when the next action is due."""

    def __init__(self, seed: int = 0) -> None:
        self.now = 0
        self.random = random.Random(seed)
        self._sequence = count()
        self._due: list[tuple[int, int, int, Action]] = []

    def at(self, time: int, action: Action, order: int = 0) -> None:
        """Schedule ``action``; a time that has passed is a ValueError.

        Of two actions at the same time the one of smaller ``order`` runs first.
        """
        if time < self.now:
            raise ValueError(f"time {time} has passed: it is {self.now}")
        heappush(self._due, (time, order, next(self._sequence), action))

    def after(self, delay: int, action: Action, order: int = 0) -> None:
        """Schedule ``action`` to run ``delay`` ticks from now."""
        self.at(self.now + delay, action, order)

    def step(self) -> bool:
        """Run the next action; False when none is left."""
        if not self._due:
            return False
        self.now, _order, _sequence, action = heappop(self._due)
        action()
        return True

    def run(self, until: int | None = None) -> None:
        """Run every action, or those due up to and including ``until``, where time then stands."""
        due = self._due
        while due and (until is None or due[0][0] <= until):
            self.now, _order, _sequence, action = heappop(due)
            action()
        if until is not None:
            self.now = max(self.now, until)
