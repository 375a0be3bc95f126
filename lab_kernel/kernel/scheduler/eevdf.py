"""EEVDF, earliest eligible virtual deadline first: Linux from 6.6 on.

Source: Stoica and Abdel-Wahab, "Earliest Eligible Virtual Deadline First" (1995);
Documentation/scheduler/sched-eevdf.rst. With v a task's virtual runtime and w its weight:

    V   = sum(w v) / sum(w)    where a perfectly fair machine would have everybody
    lag = w (V - v)            what the task is owed; eligible when it is not negative
    virtual deadline = v + slice / w, anew for each slice

Of the eligible tasks the one with the earliest virtual deadline runs, for its slice, or for the
shortest slice that anybody there has asked for: then it is looked again. A short slice makes the
deadline early: lower latency, at the same share. Ties go to the earlier arrival.

A task that blocks with negative lag stays in the reckoning until V has caught up with it (the
deferred dequeue): a short sleep does not wash away what it had too much. One that blocks with
positive lag takes it along, at most two slices of it, and gets it back when it wakes.

Left out: groups (``cgroup.sharing`` puts them around any policy), the half slice of a new task, the
choice of a CPU; V is exact here, while the kernel keeps it relative to a moving zero.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from lab_kernel.kernel.scheduler.policy import NEW, WOKEN, Policy, Task, Why
from lab_kernel.kernel.scheduler.weight import NICE_0, TICK, WEIGHTS, virtual


@dataclass(slots=True)
class _Entity:
    weight: int
    slice: int
    vruntime: int = 0
    deadline: int = 0
    lag: int = 0  # in virtual time (V - v), while the task is away
    asleep: bool = False  # away, and still in the reckoning
    entry: int = 0  # which of its heap entries counts


# One count for all queues: an entry that a stolen task left behind must not become good again.
_entries = count(1)
_Heap = list[tuple[int, int, int, Task]]  # key, number, entry, task


class Eevdf(Policy):
    """``quantum`` is the slice of a task that asks for no other."""

    name = "eevdf"

    def __init__(self, quantum: int = 2) -> None:
        self._slice = quantum
        self._early: _Heap = []  # ready and not eligible when last looked at, by vruntime
        self._eligible: _Heap = []  # ready and eligible when last looked at, by deadline
        self._ready = 0
        self._weights = 0  # of ready, running and sleeping with negative lag
        self._weighted = 0  # sum of w v, of the same
        self._slices: Counter[int] = Counter()  # how many of the same have this slice

    def __len__(self) -> int:
        return self._ready

    @property
    def average(self) -> int:
        """V, rounded down; 0 when nobody is there."""
        return self._weighted // self._weights if self._weights else 0

    def lag(self, task: Task) -> float:
        """What the task is owed, in ticks: w (V - v)."""
        own: _Entity = task.entity
        if not self._weights:
            return 0.0
        behind = self._weighted / self._weights - own.vruntime
        return behind * own.weight / NICE_0 / TICK

    def add(self, task: Task, now: int, why: Why) -> None:
        if task.entity is None:
            task.entity = _Entity(WEIGHTS[task.nice], task.slice or self._slice)
        own: _Entity = task.entity
        if own.asleep:
            own.asleep = False  # as if it had never been away
        elif why in (NEW, WOKEN):
            self._place(own)
        self._ready += 1
        self._push(task)

    def _place(self, own: _Entity) -> None:
        """Put it where its lag is what it was; its own coming moves V, so a little farther."""
        lag = own.lag
        if self._weights:
            lag = lag * (self._weights + own.weight) // self._weights
        own.vruntime = self.average - lag
        own.deadline = own.vruntime + virtual(own.slice, own.weight)
        self._weights += own.weight
        self._weighted += own.weight * own.vruntime
        self._slices[own.slice] += 1

    def pick(self, now: int) -> Task:
        while True:
            task = self._first() or self._least()
            if not task.entity.asleep:
                self.remove(task)
                return task
            self._forget(task.entity)  # V has caught up with a sleeper: it owes nothing
            task.entity.asleep, task.entity.lag = False, 0

    def _first(self) -> Task | None:
        """Take out the eligible task with the earliest deadline."""
        early, eligible = self._early, self._eligible
        while early and early[0][0] * self._weights <= self._weighted:
            _key, number, entry, task = heapq.heappop(early)
            if entry == task.entity.entry:
                heapq.heappush(eligible, (task.entity.deadline, number, entry, task))
        while eligible:
            _key, number, entry, task = heapq.heappop(eligible)
            own = task.entity
            if entry == own.entry and own.vruntime * self._weights <= self._weighted:
                return task
            if entry == own.entry:  # V went back when somebody ended with negative lag
                heapq.heappush(early, (own.vruntime, number, entry, task))
        return None

    def _least(self) -> Task:
        """Nobody ready is eligible: those that are run on other CPUs. A CPU is not left idle."""
        while True:
            _key, _number, entry, task = heapq.heappop(self._early)
            if entry == task.entity.entry:
                return task

    def waiting(self) -> list[Task]:
        entries = (*self._eligible, *self._early)
        tasks = {task for _key, _number, entry, task in entries if entry == task.entity.entry}
        ready = [task for task in tasks if not task.entity.asleep]
        return sorted(ready, key=lambda task: (task.entity.deadline, task.number))

    def remove(self, task: Task) -> None:
        task.entity.entry = 0  # no entry of a heap is good any more
        self._ready -= 1

    def charge(self, task: Task, ran: int, now: int) -> None:
        own: _Entity = task.entity
        further = virtual(ran, own.weight)
        own.vruntime += further
        self._weighted += own.weight * further
        if own.vruntime >= own.deadline:
            own.deadline = own.vruntime + virtual(own.slice, own.weight)

    def slice(self, task: Task) -> int:
        own: _Entity = task.entity
        left = (own.deadline - own.vruntime) * own.weight
        return max(1, min(-(-left // (TICK * NICE_0)), *self._slices))

    def preempts(self, running: Sequence[Task], now: int) -> Task | None:
        """A slice is not interrupted, but for an eligible task with a shorter one."""
        if not (self._ready and running):
            return None
        last = max(running, key=lambda task: (task.entity.deadline, task.number))
        first = self._first()
        if first is None:
            return None
        own: _Entity = first.entity
        heapq.heappush(self._eligible, (own.deadline, first.number, own.entry, first))
        if own.asleep or own.slice >= last.entity.slice:
            return None
        return last if own.deadline < last.entity.deadline else None

    def leave(self, task: Task, now: int, *, ended: bool) -> None:
        own: _Entity = task.entity
        if not ended and own.vruntime * self._weights > self._weighted:
            own.asleep = True  # negative lag: deferred
            self._push(task)
            return
        most = virtual(2 * own.slice, own.weight)
        own.lag = max(-most, min(most, self.average - own.vruntime))
        self._forget(own)

    def _forget(self, own: _Entity) -> None:
        self._weights -= own.weight
        self._weighted -= own.weight * own.vruntime
        self._slices[own.slice] -= 1
        if not self._slices[own.slice]:
            del self._slices[own.slice]

    def _push(self, task: Task) -> None:
        own: _Entity = task.entity
        own.entry = next(_entries)
        heapq.heappush(self._early, (own.vruntime, task.number, own.entry, task))
