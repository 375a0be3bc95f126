"""MLFQ, the multi-level feedback queue: it learns from what a task did which one is interactive.

The rules, by "Operating Systems: Three Easy Pieces" (Arpaci-Dusseau), chapter 8:

1. Of two levels, the higher one runs, at once. 2. Within a level: round robin.
3. A new task starts on top. 4. Who has used up its allotment on a level goes one down, however
often it gave the CPU away. 5. Every ``boost`` ticks all go back to the top.

What the rules leave open is settled here:

- a preempted task stays at the head of its level and keeps what is left of its quantum;
- a task that comes back from I/O goes to the tail of its level with what is left of its quantum
  and allotment; ``bump`` puts it at the head, ``stay`` gives it both anew;
- a boost moves all to the top, highest level first, with a full quantum and allotment. A task
  that is running goes on running; one that is blocked is boosted, too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.kernel.scheduler.policy import PREEMPTED, WOKEN, Policy, Task, Why


@dataclass(slots=True)
class _Standing:
    level: int  # 0 is the top
    left: int  # ticks of its quantum
    quanta: int  # of its allotment on this level, this one included
    boosts: int  # how many boosts it has seen


class Mlfq(Policy):
    """``quantum`` and ``allotment`` (in quanta) are one number a level, top first."""

    name = "mlfq"

    def __init__(
        self,
        quantum: Sequence[int] = (2, 2, 2),
        allotment: Sequence[int] = (1, 1, 1),
        *,
        boost: int = 0,
        bump: bool = False,
        stay: bool = False,
    ) -> None:
        if len(quantum) != len(allotment) or not quantum:
            raise ValueError("one quantum and one allotment a level")
        self._quantum, self._allotment = tuple(quantum), tuple(allotment)
        self.period = boost
        self._bump, self._stay = bump, stay
        self._levels: list[deque[Task]] = [deque() for _level in quantum]
        self._boosts = 0

    def __len__(self) -> int:
        return sum(map(len, self._levels))

    def level(self, task: Task) -> int:
        """Where the task stands now; 0 is the top."""
        return self._standing(task).level

    def add(self, task: Task, now: int, why: Why) -> None:
        standing = self._standing(task)
        if why is WOKEN and self._stay:
            self._refresh(standing)
        queue = self._levels[standing.level]
        if why is PREEMPTED or (why is WOKEN and self._bump):
            queue.appendleft(task)
        else:
            queue.append(task)

    def pick(self, now: int) -> Task:
        return next(queue for queue in self._levels if queue).popleft()

    def waiting(self) -> list[Task]:
        return [task for queue in self._levels for task in queue]

    def remove(self, task: Task) -> None:
        self._levels[self.level(task)].remove(task)

    def charge(self, task: Task, ran: int, now: int) -> None:
        standing = self._standing(task)
        standing.left -= ran
        if standing.left:
            return
        standing.quanta -= 1
        if standing.quanta:
            standing.left = self._quantum[standing.level]
        else:
            standing.level = min(standing.level + 1, len(self._levels) - 1)
            self._refresh(standing)

    def slice(self, task: Task) -> int:
        return self._standing(task).left

    def preempts(self, running: Sequence[Task], now: int) -> Task | None:
        ready = next((n for n, queue in enumerate(self._levels) if queue), None)
        lowest = max(running, key=lambda task: (self.level(task), task.number), default=None)
        if ready is None or lowest is None or self.level(lowest) <= ready:
            return None
        return lowest

    def tick(self, running: Sequence[Task], now: int) -> None:
        """The boost."""
        self._boosts += 1
        everyone = [task for queue in self._levels for task in queue]
        for queue in self._levels:
            queue.clear()
        self._levels[0].extend(everyone)

    def _standing(self, task: Task) -> _Standing:
        """What is kept of the task; a boost reaches it when it is next looked at."""
        if task.entity is None or task.entity.boosts < self._boosts:
            task.entity = _Standing(0, self._quantum[0], self._allotment[0], self._boosts)
        standing: _Standing = task.entity
        return standing

    def _refresh(self, standing: _Standing) -> None:
        standing.left = self._quantum[standing.level]
        standing.quanta = self._allotment[standing.level]
