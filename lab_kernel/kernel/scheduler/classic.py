"""The classics: FCFS, SJF, SRTF, round robin, and priorities with aging.

Ties go to the task that arrived first (``Task.number``).
"""

from __future__ import annotations

import heapq
from abc import abstractmethod
from collections import deque
from collections.abc import Sequence

from lab_kernel.kernel.scheduler.policy import Heaped, Policy, Task, Why


class Fcfs(Policy):
    """First come, first served: one queue, and nobody is interrupted."""

    name = "fcfs"

    def __init__(self) -> None:
        self._ready: deque[Task] = deque()

    def __len__(self) -> int:
        return len(self._ready)

    def add(self, task: Task, now: int, why: Why) -> None:
        self._ready.append(task)

    def pick(self, now: int) -> Task:
        return self._ready.popleft()

    def waiting(self) -> list[Task]:
        return list(self._ready)

    def remove(self, task: Task) -> None:
        self._ready.remove(task)


class RoundRobin(Fcfs):
    """The same queue, but after ``quantum`` ticks a task goes to its end."""

    name = "rr"

    def __init__(self, quantum: int = 2) -> None:
        super().__init__()
        self._quantum = quantum

    def slice(self, task: Task) -> int:
        return self._quantum


class Ranked(Heaped):
    """The ready task of the least rank runs. What the rank is, the subclass says."""

    preemptive = True

    def __init__(self) -> None:
        self._ready = []

    @abstractmethod
    def rank(self, task: Task, now: int) -> int:
        """The task's rank when it becomes ready; it keeps it until it runs."""

    def rank_running(self, task: Task, now: int) -> int:
        """What a ready task has to stay below to preempt the task."""
        return self.rank(task, now)

    def add(self, task: Task, now: int, why: Why) -> None:
        heapq.heappush(self._ready, (self.rank(task, now), task.number, task))

    def pick(self, now: int) -> Task:
        task: Task = heapq.heappop(self._ready)[2]
        return task

    def preempts(self, running: Sequence[Task], now: int) -> Task | None:
        if not (self.preemptive and self._ready and running):
            return None
        last = max(running, key=lambda task: (self.rank_running(task, now), task.number))
        return last if self._ready[0][0] < self.rank_running(last, now) else None


class Srtf(Ranked):
    """Shortest remaining time first: whoever will be done soonest runs, at once."""

    name = "srtf"

    def rank(self, task: Task, now: int) -> int:
        return task.remaining


class Sjf(Srtf):
    """Shortest job first: as SRTF, but whoever runs is not interrupted."""

    name = "sjf"
    preemptive = False


class Priority(Ranked):
    """The smallest priority number runs, at once; with ``aging``, waiting counts, too.

    Each ``aging`` ticks of waiting are worth one priority. As all ready tasks age alike, that is
    the same as comparing ``priority * aging + (ready since)``, which does not change while they
    wait. A running task keeps the priority that it was picked with for ``aging`` ticks; then it
    stands in line again with its own.
    """

    name = "priority"

    def __init__(self, aging: int = 0) -> None:
        super().__init__()
        self._aging = aging

    def rank(self, task: Task, now: int) -> int:
        return task.priority * self._aging + now if self._aging else task.priority

    def pick(self, now: int) -> Task:
        task: Task
        rank, _number, task = heapq.heappop(self._ready)
        task.entity = rank - now
        return task

    def rank_running(self, task: Task, now: int) -> int:
        # what waits ages, what runs does not: it falls behind by a tick each tick
        return task.entity + now if self._aging else task.priority

    def slice(self, task: Task) -> int | None:
        return self._aging or None
