"""In which mode the time went, and how often the border between the modes was crossed.

Every system call, fault and interrupt goes into the kernel and comes back. A Machine keeps the
sums in each process (``user_time``, ``system_time``); a Watched one keeps every piece.
"""

from __future__ import annotations

from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.scheduler.policy import Task
from lab_kernel.trace import Trace

USER, KERNEL = "user mode", "kernel mode"


class Watched(Machine):
    """``modes`` has a piece of time for each burst, on its process's track.

    For policies that take the CPU from nobody, such as fcfs: a burst that was interrupted is
    written down as if it had run in one piece, up to its end.
    """

    modes: Trace

    def _finished(self, task: Task) -> int | None:
        assert isinstance(task, Process)
        if not hasattr(self, "modes"):
            self.modes = Trace()
        ran, kind = task.burst - task.left, KERNEL if task.in_kernel else USER
        if ran:
            self.modes.add(self.clock.now - ran, task.name, kind, kind, ran)
        return super()._finished(task)


def calls(machine: Machine) -> int:
    """System calls that have been answered; each crossed the border twice."""
    return len(machine.trace.where(kind="syscall"))


def switches(machine: Machine) -> int:
    """How often a CPU went over from one process to another."""
    return machine.dispatcher.switches
