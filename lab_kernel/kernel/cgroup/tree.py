"""The tree of groups, and which process is in which.

Every process is in exactly one group, a child in its parent's, until it is moved. A group holds
processes or groups, not both (the root may): else its own processes would compete with its
children for what it has. ``make`` does what a container runtime does: it turns the controllers on
for the children, which a group that holds processes refuses with EBUSY.
Source: Linux, Documentation/admin-guide/cgroup-v2.rst, "No Internal Process Constraint".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from lab_kernel.errors import BadInput
from lab_kernel.kernel import lifecycle
from lab_kernel.kernel.cgroup import files
from lab_kernel.kernel.cgroup.cpu import Cpu, Owner
from lab_kernel.kernel.cgroup.memory import Memory
from lab_kernel.kernel.cgroup.pids import Pids
from lab_kernel.kernel.scheduler.policy import Policy
from lab_kernel.kernel.signals import Signum
from lab_kernel.language import _

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process


class Group:
    """One group: a directory of /sys/fs/cgroup. ``Machine.cgroups`` is the root.

    The root has no limits, and so no ``memory``. BadInput names what the kernel would refuse,
    with its errno.
    """

    def __init__(
        self,
        machine: Machine,
        new: Callable[[], Policy],
        name: str = "",
        parent: Group | None = None,
    ) -> None:
        self.machine, self.name, self.parent = machine, name, parent
        self.children: dict[str, Group] = {}
        self.processes: list[Process] = []
        self.alive = True
        self._new = new
        dispatcher = machine.dispatcher
        owner = Owner(
            machine.clock, machine.trace, len(dispatcher.cpus),
            dispatcher.charge, dispatcher.look_again,
        )  # fmt: skip
        self.cpu: Cpu = Cpu(self.path, owner, parent.cpu if parent else None)
        self.pids: Pids = Pids(parent.pids if parent else None)
        self.memory: Memory | None = None
        if parent is not None:
            self.memory = Memory(self.path, parent.memory)

    @property
    def path(self) -> str:
        """As /proc/PID/cgroup shows it."""
        if self.parent is None:
            return "/"
        return f"{self.parent.path.rstrip('/')}/{self.name}"

    def __repr__(self) -> str:
        return f"<Group {self.path}: {len(self.processes)} processes>"

    # Groups

    def make(self, name: str, **limits: int | str) -> Group:
        """A group below. ``limits`` are its files, with _ for the dots: ``cpu_max="20000"``."""
        if not name or "/" in name or name in (".", "..") or not name.isprintable():
            raise BadInput("name", _("{name!r} is no name for a directory").format(name=name))
        if name in self.children:
            raise self._refused("name", "EEXIST", _("there is a {name} already").format(name=name))
        if self.parent is not None and self.processes:
            raise self._refused("cgroup", "EBUSY", _("a group that holds processes has no groups"))
        if not self._root.children:
            self._wrap()
        group = Group(self.machine, self._new, name, self)
        for file, value in limits.items():
            group.write(files.named(file), value)
        self.children[name] = group
        return group

    def remove(self) -> None:
        """rmdir: only without processes and groups."""
        if self.parent is None or self.children or self.processes:
            raise self._refused("cgroup", "EBUSY", _("it is not empty"))
        del self.parent.children[self.name]
        self.alive = False
        for policy, _cpus in self.machine.dispatcher.queues.policies():
            policy.forget(self)  # type: ignore[attr-defined]

    def find(self, path: str) -> Group:
        """The group at a path below this one, such as ``"web/api"``."""
        group = self
        for name in filter(None, path.split("/")):
            if name not in group.children:
                raise self._refused("cgroup", "ENOENT", _("there is no {path}").format(path=path))
            group = group.children[name]
        return group

    def subtree(self) -> Iterator[Group]:
        """The group, and all below it."""
        yield self
        for child in self.children.values():
            yield from child.subtree()

    @property
    def _root(self) -> Group:
        return self if self.parent is None else self.parent._root

    def _wrap(self) -> None:
        """The first group: from now on the scheduler knows of groups."""
        from lab_kernel.kernel.cgroup.sharing import Sharing

        root, dispatcher = self._root, self.machine.dispatcher
        if isinstance(dispatcher.queues.of(0), Sharing):
            return

        def wrapped(policy: Policy, cpus: Sequence[int]) -> Policy:
            running = [task for cpu in cpus if (task := dispatcher.cpus[cpu].task)]
            return Sharing(root, policy, self._new, running)

        dispatcher.queues.wrap(wrapped)

    # Processes

    def enter(self, process: Process, *, machine: Machine | None = None) -> None:
        """The process is in this group from now on. What it has in memory stays charged where it
        was. ``machine`` is that of a process that is just being made."""
        if (machine or self.machine) is not self.machine or not self.alive:
            raise BadInput("cgroup", _("it is no group of this machine"))
        if self.parent is not None and self.children:
            raise self._refused("cgroup", "EBUSY", _("a group that has groups holds no processes"))
        old = process.cgroup
        if old is not None:
            old.leave(process)
        self.processes.append(process)
        self.pids.charge(1)
        process.cgroup = self
        if process.space is not None:
            process.space.memory = self.memory
        if old is not None and old is not self:
            for policy, _cpus in self.machine.dispatcher.queues.policies():
                if process in policy.waiting() or process in policy.held():
                    policy.regroup(process, self.machine.clock.now)  # type: ignore[attr-defined]

    def leave(self, process: Process) -> None:
        """It has gone elsewhere, or its parent has read how it ended."""
        self.processes.remove(process)
        self.pids.charge(-1)

    def kill(self) -> None:
        """cgroup.kill: SIGKILL to everybody in it and below. A frozen group is thawed for it."""
        for group in self.subtree():
            group.cpu.frozen = False
            for process in list(group.processes):
                lifecycle.signal(self.machine, process, Signum.SIGKILL)
        self.machine.dispatcher.look_again()

    def freeze(self, frozen: bool) -> None:
        """cgroup.freeze: nobody in it runs any more, from the end of the present slice on."""
        self.cpu.frozen = frozen
        self.machine.dispatcher.look_again()

    # Files

    def read(self, file: str) -> str:
        """What ``cat`` shows of one of its files."""
        return files.read(self, file)

    def write(self, file: str, value: int | str) -> None:
        """What ``echo value >`` does to one of its files."""
        files.write(self, file, str(value))

    def files(self) -> list[str]:
        """What ``ls`` shows."""
        return files.listed(self)

    def _refused(self, argument: str, errno: str, why: str) -> BadInput:
        return BadInput(argument, f"{errno}: {self.path}: {why}")
