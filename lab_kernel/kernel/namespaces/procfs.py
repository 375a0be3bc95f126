"""/proc: the processes of one pid namespace, as files.

A mounted proc shows the pid namespace of whoever mounted it, for good: that is why a container
mounts its own, and why ps in a new pid namespace goes on to show the old one until it does.

Modelled: the numbers, and of each process ``comm``, ``status``, ``mounts``, ``cgroup``,
``uid_map``, ``gid_map``, ``setgroups`` and ``ns/``. Opening a file in ``ns`` gives a descriptor for
setns, and its inode number is the namespace's (on Linux these are links). All inodes are made when
they are asked for.
Source: proc(5); Linux, fs/proc/, kernel/ptrace.c, __ptrace_may_access(), for who may open ``ns``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import DIRECTORY, FILE, SYMLINK, Inode
from lab_kernel.kernel.namespaces.idmap import write_map, write_setgroups
from lab_kernel.kernel.namespaces.kinds import FLAGS
from lab_kernel.kernel.namespaces.pid import PidNamespace
from lab_kernel.kernel.security.capabilities import Capability, mask

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.namespaces.kinds import Namespace
    from lab_kernel.kernel.namespaces.user import UserNamespace
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process

FIRST_NUMBER = 1 << 33  # of inodes, above all that the inode table gives out
PER_PROCESS = 64


class Text:
    """The driver of a file in /proc: reading asks ``tell``, writing calls ``take``."""

    def __init__(
        self,
        tell: Callable[[Process], str] | None,
        take: Callable[[Process, str], None] | None = None,
    ) -> None:
        self.tell, self.take = tell, take

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes:
        if self.tell is None:
            raise Refused(Errno.EINVAL)
        data = self.tell(process).encode()[file.offset : file.offset + count]
        file.offset += len(data)
        return data

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        if self.take is None:
            raise Refused(Errno.EINVAL)
        self.take(process, data.decode("utf-8", "replace"))
        return len(data)

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int
    ) -> int:
        raise Refused(Errno.ENOTTY)


class NamespaceFile(Text):
    """A file in ``ns``: what a descriptor for setns stands for."""

    def __init__(self, namespace: Namespace | UserNamespace, process: Process) -> None:
        super().__init__(None)
        self.namespace, self._process = namespace, process

    def opened(self, reader: Process) -> None:
        if not may_look_into(reader, self._process):
            raise Refused(Errno.EACCES)


class Entries(Mapping[str, Inode]):
    """A directory whose names are worked out when they are asked for."""

    def __init__(self, names: Callable[[], list[str]], make: Callable[[str], Inode]) -> None:
        self._names, self._make = names, make

    def __getitem__(self, name: str) -> Inode:
        if name not in self._names():
            raise KeyError(name)
        return self._make(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())


def mounted(machine: Machine, process: Process) -> Inode:
    """The root of a proc that is mounted by this process: CAP_SYS_ADMIN over its pid namespace."""
    here = process.namespaces.pid
    process.credentials.require(Capability.SYS_ADMIN, here.owner)
    return root(here)


def root(here: PidNamespace) -> Inode:
    """The root of a proc that shows this pid namespace."""

    def own(reader: Process | None) -> str:
        if not here.number_of(reader):
            raise Refused(Errno.ENOENT)
        return str(here.number_of(reader))

    links: dict[str, Callable[[Process | None], str]] = {
        "self": own,
        "mounts": lambda _reader: "self/mounts",
    }

    def names() -> list[str]:
        return [*map(str, here.processes), *links]

    def make(name: str) -> Inode:
        if name in links:
            return _inode(1 + list(links).index(name), SYMLINK, 0o777, driver=links[name])
        return _process(here, here.processes[int(name)], int(name))

    return _directory(0, Entries(names, make))


def _process(here: PidNamespace, process: Process, number: int) -> Inode:
    first, who = number * PER_PROCESS, process.credentials.euid
    inside = process.credentials.namespace
    files: dict[str, tuple[int, Text]] = {
        "comm": (0o444, Text(lambda _reader: f"{process.command}\n")),
        "status": (0o444, Text(lambda reader: status(here, process, reader))),
        "mounts": (0o444, Text(lambda _reader: mounts(process))),
        "cgroup": (0o444, Text(lambda reader: cgroup(process, reader))),
        "uid_map": (
            0o644,
            Text(
                lambda reader: inside.map_text(reader.credentials.namespace),
                lambda writer, text: write_map(inside, writer.credentials, text),
            ),
        ),
        "gid_map": (
            0o644,
            Text(
                lambda reader: inside.map_text(reader.credentials.namespace, group=True),
                lambda writer, text: write_map(inside, writer.credentials, text, group=True),
            ),
        ),
        "setgroups": (
            0o644,
            Text(
                lambda _reader: "allow\n" if inside.setgroups else "deny\n",
                lambda writer, text: write_setgroups(inside, writer.credentials, text),
            ),
        ),
    }
    order = [*files, "ns"]

    def make(name: str) -> Inode:
        at = first + 1 + order.index(name)
        if name == "ns":
            return _directory(at, Entries(lambda: list(FLAGS), lambda kind: _link(process, kind)))
        mode, driver = files[name]
        return _inode(at, FILE, mode, who, driver=driver)

    return _directory(first, Entries(lambda: order, make))


def _link(process: Process, kind: str) -> Inode:
    namespace = process.namespaces.of(kind, process.credentials)
    driver = NamespaceFile(namespace, process)
    return Inode(namespace.number, FILE, 0o444, links=1, driver=driver)


def may_look_into(reader: Process, process: Process) -> bool:
    """The same user with no fewer capabilities, or CAP_SYS_PTRACE over the other's namespace."""
    own, its = reader.credentials, process.credentials
    users, groups = {its.uid, its.euid, its.suid}, {its.gid, its.egid, its.sgid}
    same = {own.euid} == users and {own.egid} == groups
    enough = own.namespace is its.namespace and its.permitted <= own.permitted
    privileged = own.has(Capability.SYS_PTRACE, its.namespace)
    return reader is process or privileged or (same and enough)


def status(here: PidNamespace, process: Process, reader: Process) -> str:
    """Some lines of /proc/PID/status: numbers as this proc, users as the reader sees them."""
    who, seen = process.credentials, reader.credentials.namespace
    parent = here.number_of(process.parent) or (1 if here.parent is None else 0)
    users = "\t".join(str(seen.shown(one)) for one in (who.uid, who.euid, who.suid))
    groups = "\t".join(str(seen.shown(one, group=True)) for one in (who.gid, who.egid, who.sgid))
    numbers = [process.numbers[one] for one in process.namespaces.pid.around][::-1]
    shown = numbers[here.level :]
    return (
        f"Name:\t{process.command}\nState:\t{process.state.value}\nPid:\t{here.number_of(process)}\n"
        f"PPid:\t{parent}\nUid:\t{users}\nGid:\t{groups}\n"
        f"NSpid:\t{chr(9).join(map(str, shown))}\nCapEff:\t{mask(who.effective)}\n"
        f"CapBnd:\t{mask(who.bounding)}\nNoNewPrivs:\t{int(who.no_new_privs)}\n"
        f"Seccomp:\t{2 if process.filters else 0}\n"
    )


def mounts(process: Process) -> str:
    """The tree of the process's mount namespace, a line each: source, path, kind, ro or rw."""
    return "".join(
        f"{mount.source} {mount.path or '/'} {mount.kind} {'ro' if mount.readonly else 'rw'}\n"
        for mount in process.namespaces.mnt.tree()
    )


def cgroup(process: Process, reader: Process) -> str:
    """Its cgroup, from the root of the reader's cgroup namespace."""
    return f"0::{reader.namespaces.cgroup.shown(process.cgroup_path)}\n"


def _directory(number: int, entries: Entries) -> Inode:
    return _inode(number, DIRECTORY, 0o555, entries=entries, driver=Text(None))


def _inode(number: int, kind: str, mode: int, uid: int = 0, **rest: object) -> Inode:
    return Inode(FIRST_NUMBER + number, kind, mode, uid, uid, links=1, **rest)  # type: ignore[arg-type]
