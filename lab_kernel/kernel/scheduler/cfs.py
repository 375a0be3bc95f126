"""CFS, the completely fair scheduler of Linux 2.6.23 to 6.5: the least virtual runtime runs.

Source: Documentation/scheduler/sched-design-CFS.rst and kernel/sched/fair.c of Linux 5.x.

Modelled: nice weights, the slice as a share of the latency target, the placement of new and of
woken tasks, preemption at a wake-up. Left out: groups, the debit of a child at fork, the choice
of a CPU, and that the kernel looks only at its own timer ticks.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.kernel.scheduler.policy import NEW, WOKEN, Heaped, Task, Why
from lab_kernel.kernel.scheduler.weight import WEIGHTS, virtual


@dataclass(slots=True)
class _Entity:
    weight: int
    vruntime: int


class Cfs(Heaped):
    """``quantum`` is the least slice; within eight of them everybody should have run once."""

    name = "cfs"

    def __init__(self, quantum: int = 2) -> None:
        self._granularity = quantum
        self._latency = 8 * quantum
        self._ready = []
        self._weights = 0  # of the ready and the running
        self._least = 0  # min_vruntime: never goes back

    def add(self, task: Task, now: int, why: Why) -> None:
        own: _Entity = task.entity or _Entity(WEIGHTS[task.nice], self._least)
        task.entity = own
        if why in (NEW, WOKEN):
            self._weights += own.weight
            # A sleeper comes back ahead of the others, but by half the latency at most.
            credit = virtual(self._latency // 2, WEIGHTS[0]) if why is WOKEN else 0
            own.vruntime = max(own.vruntime, self._least - credit)
        heapq.heappush(self._ready, (own.vruntime, task.number, task))

    def pick(self, now: int) -> Task:
        task: Task
        vruntime, _number, task = heapq.heappop(self._ready)
        self._least = max(self._least, vruntime)
        return task

    def charge(self, task: Task, ran: int, now: int) -> None:
        task.entity.vruntime += virtual(ran, task.entity.weight)

    def slice(self, task: Task) -> int:
        own: _Entity = task.entity
        return max(self._latency * own.weight // self._weights, self._granularity)

    def preempts(self, running: Sequence[Task], now: int) -> Task | None:
        """A woken task preempts who is ahead of it by more than the granularity."""
        if not (self._ready and running):
            return None
        ahead = max(running, key=lambda task: (task.entity.vruntime, task.number))
        vruntime, _number, first = self._ready[0]
        margin = virtual(self._granularity, first.entity.weight)
        return ahead if ahead.entity.vruntime - vruntime > margin else None

    def leave(self, task: Task, now: int, *, ended: bool) -> None:
        self._weights -= task.entity.weight
