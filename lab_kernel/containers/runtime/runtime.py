"""An OCI runtime in the simulated kernel: create, start, kill, delete, state.

    creating ─create─▸ created ─start─▸ running ─its end─▸ stopped ─delete─▸ (gone)
                          └──────────────kill──────────────▸

A container is an ordinary Process of the machine: ``container.process``. ``create`` makes its
namespaces and limits, takes its rights and leaves it waiting at a gate; none of the image's code
has run. ``start`` opens the gate. An operation that fails changes nothing.

The specification has no error numbers; here every error is BadInput, whose argument is the
operation. Until 2017 kill was for running containers only; since 1.0 it is for created ones, too.
Left out: hooks, annotations, checkpoints.
Source: OCI runtime-spec, runtime.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from lab_kernel.containers.runtime.config import Config, Limits
from lab_kernel.containers.runtime.first import Start, guard
from lab_kernel.errors import BadInput
from lab_kernel.kernel import lifecycle
from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.process import Process, State
from lab_kernel.kernel.signals import Signum
from lab_kernel.language import _
from lab_kernel.registry import unknown

VERSION = "1.2.0"
MOST_STEPS = 20_000
PERIOD = 100_000
OPERATIONS = ("create", "start", "kill", "delete")


class Status(Enum):
    CREATING = "creating"
    CREATED = "created"
    RUNNING = "running"
    STOPPED = "stopped"


@dataclass(slots=True)
class Bundle:
    """A directory of the machine with a root file system, and the config. It may be changed."""

    root: str
    config: Config


@dataclass(slots=True)
class Container:
    """``process`` is number 1 of the container, ``outside`` the guard that waits for its end."""

    id: str
    bundle: Bundle
    start: Start
    outside: Process
    process: Process | None = None
    group: Group | None = None
    started: bool = False
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        if self.process is None or not (self.start.ready or self.process.state is State.DEAD):
            return Status.CREATING
        if not self.process.alive:
            return Status.STOPPED
        return Status.RUNNING if self.started else Status.CREATED

    @property
    def code(self) -> int:
        """How it ended, as a shell says it: a code, or 128 and the number of a signal."""
        return 128 + self.start.signal if self.start.signal else self.start.code


class Runtime:
    """Containers on one machine, by their IDs. ``uid`` is who runs it: 0, or an ordinary user.

    ``watch``: each start notes what its process sees after each step, in ``start.seen``.
    """

    def __init__(self, machine: Machine, uid: int = 0, *, watch: bool = False) -> None:
        self.machine, self.uid, self.watch = machine, uid, watch
        self.containers: dict[str, Container] = {}

    def state(self, id: str) -> dict[str, Any]:
        """The state as the specification writes it; ``pid`` as the host sees it."""
        one = self._find("state", id)
        told: dict[str, Any] = {"ociVersion": VERSION, "id": id, "status": one.status.value}
        if one.process is not None and one.process.alive:
            told["pid"] = one.process.pid
        return told | {"bundle": one.bundle.root}

    def create(self, id: str, bundle: Bundle) -> Container:
        """Everything but the program. What is changed in the bundle from here on has no effect."""
        if not id or "/" in id:
            raise BadInput("create", _("“{id}” is no ID").format(id=id))
        if id in self.containers:
            raise BadInput("create", _("there is a container “{id}” already").format(id=id))
        if not bundle.config.args:
            raise BadInput("create", _("the config names no program"))
        start = Start(bundle.config, bundle.root, watch=self.watch)
        who = self.machine.spawn(guard, start, name=f"runtime-{id}", uid=self.uid)
        one = Container(id, bundle, start, who)
        start.entered = lambda pid: self._entered(one)
        self._limit(one)
        self.containers[id] = one
        self._until(lambda: start.ready or start.failed is not None)
        if start.failed is not None:
            step, errno = start.failed
            self._until(lambda: not who.alive)
            self._forget(one)
            message = _("the step “{step}” was refused: {why}")
            raise BadInput("create", message.format(step=step, why=errno.name))
        return one

    def start(self, id: str) -> None:
        """Run the program. Only once, and only what was created."""
        one = self._find("start", id)
        self._require("start", one, Status.CREATED)
        assert one.process is not None
        gate = one.outside.files[one.start.gate].pipe
        assert gate is not None
        gate.buffer += b"!"  # runc: the other end of a FIFO is opened
        self.machine.wake(gate)
        command = one.process.command
        self._until(lambda: one.start.failed is not None or one.process.command != command)
        if one.start.failed is not None:
            self._until(lambda: not one.outside.alive)
            errno = one.start.failed[1].name
            message = _("{program}: {why}")
            raise BadInput("start", message.format(program=one.start.config.args[0], why=errno))
        one.started = True

    def kill(self, id: str, signal: str | int = "SIGTERM") -> None:
        """Send the first process a signal, from outside. It need not end of it."""
        one = self._find("kill", id)
        self._require("kill", one, Status.CREATED, Status.RUNNING)
        if signal not in Signum.__members__ and signal not in set(Signum):
            raise unknown("signal", str(signal), Signum.__members__)
        number = Signum[signal] if isinstance(signal, str) else Signum(signal)
        assert one.process is not None
        lifecycle.signal(self.machine, one.process, number, one.outside)
        for _step in range(200):  # until it has heard, if it listens
            if not one.process.alive or not one.process.signals or not self.machine.step():
                break
        if not one.process.alive:
            self._until(lambda: not one.outside.alive)

    def delete(self, id: str) -> None:
        """Undo what ``create`` made. The ID is free again."""
        one = self._find("delete", id)
        self._require("delete", one, Status.STOPPED)
        self._until(lambda: not one.outside.alive)
        self._forget(one)

    def _find(self, operation: str, id: str) -> Container:
        if id not in self.containers:
            raise BadInput(operation, _("there is no container “{id}”").format(id=id))
        return self.containers[id]

    def _require(self, operation: str, one: Container, *wanted: Status) -> None:
        if one.status not in wanted:
            message = _("the container is {status}, and {operation} is for: {wanted}")
            names = ", ".join(each.value for each in wanted)
            raise BadInput(
                operation,
                message.format(status=one.status.value, operation=operation, wanted=names),
            )

    def _limit(self, one: Container) -> None:
        """A control group with the limits. An ordinary user may make none."""
        limits = one.start.config.limits
        if self.uid != 0:
            one.missing = dict.fromkeys(limits.asked(), "EACCES")
            return
        one.group = self.machine.cgroups.make(one.id, **_files(limits))

    def _entered(self, one: Container) -> None:
        """The first process is there. From here on its group counts."""
        one.process = next(
            each for each in self.machine.processes.values() if each.parent is one.outside
        )
        if one.group is not None:
            one.group.enter(one.process)

    def _forget(self, one: Container) -> None:
        del self.containers[one.id]
        if one.group is not None:
            for process in list(one.group.processes):  # zombies whom nobody reads any more
                self._until(lambda process=process: process.state is State.DEAD)
            one.group.remove()

    def _until(self, done: Any) -> None:
        for _step in range(MOST_STEPS):
            if done() or not self.machine.step():
                return
        raise BadInput("runtime", _("not over after {count:,} steps").format(count=MOST_STEPS))


def _files(limits: Limits) -> dict[str, str]:
    """The limits as a control group's files of version 2."""
    asked = limits.asked()
    files = {
        "memory_max": str(asked.get("memory", "")),
        "memory_swap_max": "0" if "memory" in asked else "",  # else what does not fit is swapped
        "pids_max": str(asked.get("pids", "")),
        "cpu_max": f"{round(asked['cpus'] * PERIOD)} {PERIOD}" if "cpus" in asked else "",
    }
    return {name: value for name, value in files.items() if value}
