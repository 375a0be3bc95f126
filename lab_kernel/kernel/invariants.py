"""What must hold of a machine after every step, whatever its programs do.

- A frame's owners are the processes whose pages it holds; frames in use and unused are all.
- Every process is in one place: on a CPU, in a queue, asleep, stopped, a zombie, or not begun.
- The CPUs' time is the processes' time, to the tick.
- Open files are counted as often as descriptors stand for them, and so are a pipe's two ends.
- Who has ended holds nothing, and time never goes back.
- No ordinary user has got a root's rights over the machine, and the kernel has not panicked.
- A process has a number in its pid namespace and in each one around it, and by no other is it
  found; whose number 1 has ended is being killed.
"""

from __future__ import annotations

from collections import Counter

from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.user import INITIAL
from lab_kernel.kernel.process import Process, State
from lab_kernel.kernel.signals import Signum


class Broken(AssertionError):
    """An invariant does not hold: a bug in the kernel."""


class Watch:
    """Checks one machine step by step. ``ordinary``: none of its users may ever be root."""

    def __init__(self, machine: Machine, *, ordinary: bool = True) -> None:
        self.machine, self._ordinary = machine, ordinary
        self._time = machine.clock.now
        self._seen = 0  # events of the trace that are added up
        self._ran = 0
        self._gone = 0  # CPU time of processes that are out of the table
        self._known: dict[int, Process] = {}

    def check(self) -> None:
        """Broken, in a sentence, unless all of it holds."""
        machine = self.machine
        if machine.panicked is not None:
            raise Broken(f"panic: {machine.panicked}")
        if machine.clock.now < self._time:
            raise Broken("time went back")
        self._time = machine.clock.now
        self._memory()
        self._places()
        self._cpu_time()
        self._files()
        self._numbers()

    def _memory(self) -> None:
        frames = self.machine.pager.frames
        owned: dict[int, set[str]] = {}
        for process in self.machine.processes.values():
            if process.space is None:
                continue
            for _page, entry in process.space.table.entries():
                if entry.frame is not None:
                    owned.setdefault(entry.frame, set()).add(process.name)
        for use in frames.map():
            if set(use.owners) != owned.get(use.frame, set()):
                raise Broken(f"frame {use.frame}: {use}")
        if frames.used + frames.unused != frames.total:
            raise Broken("frames are lost")

    def _places(self) -> None:
        machine = self.machine
        running = [task for cpu in machine.dispatcher.cpus if (task := cpu.task)]
        policies = [policy for policy, _cpus in machine.dispatcher.queues.policies()]
        queued = [task for policy in policies for task in (*policy.waiting(), *policy.held())]
        asleep = [process for sleepers in machine.sleepers.values() for process in sleepers]
        places = Counter(task.number for task in (*running, *queued, *asleep))
        for process in machine.processes.values():
            expected = int(process.begun and process.state in _SOMEWHERE)
            if places.pop(process.number, 0) != expected:
                raise Broken(f"{process!r} is in no one place")
            if self._ordinary:
                rights = process.credentials
                if 0 in (rights.uid, rights.euid):
                    raise Broken(f"{process!r} is root")
                if rights.permitted and rights.namespace is INITIAL:
                    raise Broken(f"{process!r} has capabilities")
        if places:
            raise Broken(f"processes out of the table are still there: {dict(places)}")

    def _cpu_time(self) -> None:
        machine = self.machine
        for event in machine.trace.events[self._seen :]:
            self._ran += event.duration if event.kind == "run" else 0
        self._seen = len(machine.trace)
        now = machine.clock.now
        on_cpus = sum(
            max(0, now - cpu.began) for cpu in machine.dispatcher.cpus if cpu.task is not None
        )
        used = self._gone
        since = {cpu.task.number: now - cpu.since for cpu in machine.dispatcher.cpus if cpu.task}
        for pid, process in list(self._known.items()):
            if pid not in machine.processes:
                del self._known[pid]
                self._gone += process.user_time + process.system_time
                used += process.user_time + process.system_time
        for pid, process in machine.processes.items():
            self._known[pid] = process
            used += process.user_time + process.system_time
            if process.burst:
                used += process.burst - process.remaining + max(0, since.get(pid, 0))
        if used != self._ran + on_cpus:
            raise Broken(f"CPU time {self._ran + on_cpus}, used {used}")

    def _files(self) -> None:
        held: Counter[int] = Counter()
        ends: dict[int, list[int]] = {}
        files = {}
        for process in self.machine.processes.values():
            if not process.alive and (process.files or process.space):
                raise Broken(f"{process!r} still holds")
            for file in process.files.values():
                held[id(file)] += 1
                files[id(file)] = file
        holders: Counter[int] = Counter()
        for key, file in files.items():
            if file.users != held[key]:
                raise Broken(f"{file} has {held[key]} descriptors")
            if file.inode is not None:
                holders[file.inode.number] += 1
            if file.pipe is not None:
                both = ends.setdefault(id(file.pipe), [file.pipe.readers, file.pipe.writers])
                both[0] -= file.readable
                both[1] -= file.writable
        if not all(left == [0, 0] for left in ends.values()):
            raise Broken("a pipe's ends are miscounted")
        for inode in self.machine.files.inodes.values():
            if inode.holders != holders[inode.number]:
                raise Broken(f"{inode} has {holders[inode.number]}")

    def _numbers(self) -> None:
        spaces = {
            here
            for process in self.machine.processes.values()
            for here in (*process.namespaces.children.around, *process.namespaces.pid.around)
        }
        for here in spaces:
            for number, process in here.processes.items():
                if here.number_of(process) != number or here not in process.namespaces.pid.around:
                    raise Broken(f"{process!r} is called {number} where it is not")
                if self.machine.processes.get(process.pid) is not process:
                    raise Broken(f"{process!r} is out of the table, and still a number {number}")
                if process.alive and here.over and Signum.SIGKILL not in process.signals:
                    raise Broken(f"{process!r} outlives its number 1")
        for process in self.machine.processes.values():
            around = list(process.namespaces.pid.around)
            if set(process.numbers) != set(around):
                raise Broken(f"{process!r} has numbers elsewhere")
            if any(here.processes.get(process.numbers[here]) is not process for here in around):
                raise Broken(f"{process!r} cannot be found by its number")


_SOMEWHERE = (State.READY, State.SLEEPING, State.WAITING)
