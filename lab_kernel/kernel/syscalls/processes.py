"""Processes: fork, exec, wait, exit, signals, and giving up the CPU."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab_kernel.kernel import lifecycle, user_memory
from lab_kernel.kernel.answer import Sleep
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.process import Child, State
from lab_kernel.kernel.security import Capability
from lab_kernel.kernel.signals import SOVEREIGN, Action, Signum
from lab_kernel.kernel.syscalls.call import Call

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

WNOHANG = 1
EXECUTE = 1
MOST_TICKS = 1 << 32


@dataclass(slots=True)
class Getpid(Call):
    """The number of this process."""


@dataclass(slots=True)
class Getppid(Call):
    """The number of its parent; 1 when that has ended."""


@dataclass(slots=True)
class Fork(Call):
    """A child with the same memory, files and rights; the result is its number.

    On Linux the child goes on at the same place, with the result 0. A generator cannot be copied,
    so here the child's program is named: ``yield Fork(child, 1, 2)``. Without one it ends at once.
    """

    program: Any = None
    handed: tuple[Any, ...] = ()

    def __init__(self, program: Callable[..., Any] | None = None, *handed: Any) -> None:
        self.program, self.handed = program, handed

    @classmethod
    def decoded(cls, *registers: int) -> Fork:
        return cls()  # registers hold no program


@dataclass(slots=True)
class Execve(Call):
    """Another program in the same process: new memory, the same number, files and parent.

    On success there is no result, since nobody is left to take it.
    """

    path: str | int
    handed: tuple[Any, ...] = ()

    def __init__(self, path: str | int, *handed: Any) -> None:
        self.path, self.handed = path, handed
        super(Execve, self).__post_init__()

    @classmethod
    def decoded(cls, *registers: int) -> Execve:
        return cls(*registers[:1])


@dataclass(slots=True)
class Exit(Call):
    """The end, with a code of 0 to 255. 0 says that all went well."""

    code: int = 0


@dataclass(slots=True)
class Wait4(Call):
    """Sleep until a child ends; the result is a Child. ``pid`` -1: any child.

    With WNOHANG the result is 0 if none has ended yet. ECHILD: there is no such child.
    """

    pid: int = -1
    options: int = 0


@dataclass(slots=True)
class Kill(Call):
    """Send a signal; 0 only asks whether one could."""

    pid: int
    signal: int


@dataclass(slots=True)
class Rt_sigaction(Call):
    """What a signal is to do: "default", "ignore" or "catch" (it is raised at the ``yield``)."""

    signal: int
    action: str


@dataclass(slots=True)
class Pause(Call):
    """Sleep until a signal comes."""


@dataclass(slots=True)
class Alarm(Call):
    """SIGALRM in so many ticks."""

    ticks: int


@dataclass(slots=True)
class Nanosleep(Call):
    """Sleep for so many ticks."""

    ticks: int


@dataclass(slots=True)
class Sched_yield(Call):
    """Go to the end of the queue."""


@dataclass(slots=True)
class Setpriority(Call):
    """Be nicer, -20 to 19, from the next time in the queue on. Below what it was: CAP_SYS_NICE."""

    nice: int


def sys_getpid(machine: Machine, process: Process, call: Getpid) -> int:
    return process.numbers[process.namespaces.pid]


def sys_getppid(machine: Machine, process: Process, call: Getppid) -> int:
    here = process.namespaces.pid
    if process.parent is None and here.parent is None:
        return process.parent_pid
    return here.number_of(process.parent)


def sys_fork(machine: Machine, process: Process, call: Fork) -> int:
    child = lifecycle.fork(machine, process, call.program, call.handed)
    return process.namespaces.pid.number_of(child)


def sys_execve(machine: Machine, process: Process, call: Execve) -> None:
    path = user_memory.text(machine, process, call.path)
    inode = machine.files.find(path, process.credentials, process.view)
    if inode.kind != "file":
        raise Refused(Errno.EACCES)
    machine.files.require(inode, process.credentials, EXECUTE)
    if inode.program is None:
        raise Refused(Errno.ENOEXEC)
    lifecycle.execute(machine, process, path, inode, call.handed)


def sys_exit(machine: Machine, process: Process, call: Exit) -> None:
    lifecycle.end(machine, process, code=call.code & 0xFF)


def sys_wait4(machine: Machine, process: Process, call: Wait4) -> Child | int | Sleep:
    name = process.namespaces.pid.number_of
    children = [each for each in process.children if call.pid in (-1, name(each))]
    if not children:
        raise Refused(Errno.ECHILD)
    for child in children:
        if child.state is State.ZOMBIE:
            number = name(child)
            lifecycle.reap(machine, child)
            return Child(number, child.code, child.signal)
    return 0 if call.options & WNOHANG else Sleep(("children", process.pid), "child")


def sys_kill(machine: Machine, process: Process, call: Kill) -> int:
    target = process.namespaces.pid.processes.get(call.pid)
    if target is None:
        raise Refused(Errno.ESRCH)
    if call.signal and call.signal not in set(Signum):
        raise Refused(Errno.EINVAL)
    own, its = process.credentials, target.credentials
    if not {own.uid, own.euid} & {its.uid} and not own.has(Capability.KILL, its.namespace):
        machine.audit(process, "kill", target=call.pid, signal=call.signal)
        raise Refused(Errno.EPERM)
    if call.signal:
        lifecycle.signal(machine, target, Signum(call.signal), process)
    return 0


def sys_rt_sigaction(machine: Machine, process: Process, call: Rt_sigaction) -> int:
    actions = {action.value: action for action in Action}
    if call.signal not in set(Signum) or call.action not in actions:
        raise Refused(Errno.EINVAL)
    if Signum(call.signal) in SOVEREIGN:
        raise Refused(Errno.EINVAL)
    process.actions[Signum(call.signal)] = actions[call.action]
    return 0


def sys_pause(machine: Machine, process: Process, call: Pause) -> Sleep:
    return Sleep(("pause", process.pid), "signal")


def sys_alarm(machine: Machine, process: Process, call: Alarm) -> int:
    machine.clock.after(
        _ticks(call.ticks), lambda: lifecycle.signal(machine, process, Signum.SIGALRM)
    )
    return 0


def sys_nanosleep(machine: Machine, process: Process, call: Nanosleep) -> int | Sleep:
    if process.pending is None:
        process.pending = machine.clock.now + _ticks(call.ticks)
        channel = ("timer", process.pid, process.pending)
        machine.wake_at(process.pending, channel)
    if machine.clock.now >= process.pending:
        return 0
    return Sleep(("timer", process.pid, process.pending), "timer")


def sys_sched_yield(machine: Machine, process: Process, call: Sched_yield) -> int:
    machine.dispatcher.expire(process)
    return 0


def sys_setpriority(machine: Machine, process: Process, call: Setpriority) -> int:
    nice = max(-20, min(19, call.nice))
    if nice < process.nice and not process.credentials.has(Capability.SYS_NICE):
        machine.audit(process, "setpriority", nice=nice)
        raise Refused(Errno.EACCES)
    process.nice = nice
    return 0


def _ticks(ticks: int) -> int:
    if not 0 <= ticks <= MOST_TICKS:
        raise Refused(Errno.EINVAL)
    return ticks
