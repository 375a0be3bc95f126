"""From a forked process to a container, one step after the other.

The order is forced. A user namespace comes first, since it gives the rights for the rest. A PID
namespace is for children, so there is a second fork. ``/proc`` is mounted by a process that is in
the new PID namespace already, and rights are given up when nothing is left that needs them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lab_kernel.containers.runtime.config import Config
from lab_kernel.containers.runtime.linux import libc, privileges, rootfs
from lab_kernel.language import _

FLAGS: Mapping[str, int] = {
    "user": libc.CLONE_NEWUSER,
    "pid": libc.CLONE_NEWPID,
    "mount": libc.CLONE_NEWNS,
    "uts": libc.CLONE_NEWUTS,
    "ipc": libc.CLONE_NEWIPC,
    "network": libc.CLONE_NEWNET,
    "cgroup": libc.CLONE_NEWCGROUP,
}


@dataclass(slots=True)
class Start:
    """What the steps work on: ``root`` is the directory that becomes /.

    ``ours``: it was made for this run, so that a directory to start in may be put there.
    """

    config: Config
    root: str
    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    ours: bool = False

    def has(self, namespace: str) -> bool:
        return namespace in self.config.namespaces


Step = Callable[[Start], None]


def user(start: Start) -> None:
    """A user namespace, in which we are user 0 and outside of it who we were."""
    uid, gid = os.geteuid(), os.getegid()
    libc.unshare(libc.CLONE_NEWUSER)
    # without this a plain user may map no group: leaving a group can also be gaining a right
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1", encoding="utf-8")


def pid(start: Start) -> None:
    """The next child is number 1 of a new PID namespace."""
    libc.unshare(libc.CLONE_NEWPID)


def mount(start: Start) -> None:
    libc.unshare(libc.CLONE_NEWNS)
    rootfs.leave_host_mounts()


def uts(start: Start) -> None:
    libc.unshare(libc.CLONE_NEWUTS)
    libc.sethostname(start.config.hostname)


def ipc(start: Start) -> None:
    libc.unshare(libc.CLONE_NEWIPC)


def network(start: Start) -> None:
    """No interface but a loopback of its own, which is down at first."""
    libc.unshare(libc.CLONE_NEWNET)
    _loopback_up()


def cgroup(start: Start) -> None:
    """The control group that we are in looks like the root of all."""
    libc.unshare(libc.CLONE_NEWCGROUP)


def root(start: Start) -> None:
    rootfs.mount_root(start.root)
    rootfs.mount_devices(start.root)
    rootfs.mount_sys(start.root)
    rootfs.mount_proc(start.root)


def pivot_root(start: Start) -> None:
    rootfs.enter(start.root)
    rootfs.cover()


def directory(start: Start) -> None:
    """Where the program starts. Nothing is made in a directory of the reader's."""
    path = Path(start.config.cwd)
    if start.ours:
        with contextlib.suppress(FileExistsError, NotADirectoryError):
            path.mkdir(parents=True, exist_ok=True)
    if not path.is_dir():
        message = _("{path} is not a directory") if path.exists() else _("there is no {path}")
        raise OSError(0, message.format(path=path))


def readonly(start: Start) -> None:
    if start.config.readonly:
        rootfs.make_readonly("/")


def capabilities(start: Start) -> None:
    """The bounding set, then the user, then what the process itself has."""
    privileges.bound(start.config.capabilities)
    privileges.become(start.uid, start.gid, start.groups)
    privileges.hold(start.config.capabilities if start.uid == 0 else frozenset())


def no_new_privs(start: Start) -> None:
    if start.config.no_new_privs:
        privileges.no_new_privileges()


def seccomp(start: Start) -> None:
    if start.config.seccomp is not None and not privileges.filter_missing():
        privileges.filter_calls(start.config.seccomp)


OUTSIDE: Mapping[str, Step] = {"user": user, "pid": pid}  # by the process that stays outside
INSIDE: Mapping[str, Step] = {  # by the first process of the container
    "mount": mount,
    "uts": uts,
    "ipc": ipc,
    "network": network,
    "cgroup": cgroup,
    "root": root,
    "pivot_root": pivot_root,
    "directory": directory,
    "readonly": readonly,
    "capabilities": capabilities,
    "no_new_privs": no_new_privs,
    "seccomp": seccomp,
}


def wanted(start: Start, steps: Mapping[str, Step]) -> list[str]:
    """The steps' names, less the namespaces that the config does not ask for."""
    return start.config.ordered(name for name in steps if name not in FLAGS or start.has(name))


def _loopback_up() -> None:
    import fcntl
    import socket
    import struct

    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        request = struct.pack("16sH14x", b"lo", 0)
        answer = fcntl.ioctl(asking, get_flags, request)
        (flags,) = struct.unpack_from("H", answer, 16)
        fcntl.ioctl(asking, set_flags, struct.pack("16sH14x", b"lo", flags | up))
