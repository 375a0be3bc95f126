"""A process: a program on its way, and all that it holds.

States, with the letters of ps(1): ready and running (R), sleeping (S, or D where no signal
reaches it), stopped (T), zombie (Z: ended, and kept only for its parent to read how), dead (X).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from lab_kernel.kernel.path import View
from lab_kernel.kernel.program import Running
from lab_kernel.kernel.scheduler.policy import Task
from lab_kernel.kernel.security import ROOT, Credentials
from lab_kernel.kernel.signals import Action, Signum

if TYPE_CHECKING:
    from lab_kernel.kernel.cgroup import Group
    from lab_kernel.kernel.namespaces.pid import PidNamespace
    from lab_kernel.kernel.namespaces.view import Namespaces
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.paging import Space
    from lab_kernel.kernel.security import Filter


class State(Enum):
    """What a process is doing, with the letter that ps shows."""

    READY = "R"  # or running: the dispatcher knows which
    SLEEPING = "S"
    WAITING = "D"
    STOPPED = "T"
    ZOMBIE = "Z"
    DEAD = "X"


class Child(NamedTuple):
    """What ``Wait4`` says of a child that has ended: ``code``, or the signal that ended it."""

    pid: int
    code: int
    signal: int


@dataclass(slots=True, eq=False)
class Process(Task):
    """A Task for the scheduler, and the rest for the kernel.

    ``asked`` is what the program waits for, ``since`` when it asked, ``pending`` what the handler
    of a call keeps between its tries. ``burst`` is the CPU time given for it, in kernel mode when
    ``in_kernel``; ``left`` what a signal cut off a computation. A call that
    the filters have let through is ``admitted``; ``interrupted`` is a sleep that a signal ended.
    ``user_time`` and ``system_time`` are ticks on a CPU so far. ``kernel`` marks a thread that runs
    in kernel mode for good. ``namespaces`` are what it sees, ``numbers`` what it is called in its
    pid namespace and in those around it.
    """

    command: str = ""
    parent: Process | None = None
    children: list[Process] = field(default_factory=list)
    program: Running | None = None
    state: State = State.READY
    credentials: Credentials = ROOT
    filters: tuple[Filter, ...] = ()
    space: Space | None = None
    brk: int = 0
    files: dict[int, OpenFile] = field(default_factory=dict)
    cwd: str = "/"
    umask: int = 0o022
    namespaces: Namespaces = field(default=None, repr=False)  # type: ignore[assignment]
    numbers: dict[PidNamespace, int] = field(default_factory=dict, repr=False)
    kernel: bool = False
    cgroup: Group | None = None  # None only while it is being made

    begun: bool = False
    asked: Any = None
    since: int = 0
    pending: Any = None
    result: Any = None
    fault: Any = None
    burst: int = 0
    in_kernel: bool = False
    left: int = 0
    admitted: bool = False
    channel: Any = None
    reason: str = ""
    slept: int = 0
    interrupted: bool = False
    signals: list[Signum] = field(default_factory=list)
    actions: dict[Signum, Action] = field(default_factory=dict)

    code: int = 0
    signal: int = 0
    user_time: int = 0
    system_time: int = 0

    @property
    def pid(self) -> int:
        """Its number for the scheduler is its number for everybody."""
        return self.number

    @property
    def view(self) -> View:
        """From where it looks at files."""
        mounts = self.namespaces.mnt
        return View(mounts.top, self.cwd, mounts.cover, self)

    @property
    def cgroup_path(self) -> str:
        """Where it is in the tree of cgroups."""
        return self.cgroup.path if self.cgroup else "/"

    @property
    def alive(self) -> bool:
        return self.state not in (State.ZOMBIE, State.DEAD)

    @property
    def parent_pid(self) -> int:
        """1 stands for init, which takes over what has no parent."""
        return self.parent.pid if self.parent else 1

    def __repr__(self) -> str:
        return f"<{self.name} pid {self.pid} {self.state.name.lower()}>"
