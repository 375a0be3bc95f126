"""The machine: processes, memory, files and devices on one clock.

    machine = Machine()
    machine.spawn(copy)
    machine.run()
    machine.trace

A program yields what it wants (``program``, ``syscalls``). The machine gives it CPU time through
the scheduler, and when that is used up does what was asked and sends the result back. All that
happens is in ``trace``: the CPUs' tracks hold runs, switches and interrupts, each process's track
its system calls, sleeps, faults and signals.

A tick has no length. Left out: threads (each process has one), signals' masks, sessions and
terminals, networking.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from lab_kernel.clock import Clock
from lab_kernel.errors import BadInput
from lab_kernel.kernel import lifecycle
from lab_kernel.kernel.answer import Sleep, Spin
from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.console import Console
from lab_kernel.kernel.fault import Halt, Panic, Stopped
from lab_kernel.kernel.filesystem import FileSystem
from lab_kernel.kernel.instructions import execute
from lab_kernel.kernel.namespaces import view
from lab_kernel.kernel.open_file import O_RDWR, OpenFile
from lab_kernel.kernel.paging import Pager
from lab_kernel.kernel.process import Process, State
from lab_kernel.kernel.program import Access, Compute, Instruction, Load, Running, Signal, Store
from lab_kernel.kernel.scheduler.dispatch import ARRIVE, WAKE, Dispatcher
from lab_kernel.kernel.scheduler.jobs import new_policy
from lab_kernel.kernel.scheduler.parsing import LIMITS
from lab_kernel.kernel.scheduler.policy import NEW, WOKEN, Task
from lab_kernel.kernel.scheduler.queues import OneQueue, QueuePerCpu
from lab_kernel.kernel.security import ROOT, Credentials, user
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Call, Syscall
from lab_kernel.kernel.syscalls.entry import enter
from lab_kernel.language import _
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

MOST_EVENTS = 200_000
USER = 1000
FIELDS = ("nice", "priority", "tickets", "slice", "cpu")  # what spawn takes for the scheduler


@dataclass(frozen=True, slots=True)
class Costs:
    """Ticks of CPU, except ``swap``, which is time asleep.

    ``call`` is the way into the kernel and back with the handler's work, ``switch`` from one
    process to another, ``fault`` a page fault's handler, ``swap`` reading a page back.
    """

    call: int = 1
    switch: int = 0
    fault: int = 1
    swap: int = 20


class Machine:
    """Boots with ``frames`` page frames, ``cpus`` processors and an empty home directory.

    ``policy`` schedules, with its ``settings`` (``quantum=4``); ``replacement`` throws pages out.
    ``files`` are put into the file system at boot, by path: bytes, text, or a program that
    ``Execve`` can start. ``devices`` are drivers by path. Machines that share a ``clock`` live in
    the same time. ``trace`` is where it is all written down. BadInput names what is impossible.
    """

    def __init__(
        self,
        *,
        cpus: int = 1,
        frames: int = 256,
        swap: int = 256,
        policy: str = "eevdf",
        replacement: str = "clock",
        per_cpu: bool = False,
        costs: Costs = Costs(),
        files: Mapping[str, bytes | str | Callable[..., Running]] | None = None,
        devices: Mapping[str, Any] | None = None,
        keyboard: str = "",
        most_processes: int = 256,
        seed: int = 0,
        clock: Clock | None = None,
        trace: Trace | None = None,
        **settings: Any,
    ) -> None:
        if cpus < 1:
            raise BadInput("cpus", _("{value} is less than {least}").format(value=cpus, least=1))
        self.clock, self.costs = clock or Clock(seed), costs
        self.trace = Trace() if trace is None else trace
        self.pager = Pager(frames, replacement, swap, seed=seed, trace=self.trace, clock=self.clock)
        self.files = FileSystem()
        self.namespace_number = view.Counter()
        self.console = Console(keyboard)
        self.processes: dict[int, Process] = {}
        self.namespaces = view.initial(self.processes, self.files.root)
        self.panicked: str | None = None
        self.halted = False
        self.cause: BaseException | None = None
        self._most_processes = most_processes
        self._next_pid = 2  # 1 is init, which here does nothing but read how orphans ended
        self._names: set[str] = set()
        self.sleepers: dict[Hashable, list[Process]] = {}
        new = lambda: new_policy(policy, seed=seed, **settings)  # noqa: E731
        queues = (QueuePerCpu if per_cpu else OneQueue)(new, cpus)
        self.dispatcher = Dispatcher(
            self.clock, queues, self._finished, self._ended,
            cpus=cpus, switch_cost=costs.switch, trace=self.trace,
        )  # fmt: skip
        self.cgroups = Group(self, new)  # the root of the tree
        self._boot(files or {}, {"/dev/console": self.console, **(devices or {})})

    def _boot(self, files: Mapping[str, Any], devices: Mapping[str, Any]) -> None:
        for path in ("/bin", "/dev", "/etc"):
            self.files.add(path, mode=0o755, kind="directory")
        self.files.add("/tmp", mode=0o1777, kind="directory")
        self.files.add("/root", mode=0o700, kind="directory")
        self.files.add("/home/user", mode=0o755, uid=USER, gid=USER, kind="directory")
        self.files.add("/etc/hostname", b"lab\n")
        for path, driver in devices.items():
            self.files.add(path, mode=0o666, driver=driver)
        for path, what in files.items():
            if callable(what):
                self.files.add(path, mode=0o755, program=what)
            else:
                data = what.encode() if isinstance(what, str) else what
                home = path.startswith("/home/user/")
                self.files.add(path, data, uid=USER if home else 0, gid=USER if home else 0)
        view.mount_proc(self)

    # What a reader does

    def spawn(
        self,
        program: Any,
        *arguments: Any,
        name: str = "",
        uid: int = USER,
        credentials: Credentials | None = None,
        namespaces: int | Process = 0,
        kernel: bool = False,
        at: int | None = None,
        cgroup: Group | None = None,
        **task: Any,
    ) -> Process:
        """A new process without a parent; ``at`` a time if not at once.

        ``namespaces``: new ones of these kinds (flags, CLONE_NEWPID ...), or the process whose view
        it has. ``kernel`` runs it in kernel mode: it may all, and its faults are the machine's.
        ``cgroup`` is the group that it is in, the root unless given.
        ``task`` is for the scheduler (``nice=5``, FIELDS). Descriptors 0, 1 and 2 are the console.
        """
        if self.panicked or self.halted:
            raise BadInput("machine", _("the machine has stopped; boot another one"))
        last = len(self.dispatcher.cpus) - 1
        for field, value in task.items():
            if field not in FIELDS:
                raise unknown("spawn", field, FIELDS)
            low, high = LIMITS[field] if field != "cpu" else (0, last)
            if value not in range(low, high + 1):
                message = _("{value!r} is not a whole number from {low} to {high}")
                raise BadInput(field, message.format(value=value, low=low, high=high))
        running = lifecycle.started(program, arguments)
        command = name or getattr(program, "__name__", "program")
        who = credentials or (ROOT if uid == 0 or kernel else user(uid))
        spaces = view.given(self, who, namespaces, cgroup.path if cgroup else "/")
        process = self.new_process(command, running, None, *spaces, cgroup=cgroup)
        process.kernel = kernel
        for field, value in task.items():
            setattr(process, field, value)
        if not kernel:
            process.space = self.pager.space(process.name)
            home = "/root" if uid == 0 else "/home/user"
            process.cwd = "/" if isinstance(namespaces, Process) else home
            process.space.memory = (cgroup or self.cgroups).memory
        inode = self.files.find("/dev/console", ROOT)
        self.files.hold(inode)
        console = OpenFile(inode, O_RDWR)
        process.files = {fd: console.hold() for fd in range(3)}
        start = self.clock.now if at is None else at
        self.clock.at(start, lambda: self.begin(process), ARRIVE)
        return process

    def run(self, until: int | None = None) -> Machine:
        """Go on until nothing is left to do, or up to a time. A machine that stopped stays so.

        BadInput when no time was given and it still goes on after 200,000 events of its clock.
        """
        if self.panicked or self.halted:
            return self
        try:
            if until is not None:
                self.clock.run(until)
                return self
            for _event in range(MOST_EVENTS):
                if not self.clock.step():
                    break
            else:
                raise BadInput(
                    "until",
                    _(
                        "not over after {count:,} events; say how far to run, as in run(until=1000)"
                    ).format(count=MOST_EVENTS),
                )
        except Stopped:
            pass
        finally:
            self.dispatcher.flush()
        return self

    def step(self) -> bool:
        """Do the next thing that is due; False when none is, or the machine has stopped."""
        try:
            return not self.panicked and not self.halted and self.clock.step()
        except Stopped:
            return False

    def __repr__(self) -> str:
        how = "panicked" if self.panicked else "halted" if self.halted else "up"
        return f"<Machine {how} at tick {self.clock.now}: {len(self.processes)} processes>"

    # The loop: CPU time is used up, so do what it was for, and hear what comes next.

    def _finished(self, task: Task) -> int | None:
        """The CPU time for the next wish; None when the process sleeps, is stopped or has ended."""
        process = task
        assert isinstance(process, Process)
        ran, process.burst = process.burst, 0
        if process.in_kernel:
            process.system_time += ran
        else:
            process.user_time += ran
        asked = process.asked
        if isinstance(asked, Call | Syscall):
            answer = enter(self, process, asked)
            if isinstance(answer, Spin):
                return self._give(process, max(1, answer.ticks), in_kernel=True)
            if isinstance(answer, Sleep):
                self._sleep(process, answer)
                return None
        elif isinstance(asked, Access | Load | Store | Instruction):
            extra = execute(self, process, asked)
            if isinstance(extra, Sleep):
                self._sleep(process, extra)
                return None
            if extra:
                return self._give(process, extra, in_kernel=True)
        return self.return_to_user(process)

    def return_to_user(self, process: Process) -> int | None:
        """Deliver signals, then let the program go on to its next wish."""
        if not process.alive:
            return None
        thrown, process.fault = process.fault, None
        if thrown is None and process.signals:
            thrown = lifecycle.deliver(self, process)
            if not process.alive or process.state is State.STOPPED:
                return None
        if thrown is None and process.left:  # the signal came to nothing
            left, process.left = process.left, 0
            return self._give(process, left, in_kernel=process.kernel)
        result, process.result, process.asked, process.left = process.result, None, None, 0
        running = process.program
        assert running is not None
        try:
            wish = running.throw(thrown) if thrown else running.send(result)
        except StopIteration as last:
            code = last.value if isinstance(last.value, int) else 0
            lifecycle.end(self, process, code=code & 0xFF)
            return None
        except Signal as let_go:
            self._killed(process, let_go)
            return None
        except ZeroDivisionError:
            self.note(process, "fault", "divide error")
            self._killed(process, Signal(Signum.SIGFPE, "divide error"))
            return None
        except BaseException as error:
            where = _("in {name}, at tick {tick}")
            error.add_note(where.format(name=process.name, tick=self.clock.now))
            lifecycle.end(self, process, signal=Signum.SIGABRT)
            raise
        process.asked, process.since = wish, self.clock.now
        match wish:
            case Call() | Syscall():
                return self._give(process, self.costs.call, in_kernel=True)
            case Compute(int(ticks)) if ticks > 0:
                return self._give(process, ticks, in_kernel=process.kernel)
            case Access() | Load() | Store() | Instruction():
                return self._give(process, 1, in_kernel=process.kernel)
        lifecycle.end(self, process, signal=Signum.SIGABRT)
        raise BadInput(process.name, lifecycle.no_wish(wish))

    def _give(self, process: Process, ticks: int, *, in_kernel: bool) -> int:
        process.burst, process.in_kernel = ticks, in_kernel
        return ticks

    def _killed(self, process: Process, signal: Signal) -> None:
        """A fault that nobody caught: the process's end, or in kernel mode the machine's."""
        if process.kernel:
            self.panic(f"{process.name}: {signal.reason or signal.number.name}")
        lifecycle.end(self, process, signal=signal.number)

    def _ended(self, task: Task) -> bool:
        return isinstance(task, Process) and not task.alive

    # Sleeping and waking, for handlers and drivers

    def _sleep(self, process: Process, sleep: Sleep) -> None:
        process.state = State.SLEEPING if sleep.interruptible else State.WAITING
        process.channel, process.reason, process.slept = sleep.channel, sleep.reason, self.clock.now
        self.sleepers.setdefault(sleep.channel, []).append(process)
        if process.signals and sleep.interruptible:
            self.interrupt_sleep(process)

    def wake(self, channel: Hashable, most: int | None = None) -> None:
        """Who sleeps on it is ready, and looks again whether it can go on: everybody, or only
        the ``most`` who have slept longest."""
        sleepers = self.sleepers.pop(channel, [])
        if most is not None and len(sleepers) > most:
            self.sleepers[channel] = sleepers[most:]
            sleepers = sleepers[:most]
        for process in sleepers:
            self.make_ready(process)

    def wake_at(self, time: int, channel: Hashable) -> None:
        self.clock.at(time, lambda: self.wake(channel), WAKE)

    def interrupt_sleep(self, process: Process) -> None:
        """A signal ends a sleep; the call comes back with EINTR."""
        sleepers = self.sleepers[process.channel]
        sleepers.remove(process)
        if not sleepers:
            del self.sleepers[process.channel]
        process.interrupted = True
        self.make_ready(process)

    def make_ready(self, process: Process) -> None:
        """It has slept or was stopped: a tick in the kernel, and it goes on."""
        if process.state in (State.SLEEPING, State.WAITING):
            slept = self.clock.now - process.slept
            self.trace.add(process.slept, process.name, "blocked", process.reason, slept)
        process.state = State.READY
        process.remaining = self._give(process, self.costs.call, in_kernel=True)
        self.dispatcher.ready(process, WOKEN)

    # Processes

    def new_process(
        self,
        command: str,
        program: Running,
        parent: Process | None,
        credentials: Credentials,
        namespaces: view.Namespaces,
        cgroup: Group | None = None,
    ) -> Process:
        """In the table with a number and a name of its own, not yet begun."""
        pid, self._next_pid = self._next_pid, self._next_pid + 1
        name = command if command not in self._names else f"{command}.{pid}"
        self._names.add(name)
        process = Process(name, pid, command=command, parent=parent, program=program)
        process.credentials, process.namespaces = credentials, namespaces
        group = cgroup or (parent and parent.cgroup) or self.cgroups
        group.enter(process, machine=self)
        self.processes[pid] = process
        namespaces.pid.enter(process)
        if parent is not None:
            parent.children.append(process)
        return process

    def begin(self, process: Process) -> None:
        """Hear its first wish, and let it be scheduled."""
        process.begun = True
        burst = self.return_to_user(process)
        if burst is not None:
            process.remaining = burst
            self.dispatcher.ready(process, NEW)

    def forget(self, process: Process) -> None:
        """It is out of the table."""
        process.namespaces.pid.leave(process)
        del self.processes[process.pid]
        if process.cgroup is not None:
            process.cgroup.leave(process)

    @property
    def full(self) -> bool:
        return len(self.processes) >= self._most_processes

    def out_of_memory(self, name: str) -> None:
        """The OOM killer has taken this process's memory."""
        process = next(each for each in self.processes.values() if each.name == name)
        process.space = None
        lifecycle.signal(self, process, Signum.SIGKILL)

    # The end, and what is written down

    def panic(self, reason: str) -> NoReturn:
        """The kernel cannot go on: nothing runs after this, and the Trace ends with it."""
        self.panicked = reason
        self.trace.add(self.clock.now, "kernel", "panic", reason)
        raise Panic(reason)

    def halt(self) -> NoReturn:
        """Stop in good order."""
        self.halted = True
        self.trace.add(self.clock.now, "kernel", "halt", "")
        raise Halt

    def note(self, process: Process, kind: str, name: str, **details: Any) -> None:
        self.trace.add(self.clock.now, process.name, kind, name, **details)

    def audit(self, process: Process, name: str, **details: Any) -> None:
        """A line in the audit trail: somebody wanted what is not allowed."""
        self.note(process, "audit", name, pid=process.pid, uid=process.credentials.uid, **details)
