"""Three kinds that hold little: the host's name, message queues by key, the root of the cgroups.

Source: uts_namespaces(7), ipc_namespaces(7), cgroup_namespaces(7). Of System V IPC only the keys of
message queues are here (msgget(2)): who has the key has the queue, if it is in the same namespace.
Left out: what a queue carries and who may use it, semaphores, shared memory, the domain name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from posixpath import relpath

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces.kinds import Namespace

IPC_PRIVATE = 0
IPC_CREAT, IPC_EXCL = 0o1000, 0o2000
LONGEST_HOST_NAME = 64


@dataclass(slots=True, eq=False, kw_only=True)
class UtsNamespace(Namespace):
    """What uname(2) calls the node. A new one starts with the name of the old one."""

    name: str = "lab"

    def rename(self, name: str) -> None:
        if len(name.encode()) > LONGEST_HOST_NAME:
            raise Refused(Errno.EINVAL)
        self.name = name


@dataclass(slots=True, eq=False, kw_only=True)
class IpcNamespace(Namespace):
    """Message queues: the identifier of each, by its key. A new one starts empty."""

    queues: dict[int, int] = field(default_factory=dict)
    next: int = 0

    def msgget(self, key: int, flags: int) -> int:
        """The queue's identifier; ENOENT, or with IPC_CREAT a new one; EEXIST with IPC_EXCL."""
        if key != IPC_PRIVATE and key in self.queues:
            if flags & IPC_CREAT and flags & IPC_EXCL:
                raise Refused(Errno.EEXIST)
            return self.queues[key]
        if key != IPC_PRIVATE and not flags & IPC_CREAT:
            raise Refused(Errno.ENOENT)
        identifier, self.next = self.next, self.next + 1
        if key != IPC_PRIVATE:
            self.queues[key] = identifier
        return identifier


@dataclass(slots=True, eq=False, kw_only=True)
class CgroupNamespace(Namespace):
    """``root`` is the path of the cgroup in which it was made: inside, that is ``/``."""

    root: str = "/"

    def shown(self, path: str) -> str:
        """A cgroup's path as it is seen here; from outside the root it starts with ``/..``."""
        seen = relpath(path, self.root)
        return "/" if seen == "." else f"/{seen}"
