"""All namespaces of one process, and the three ways to others: clone, unshare and setns.

A process's view never changes in itself: each of the three gives it another one, as the kernel
replaces its nsproxy. The user namespace is with the credentials, because it goes with the
capabilities. A new pid namespace takes in only children: nobody's own number ever changes.

Who has CAP_SYS_ADMIN may make all kinds. Anybody may make a user namespace, and with the
capabilities that gives make the others in the same call: containers without root begin so.
Source: namespaces(7), clone(2), unshare(2), setns(2); Linux, kernel/nsproxy.c, kernel/fork.c
(ksys_unshare(), check_unshare_flags()) and the install functions of each kind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import DIRECTORY, Inode
from lab_kernel.kernel.namespaces.kinds import (
    ALL_NEW,
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
    FIRST,
    FIRST_DYNAMIC,
    FLAGS,
    Namespace,
)
from lab_kernel.kernel.namespaces.mount import Mount, MountNamespace
from lab_kernel.kernel.namespaces.net import NetNamespace
from lab_kernel.kernel.namespaces.pid import PidNamespace
from lab_kernel.kernel.namespaces.procfs import root
from lab_kernel.kernel.namespaces.small import CgroupNamespace, IpcNamespace, UtsNamespace
from lab_kernel.kernel.namespaces.user import INITIAL, UserNamespace
from lab_kernel.kernel.path import Spot
from lab_kernel.kernel.security import ROOT, Capability, Credentials
from lab_kernel.language import _

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process


@dataclass(frozen=True, slots=True)
class Namespaces:
    """``pid`` is the namespace of the process itself, ``children`` that of its next child."""

    cgroup: CgroupNamespace
    ipc: IpcNamespace
    mnt: MountNamespace
    net: NetNamespace
    pid: PidNamespace
    uts: UtsNamespace
    children: PidNamespace

    def of(self, kind: str, credentials: Credentials) -> Namespace | UserNamespace:
        """One of the seven by its name in /proc/PID/ns."""
        if kind == "user":
            return credentials.namespace
        found: Namespace = getattr(self, kind)
        return found

    def born(self) -> Namespaces:
        """A child's view."""
        return replace(self, pid=self.children)


def numbers(process: Process) -> dict[str, int]:
    """What tells its namespaces from others', as ``ls -L -i /proc/PID/ns`` shows it."""
    return {kind: process.namespaces.of(kind, process.credentials).number for kind in FLAGS}


class Counter:
    """Gives out the numbers of new namespaces."""

    def __init__(self) -> None:
        self._next = FIRST_DYNAMIC

    def __call__(self) -> int:
        self._next += 1
        return self._next - 1


def initial(processes: dict[int, Process], files: Inode) -> Namespaces:
    """Those that a machine boots with. Its table of processes is the outermost pid namespace's."""
    pid = PidNamespace(number=FIRST["pid"], owner=INITIAL, processes=processes)
    mount = Mount(files, "/dev/vda", "labfs")
    return Namespaces(
        cgroup=CgroupNamespace(number=FIRST["cgroup"], owner=INITIAL),
        ipc=IpcNamespace(number=FIRST["ipc"], owner=INITIAL),
        mnt=MountNamespace(number=FIRST["mnt"], owner=INITIAL, root=mount),
        net=NetNamespace(number=FIRST["net"], owner=INITIAL, interfaces={"lo": True}),
        pid=pid,
        uts=UtsNamespace(number=FIRST["uts"], owner=INITIAL),
        children=pid,
    )


def made(
    machine: Machine, credentials: Credentials, view: Namespaces, cgroup: str, flags: int
) -> tuple[Credentials, Namespaces]:
    """These credentials and this view, with new namespaces of these kinds. ``cgroup`` is a path.

    EPERM without CAP_SYS_ADMIN, which a new user namespace gives; EINVAL where the next child would
    already be in another pid namespace; ENOSPC when too deep.
    """
    number = machine.namespace_number
    if flags & CLONE_NEWUSER:
        if view.mnt.cover(view.mnt.top) != view.mnt.top:
            raise Refused(Errno.EPERM)  # its root is not what one sees as the namespace's
        credentials = credentials.in_new(credentials.namespace.child(number(), credentials))
    owner = credentials.namespace
    if flags & ALL_NEW & ~CLONE_NEWUSER:
        credentials.require(Capability.SYS_ADMIN, owner)
    if flags & CLONE_NEWNS:
        view = replace(view, mnt=view.mnt.copy(number(), owner))
    if flags & CLONE_NEWUTS:
        view = replace(view, uts=UtsNamespace(number=number(), owner=owner, name=view.uts.name))
    if flags & CLONE_NEWIPC:
        view = replace(view, ipc=IpcNamespace(number=number(), owner=owner))
    if flags & CLONE_NEWPID:
        if view.children is not view.pid:
            raise Refused(Errno.EINVAL)
        view = replace(view, children=view.pid.child(number(), owner))
    if flags & CLONE_NEWCGROUP:
        here = CgroupNamespace(number=number(), owner=owner, root=cgroup)
        view = replace(view, cgroup=here)
    if flags & CLONE_NEWNET:
        view = replace(view, net=NetNamespace(number=number(), owner=owner))
    return credentials, view


def copied(machine: Machine, process: Process, flags: int) -> tuple[Credentials, Namespaces]:
    """What unshare would give this process, and clone its child."""
    return made(machine, process.credentials, process.namespaces, process.cgroup_path, flags)


def mount_proc(machine: Machine) -> None:
    """At boot: the machine's own /proc."""
    inode = machine.files.add("/proc", mode=0o555, kind=DIRECTORY)
    here = machine.namespaces
    here.mnt.attach(Mount(root(here.pid), "proc", "proc"), Spot(here.mnt.root, inode), "/proc")


def given(
    machine: Machine, who: Credentials, wanted: int | Process, cgroup: str
) -> tuple[Credentials, Namespaces]:
    """What a process that the machine itself starts is given: new ones, or another process's.

    Nobody asks whether it may. A new user namespace is made by ``who``; one that is entered gives
    all capabilities in it, as setns does. ``cgroup`` is the path of its group.
    """
    if not isinstance(wanted, int):
        inside, view = wanted.credentials.namespace, wanted.namespaces
        if view.pid.over:
            raise BadInput("namespaces", _("the init of this pid namespace has ended"))
        who = who if who.namespace is inside else who.in_new(inside)
        return who, replace(view, children=view.pid)
    if wanted & ~ALL_NEW:
        message = _("these are no flags for namespaces: {value:#x}")
        raise BadInput("namespaces", message.format(value=wanted))
    maker = who if wanted & CLONE_NEWUSER else ROOT
    made_by, view = made(machine, maker, machine.namespaces, cgroup, wanted)
    return made_by if wanted & CLONE_NEWUSER else who, view.born()


def unshare(machine: Machine, process: Process, flags: int) -> None:
    """unshare(2): the process leaves what it shared, all of it or nothing."""
    if flags & ~ALL_NEW:
        raise Refused(Errno.EINVAL)
    process.credentials, process.namespaces = copied(machine, process, flags)


def enter(process: Process, namespace: Namespace | UserNamespace, kind: int) -> None:
    """setns(2): join a namespace that is there already. ``kind`` 0: whatever it is.

    Needs CAP_SYS_ADMIN over it and over the own user namespace. EINVAL: it is of another kind, or
    the user namespace is the own one, or the pid namespace is not the own one nor inside it.
    """
    if kind not in (0, FLAGS[namespace.kind]):
        raise Refused(Errno.EINVAL)
    own, view = process.credentials, process.namespaces
    if isinstance(namespace, UserNamespace):
        if namespace is own.namespace:
            raise Refused(Errno.EINVAL)
        own.require(Capability.SYS_ADMIN, namespace)
        process.credentials = own.in_new(namespace)
        return
    own.require(Capability.SYS_ADMIN, namespace.owner)
    if Capability.SYS_ADMIN not in own.effective:
        raise Refused(Errno.EPERM)
    if isinstance(namespace, PidNamespace):
        if view.pid not in namespace.around:
            raise Refused(Errno.EINVAL)
        process.namespaces = replace(view, children=namespace)
        return
    if isinstance(namespace, MountNamespace):
        own.require(Capability.SYS_CHROOT, own.namespace)
        process.cwd = "/"
    process.namespaces = replace(view, **{namespace.kind: namespace})  # type: ignore[arg-type]
