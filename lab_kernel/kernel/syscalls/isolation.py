"""Namespaces: other ones for a child or for oneself, the tree of mounts, sockets and queues."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab_kernel.kernel import lifecycle, user_memory
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import SOCKET
from lab_kernel.kernel.namespaces import net, table, view
from lab_kernel.kernel.namespaces.kinds import ALL_NEW
from lab_kernel.kernel.namespaces.procfs import NamespaceFile
from lab_kernel.kernel.open_file import O_RDWR, OpenFile, descriptor, opened
from lab_kernel.kernel.syscalls.call import Call

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

SIGNAL = 0xFF  # the low byte of clone's flags: what the parent is told with


@dataclass(slots=True)
class Clone(Call):
    """Fork with flags: a child in new namespaces, ``yield Clone(CLONE_NEWPID, program, 1, 2)``.

    Like Fork, it names the child's program. Flags other than CLONE_NEW... are EINVAL here: threads
    are left out.
    """

    flags: int
    program: Any = None
    handed: tuple[Any, ...] = ()

    def __init__(self, flags: int, program: Callable[..., Any] | None = None, *handed: Any) -> None:
        self.flags, self.program, self.handed = flags, program, handed
        super(Clone, self).__post_init__()

    @classmethod
    def decoded(cls, *registers: int) -> Clone:
        return cls((*registers, 0)[0])


@dataclass(slots=True)
class Unshare(Call):
    """Leave shared namespaces for new ones. A new pid namespace is only for children."""

    flags: int


@dataclass(slots=True)
class Setns(Call):
    """Join the namespace that a descriptor of /proc/PID/ns/KIND stands for. ``kind`` 0: any."""

    fd: int
    kind: int = 0


@dataclass(slots=True)
class Mount(Call):
    """Show a file system, or with MS_BIND a file or directory, at ``target``."""

    source: str | int
    target: str | int
    filesystem: str | int | None = None
    flags: int = 0
    data: str | int | None = None


@dataclass(slots=True)
class Umount2(Call):
    """Take the uppermost mount at ``target`` away; with MNT_DETACH all that is beneath it, too."""

    target: str | int
    flags: int = 0


@dataclass(slots=True)
class Pivot_root(Call):
    """The mount at ``new`` becomes the root, and the old root is mounted at ``old``."""

    new: str | int
    old: str | int


@dataclass(slots=True)
class Socket(Call):
    """A socket for the network namespace of this moment. The result is its descriptor."""

    domain: int = net.AF_INET
    kind: int = net.SOCK_STREAM
    protocol: int = 0


@dataclass(slots=True)
class Bind(Call):
    """Take a port. On Linux the address and the port are one structure."""

    fd: int
    address: str
    port: int

    @classmethod
    def decoded(cls, *registers: int) -> Bind:
        raise TypeError  # registers hold no structure


@dataclass(slots=True)
class Listen(Call):
    """Let others connect."""

    fd: int
    backlog: int = 1


@dataclass(slots=True)
class Connect(Call):
    """Ask whether somebody listens on a port in the socket's network namespace."""

    fd: int
    address: str
    port: int

    @classmethod
    def decoded(cls, *registers: int) -> Connect:
        raise TypeError


@dataclass(slots=True)
class Msgget(Call):
    """The message queue that has this key in the IPC namespace."""

    key: int
    flags: int = 0


def sys_clone(machine: Machine, process: Process, call: Clone) -> int:
    flags = call.flags & ~SIGNAL
    if flags & ~ALL_NEW:
        raise Refused(Errno.EINVAL)
    child = lifecycle.fork(machine, process, call.program, call.handed, flags)
    return process.namespaces.pid.number_of(child)


def sys_unshare(machine: Machine, process: Process, call: Unshare) -> int:
    view.unshare(machine, process, call.flags)
    return 0


def sys_setns(machine: Machine, process: Process, call: Setns) -> int:
    file = opened(process, call.fd)
    driver = file.inode.driver if file.inode else None
    if not isinstance(driver, NamespaceFile):
        raise Refused(Errno.EINVAL)
    view.enter(process, driver.namespace, call.kind)
    return 0


def sys_mount(machine: Machine, process: Process, call: Mount) -> int:
    source, target, kind = (
        user_memory.text(machine, process, one or "" if isinstance(one, str | None) else one)
        for one in (call.source, call.target, call.filesystem)
    )
    table.mount(machine, process, source, target, kind, call.flags)
    return 0


def sys_umount2(machine: Machine, process: Process, call: Umount2) -> int:
    table.unmount(machine, process, user_memory.text(machine, process, call.target), call.flags)
    return 0


def sys_pivot_root(machine: Machine, process: Process, call: Pivot_root) -> int:
    new, old = (user_memory.text(machine, process, one) for one in (call.new, call.old))
    table.pivot_root(machine, process, new, old)
    return 0


def sys_socket(machine: Machine, process: Process, call: Socket) -> int:
    if (call.domain, call.kind) != (net.AF_INET, net.SOCK_STREAM):
        raise Refused(Errno.EAFNOSUPPORT if call.domain != net.AF_INET else Errno.EINVAL)
    inode = machine.files.new(SOCKET, 0o777, process.credentials.euid, process.credentials.egid)
    inode.driver = net.Socket(process.namespaces.net)
    machine.files.hold(inode)
    try:
        return descriptor(process, OpenFile(inode, O_RDWR))
    except Refused:
        machine.files.release(inode)
        raise


def sys_bind(machine: Machine, process: Process, call: Bind) -> int:
    _socket(process, call.fd).bind(process.credentials, call.address, call.port)
    return 0


def sys_listen(machine: Machine, process: Process, call: Listen) -> int:
    _socket(process, call.fd).listen()
    return 0


def sys_connect(machine: Machine, process: Process, call: Connect) -> int:
    _socket(process, call.fd).connect(call.address, call.port)
    return 0


def _socket(process: Process, fd: int) -> net.Socket:
    file = opened(process, fd)
    driver = file.inode.driver if file.inode else None
    if not isinstance(driver, net.Socket):
        raise Refused(Errno.ENOTSOCK)
    return driver


def sys_msgget(machine: Machine, process: Process, call: Msgget) -> int:
    return process.namespaces.ipc.msgget(call.key, call.flags)
