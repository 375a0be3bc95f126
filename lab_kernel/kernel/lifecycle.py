"""A process's life: made, copied, replaced, told, stopped, ended, and read by its parent."""

from __future__ import annotations

from collections.abc import Iterator
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces import view
from lab_kernel.kernel.namespaces.pid import deaf, reaper
from lab_kernel.kernel.open_file import O_CLOEXEC, close
from lab_kernel.kernel.paging import CommitRefused
from lab_kernel.kernel.process import Process, State
from lab_kernel.kernel.program import Compute, Running, Signal
from lab_kernel.kernel.signals import IGNORED, SOVEREIGN, STOPS, Action, Signum
from lab_kernel.language import _

if TYPE_CHECKING:
    from lab_kernel.kernel.filesystem import Inode
    from lab_kernel.kernel.machine import Machine


def started(program: Any, arguments: tuple[Any, ...]) -> Running:
    """The program's generator; BadInput for a function that never yields."""
    if program is None:
        made: Any = _nothing()
    else:
        made = program(*arguments) if callable(program) else program
    if not isinstance(made, GeneratorType):
        name = getattr(program, "__name__", str(program))
        raise BadInput(
            "program",
            _("{name} is not a generator; a program asks for what it needs with yield").format(
                name=name
            ),
        )
    return made


def _nothing() -> Iterator[None]:
    return
    yield


def fork(
    machine: Machine, parent: Process, program: Any, arguments: tuple[Any, ...], flags: int = 0
) -> Process:
    """A child: memory shared until written, the same open files, the same rights and filters.

    ``flags`` give it new namespaces (``namespaces``). ENOMEM: its pid namespace has lost its init.
    """
    if machine.full or (parent.cgroup is not None and not parent.cgroup.pids.may_fork()):
        raise Refused(Errno.EAGAIN)
    running = started(program, arguments)
    credentials, namespaces = view.copied(machine, parent, flags)
    if namespaces.children.over:
        raise Refused(Errno.ENOMEM)
    child = machine.new_process(parent.command, running, parent, credentials, namespaces.born())
    if parent.space is not None:
        try:
            child.space = parent.space.fork(child.name)
        except CommitRefused:
            parent.children.remove(child)
            machine.forget(child)
            raise Refused(Errno.ENOMEM) from None
    child.filters = parent.filters
    child.brk, child.cwd, child.umask = parent.brk, parent.cwd, parent.umask
    child.nice, child.priority, child.tickets = parent.nice, parent.priority, parent.tickets
    child.slice, child.cpu = parent.slice, parent.cpu
    child.actions = dict(parent.actions)
    child.files = {fd: file.hold() for fd, file in parent.files.items()}
    machine.note(parent, "fork", child.name, pid=child.pid)
    machine.begin(child)
    return child


def execute(
    machine: Machine, process: Process, path: str, inode: Inode, arguments: tuple[Any, ...]
) -> None:
    """Replace the program: new memory, caught signals back to default, set-user-ID honoured."""
    running = started(inode.program, arguments)
    _close(process)
    if process.space is not None:
        process.space.exit()
        memory = process.space.memory
        process.space = machine.pager.space(process.name)
        process.space.memory = memory
    process.program, process.brk, process.command = running, 0, path.rsplit("/", 1)[-1]
    process.actions = {
        number: action for number, action in process.actions.items() if action is not Action.CATCH
    }
    for fd in [fd for fd, file in process.files.items() if file.flags & O_CLOEXEC]:
        close(machine, process, fd)
    process.credentials = process.credentials.exec(inode.uid, inode.gid, inode.mode)
    machine.note(process, "exec", path)


def end(machine: Machine, process: Process, *, code: int = 0, signal: Signum | None = None) -> None:
    """All that it held is given back; only how it ended stays, until the parent has read it."""
    _close(process)
    for fd in list(process.files):
        close(machine, process, fd)
    if process.space is not None:
        process.space.exit()
        process.space = None
    process.state, process.signals, process.asked = State.ZOMBIE, [], None
    process.code, process.signal = code, int(signal or 0)
    machine.note(process, "exit", signal.name if signal else str(code), code=code)
    _orphan(machine, process)
    parent = process.parent
    if parent is None:
        _dead(machine, process)
        return
    if parent.actions.get(Signum.SIGCHLD) is Action.IGNORE:
        reap(machine, process)
    _post(machine, parent, Signum.SIGCHLD)
    machine.wake(("children", parent.pid))


def _orphan(machine: Machine, process: Process) -> None:
    """Its children go to the init of its pid namespace; the machine's own reads at once what ended.

    If it was itself the init of one, everybody in there is killed.
    """
    heir = reaper(process)
    for child in process.children:
        child.parent = heir
        if heir is not None:
            heir.children.append(child)
            if child.state is State.ZOMBIE:
                _post(machine, heir, Signum.SIGCHLD)
                machine.wake(("children", heir.pid))
        elif child.state is State.ZOMBIE:
            _dead(machine, child)
    process.children = []
    here = process.namespaces.pid
    if here.init is process:
        for other in list(here.processes.values()):
            signal(machine, other, Signum.SIGKILL)


def reap(machine: Machine, child: Process) -> None:
    """The parent has read how its child ended: the zombie is gone."""
    if child.parent is not None:
        child.parent.children.remove(child)
    _dead(machine, child)


def _dead(machine: Machine, process: Process) -> None:
    process.state = State.DEAD
    machine.forget(process)


def _close(process: Process) -> None:
    """End the generator. Its ``finally`` may run, but cannot ask for anything any more."""
    running, process.program = process.program, None
    for _attempt in range(8):
        try:
            if running is not None and not running.gi_running:
                running.close()
            return
        except (RuntimeError, Signal):
            continue


def signal(
    machine: Machine, process: Process, number: Signum, sender: Process | None = None
) -> None:
    """Send a signal; no sender: the kernel. It is delivered on the way back to user mode."""
    if process.alive:
        machine.note(process, "signal", number.name)
        _post(machine, process, number, sender)


def _post(
    machine: Machine, process: Process, number: Signum, sender: Process | None = None
) -> None:
    if not process.alive:
        return
    if number is Signum.SIGCONT:
        process.signals = [one for one in process.signals if one not in STOPS]
        _go_on(machine, process)
    if number in STOPS:
        process.signals = [one for one in process.signals if one is not Signum.SIGCONT]
    action = process.actions.get(number, Action.DEFAULT)
    if action is Action.DEFAULT and deaf(process, number, sender):
        return
    ignored = action is Action.IGNORE or (action is Action.DEFAULT and number in IGNORED)
    if (ignored and number not in SOVEREIGN) or number in process.signals:
        return
    if number is Signum.SIGKILL:
        process.signals.insert(0, number)
        _go_on(machine, process)
    else:
        process.signals.append(number)
    if process.state is State.SLEEPING:
        machine.interrupt_sleep(process)
    elif process.state is State.READY and isinstance(process.asked, Compute) and not process.left:
        process.left = machine.dispatcher.cut(process)
        process.burst -= process.left


def _go_on(machine: Machine, process: Process) -> None:
    """A stopped process is ready again."""
    if process.state is State.STOPPED:
        machine.make_ready(process)


def deliver(machine: Machine, process: Process) -> Signal | None:
    """The next signal that the program catches. On the way others stop or end the process."""
    while process.signals and process.alive:
        number = process.signals.pop(0)
        action = process.actions.get(number, Action.DEFAULT)
        if action is Action.CATCH and number not in SOVEREIGN:
            return Signal(number, result=process.result, left=process.left)
        if number in STOPS:
            process.state = State.STOPPED
            return None
        end(machine, process, signal=number)
    return None


def no_wish(value: Any) -> str:
    """What is wrong with what a program yielded."""
    if isinstance(value, Compute):
        message = _("Compute takes a whole number from 1 up, not {value!r}")
        return message.format(value=value.ticks)
    if isinstance(value, type):
        return _("{name} needs its arguments: yield {name}(...)").format(name=value.__name__)
    if isinstance(value, GeneratorType):
        return _("{name} is a program of its own: yield from {name}(...)").format(
            name=value.__name__
        )
    message = _("{value!r} is no wish; yield Compute(1), Access, Load, Store or a system call")
    return message.format(value=value)
