"""Pid namespaces: a process has a number in its own and in each one around it.

From inside, what is outside has no number, so it cannot be named. The first process in a namespace
is its number 1, and has an init's duties: it takes over orphans, a signal from inside reaches it
only if it asked for that, and when it ends, the kernel kills everybody else in there.

Left out: Linux makes a dying number 1 wait until the others are gone; here it is a zombie at once.
A number is not given out twice.
Source: pid_namespaces(7); Linux, kernel/pid_namespace.c: copy_pid_ns(), pidns_install(),
zap_pid_ns_processes(); kernel/signal.c, sig_task_ignored().
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces.kinds import MOST_LEVELS, Namespace
from lab_kernel.kernel.signals import SOVEREIGN, Signum

if TYPE_CHECKING:
    from lab_kernel.kernel.namespaces.user import UserNamespace
    from lab_kernel.kernel.process import Process


@dataclass(slots=True, eq=False, kw_only=True)
class PidNamespace(Namespace):
    """``processes`` by their numbers here; ``init`` is number 1, None before the first process.

    In the outermost the machine itself does an init's work, so its ``init`` stays None.
    """

    parent: PidNamespace | None = None
    level: int = 0
    processes: dict[int, Process] = field(default_factory=dict)
    init: Process | None = None
    next: int = 1

    kind = "pid"

    def child(self, number: int, owner: UserNamespace) -> PidNamespace:
        """A new one inside this one; ENOSPC when that is too deep."""
        if self.level >= MOST_LEVELS:
            raise Refused(Errno.ENOSPC)
        return PidNamespace(number=number, owner=owner, parent=self, level=self.level + 1)

    @property
    def around(self) -> Iterator[PidNamespace]:
        """This one, the one around it, and so on to the outermost."""
        here: PidNamespace | None = self
        while here is not None:
            yield here
            here = here.parent

    @property
    def over(self) -> bool:
        """Its number 1 has ended: nobody can be born here any more (ENOMEM)."""
        return self.init is not None and not self.init.alive

    def enter(self, process: Process) -> None:
        """Give a process that is being made its number here and in each namespace around.

        In the outermost its number is the one it has for the scheduler, and the machine's affair.
        """
        for here in self.around:
            if here.parent is None:
                process.numbers[here] = process.number
            else:
                process.numbers[here] = here.next
                here.processes[here.next] = process
                here.next += 1
        if self.parent is not None and self.init is None:
            self.init = process

    def leave(self, process: Process) -> None:
        """It is out of the table, and so are its numbers."""
        for here in self.around:
            if here.parent is not None:
                del here.processes[process.numbers[here]]

    def number_of(self, process: Process | None) -> int:
        """How a process is called here; 0: it has no number here."""
        return process.numbers.get(self, 0) if process else 0


def deaf(process: Process, number: Signum, sender: Process | None) -> bool:
    """Whether a number 1 does not hear a signal for which it has no handler.

    From its own namespace and those inside, it hears none. From a namespace around it, and from the
    kernel (no sender), it hears SIGKILL and SIGSTOP.
    """
    here = process.namespaces.pid
    if here.init is not process:
        return False
    inside = sender is not None and here in sender.namespaces.pid.around
    return inside or number not in SOVEREIGN


def reaper(process: Process) -> Process | None:
    """Who takes over the children of a process that ends. None: the machine's init."""
    init = process.namespaces.pid.init
    return init if init is not None and init.alive and init is not process else None
