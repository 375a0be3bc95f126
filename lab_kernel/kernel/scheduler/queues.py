"""The ready tasks of several CPUs: one queue for all, or one each with work stealing.

Both answer the dispatcher's questions about a CPU; a policy knows nothing of CPUs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from lab_kernel.kernel.scheduler.policy import NEW, WOKEN, Policy, Task, Why

NewPolicy = Callable[[], Policy]


class Queues(ABC):
    """Where ready tasks wait, by CPU."""

    @abstractmethod
    def policies(self) -> Sequence[tuple[Policy, Sequence[int]]]:
        """Each policy with the CPUs that it rules."""

    @abstractmethod
    def of(self, cpu: int) -> Policy:
        """The policy that rules this CPU."""

    @abstractmethod
    def wrap(self, change: Callable[[Policy, Sequence[int]], Policy]) -> None:
        """Put another policy in the place of each, given the CPUs that it rules."""

    @abstractmethod
    def add(self, task: Task, now: int, why: Why, cpu: int | None) -> None:
        """The task is ready; ``cpu`` is where it ran last, if it ever did."""

    @abstractmethod
    def pick(self, cpu: int, now: int) -> Task | None:
        """A task for this CPU, out of its queue; None when there is none for it."""

    def steal(self, cpu: int, now: int) -> Task | None:
        """A task for this CPU out of another's queue."""
        return None

    @abstractmethod
    def leave(self, task: Task, now: int, cpu: int, *, ended: bool) -> None:
        """The task that ran on this CPU has blocked, or ended."""


class OneQueue(Queues):
    """All CPUs take from one queue: never an idle CPU beside a ready task, and no affinity."""

    def __init__(self, new: NewPolicy, cpus: int) -> None:
        self._policy = new()
        self._cpus = range(cpus)

    def policies(self) -> Sequence[tuple[Policy, Sequence[int]]]:
        return ((self._policy, self._cpus),)

    def of(self, cpu: int) -> Policy:
        return self._policy

    def wrap(self, change: Callable[[Policy, Sequence[int]], Policy]) -> None:
        self._policy = change(self._policy, self._cpus)

    def add(self, task: Task, now: int, why: Why, cpu: int | None) -> None:
        self._policy.add(task, now, why)

    def pick(self, cpu: int, now: int) -> Task | None:
        return self._policy.pick(now) if len(self._policy) else None

    def leave(self, task: Task, now: int, cpu: int, *, ended: bool) -> None:
        self._policy.leave(task, now, ended=ended)


class QueuePerCpu(Queues):
    """Each CPU has a queue; one that has nothing to do steals from the longest.

    A new task goes to its own ``cpu``, else to where fewest are ready or running; later it comes
    back to where it ran, as its data may still be in that CPU's caches. Stolen is the first in
    line of the longest queue that has no ``cpu`` of its own. Ties: the lowest CPU number.
    """

    def __init__(self, new: NewPolicy, cpus: int) -> None:
        self._queues = [new() for _cpu in range(cpus)]
        self._load = [0] * cpus  # ready or running
        self.stolen = 0

    def policies(self) -> Sequence[tuple[Policy, Sequence[int]]]:
        return [(policy, (cpu,)) for cpu, policy in enumerate(self._queues)]

    def of(self, cpu: int) -> Policy:
        return self._queues[cpu]

    def wrap(self, change: Callable[[Policy, Sequence[int]], Policy]) -> None:
        self._queues = [change(policy, (cpu,)) for cpu, policy in enumerate(self._queues)]

    def add(self, task: Task, now: int, why: Why, cpu: int | None) -> None:
        if task.cpu is not None:
            cpu = task.cpu
        elif cpu is None:
            cpu = self._load.index(min(self._load))
        if why in (NEW, WOKEN):
            self._load[cpu] += 1
        self._queues[cpu].add(task, now, why)

    def pick(self, cpu: int, now: int) -> Task | None:
        own = self._queues[cpu]
        return own.pick(now) if len(own) else None

    def steal(self, cpu: int, now: int) -> Task | None:
        for other in sorted(range(len(self._queues)), key=lambda n: -len(self._queues[n])):
            victim = self._queues[other]
            if not len(victim):
                break
            task = next((task for task in victim.waiting() if task.cpu is None), None)
            if task is None:
                continue
            victim.remove(task)
            victim.leave(task, now, ended=True)
            task.entity = None  # virtual time and levels are the queue's own
            self._queues[cpu].add(task, now, NEW)
            self._load[other] -= 1
            self._load[cpu] += 1
            self.stolen += 1
            return self._queues[cpu].pick(now)
        return None

    def leave(self, task: Task, now: int, cpu: int, *, ended: bool) -> None:
        self._load[cpu] -= 1
        self._queues[cpu].leave(task, now, ended=ended)
