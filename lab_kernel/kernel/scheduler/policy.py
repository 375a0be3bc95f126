"""The contract of a scheduling policy: three hooks, and nothing of the machine.

Whoever owns the CPUs (``dispatch``) tells the policy what happens, and asks it one question::

    add(task, now, why)      the task is ready: NEW, WOKEN, EXPIRED or PREEMPTED
    pick(now)                which task runs next? The policy names it and lets it go.
    charge(task, ran, now)   the task has just run this long

Three more say when to ask again, and have an answer that suits most: ``slice`` (how long may the
task run before the next pick?), ``preempts`` (must a running task make room at once?) and
``leave`` (the task has blocked or ended, and is not ready).
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar


class Why(Enum):
    """Why a task has become ready."""

    NEW = "new"
    WOKEN = "woken"  # what it waited for has come
    EXPIRED = "expired"  # its slice is used up
    PREEMPTED = "preempted"  # another had to run at once


NEW, WOKEN, EXPIRED, PREEMPTED = Why


@dataclass(slots=True, eq=False)
class Task:
    """What a policy may know of a process.

    ``number`` is its place in the order of arrival and settles ties. ``remaining`` is what is left
    of its present burst, in ticks: no real kernel knows it, and SJF and SRTF need it. ``nice`` is
    -20 (favoured) to 19; a smaller ``priority`` goes first; ``tickets`` are shares; ``period`` and
    ``deadline`` (both relative to the release) make it a real-time task; ``slice`` asks EEVDF for
    another slice than the default; ``cpu`` ties it to one CPU. ``due`` is the absolute deadline.
    ``entity`` belongs to the policy.
    """

    name: str
    number: int = 0
    remaining: int = 0
    nice: int = 0
    priority: int = 0
    tickets: int = 100
    period: int | None = None
    deadline: int | None = None
    due: int | None = None
    slice: int | None = None
    cpu: int | None = None
    entity: Any = field(default=None, repr=False)


class Policy(ABC):
    """One policy with the tasks that are ready. Use a fresh one for every run.

    A running task is not among them: ``pick`` takes it out and ``add`` brings it back.
    """

    name: ClassVar[str]
    #: Ticks between two calls of ``tick``; 0 for none.
    period: int = 0

    @abstractmethod
    def __len__(self) -> int:
        """How many tasks are ready."""

    @abstractmethod
    def add(self, task: Task, now: int, why: Why) -> None:
        """The task is ready."""

    @abstractmethod
    def pick(self, now: int) -> Task:
        """The task to run next; from here on it is running. Asked only when one is ready."""

    @abstractmethod
    def waiting(self) -> list[Task]:
        """The ready tasks, the first in line first."""

    def held(self) -> list[Task]:
        """Ready tasks that may not be picked for now: their group is throttled or frozen."""
        return []

    @abstractmethod
    def remove(self, task: Task) -> None:
        """The ready task goes elsewhere."""

    def charge(self, task: Task, ran: int, now: int) -> None:  # noqa: B027
        """The running task has used ``ran`` ticks more."""

    def slice(self, task: Task) -> int | None:
        """How long the task may run before the next pick; None: until it blocks or ends."""
        return None

    def preempts(self, running: Sequence[Task], now: int) -> Task | None:
        """The running task that a ready one must replace at once, if there is one."""
        return None

    def leave(self, task: Task, now: int, *, ended: bool) -> None:  # noqa: B027
        """The running task has blocked, or ended."""

    def tick(self, running: Sequence[Task], now: int) -> None:  # noqa: B027
        """Every ``period`` ticks, when the running ones have been charged."""


class Heaped(Policy):
    """A policy whose ready tasks are a heap, ``_ready``: each entry ends with its task.

    Entries differ before that, so the heap has one order.
    """

    _ready: list[Any]

    def __len__(self) -> int:
        return len(self._ready)

    def waiting(self) -> list[Task]:
        return [entry[-1] for entry in sorted(self._ready)]

    def remove(self, task: Task) -> None:
        self._ready = [entry for entry in self._ready if entry[-1] is not task]
        heapq.heapify(self._ready)
