"""What a process sees around it, by a handful of system calls: as ``ps``, ``hostname`` and ``ls``.

Asked before the first step of a start and after each, here and on a real Linux: ``linux.look``
makes the same record, and ``lab_kernel.host`` has one that was recorded.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.kernel.syscalls import (
    Close,
    Getdents64,
    Getegid,
    Geteuid,
    Getpid,
    Open,
    Read,
    Stat,
    Uname,
)

# by the name in /proc/PID/ns: what the specification calls it
NAMES = {
    "user": "user", "pid": "pid", "mnt": "mount", "uts": "uts", "ipc": "ipc", "net": "network",
    "cgroup": "cgroup",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """``processes`` is how many /proc shows, ``files`` the names in ``/``, ``mounts`` how many.

    ``cgroup`` is the path in /proc/self/cgroup, ``capabilities`` the effective mask,
    ``namespaces`` the number of each kind that tells it from others.
    """

    pid: int
    uid: int
    gid: int
    nodename: str
    processes: int
    files: tuple[str, ...]
    mounts: int
    cgroup: str
    capabilities: int
    no_new_privs: bool
    seccomp: int
    readonly: bool
    namespaces: dict[str, int]

    def own(self, host: Seen) -> tuple[str, ...]:
        """The kinds of namespaces that are not the host's any more."""
        return tuple(
            kind for kind in NAMES.values() if self.namespaces[kind] != host.namespaces[kind]
        )


def look() -> Generator[Any, Any, Seen]:
    """As ``seen = yield from look()``."""
    pid, uid, gid = (yield Getpid()), (yield Geteuid()), (yield Getegid())
    name = yield Uname()
    numbers = yield from _names("/proc")
    files = yield from _names("/")
    mounts = (yield from _text("/proc/self/mounts")).splitlines()
    status = read_status((yield from _text("/proc/self/status")))
    cgroup = yield from _text("/proc/self/cgroup")
    namespaces = {}
    for link, kind in NAMES.items():
        namespaces[kind] = (yield Stat(f"/proc/self/ns/{link}")).number
    return Seen(
        pid, uid, gid, name.node,
        sum(each.isdecimal() for each in numbers),
        tuple(sorted(files)),
        len(mounts),
        cgroup.strip().removeprefix("0::"),
        int(status["CapEff"], 16), status["NoNewPrivs"] == "1", int(status["Seccomp"]),
        root_is_readonly(mounts),
        namespaces,
    )  # fmt: skip


def read_status(text: str) -> dict[str, str]:
    """/proc/PID/status by its fields."""
    return {
        name: value.strip()
        for name, _colon, value in (line.partition(":") for line in text.splitlines())
    }


def root_is_readonly(mounts: list[str]) -> bool:
    """The last mount on / decides; its options begin with rw or ro."""
    options = [line.split()[3] for line in mounts if line.split()[1] == "/"]
    return bool(options) and options[-1].startswith("ro")


def _text(path: str) -> Generator[Any, Any, str]:
    """A file's text; empty where it cannot be read."""
    fd = yield Open(path)
    if fd < 0:
        return ""
    text = b""
    while (data := (yield Read(fd, 4096))) and not isinstance(data, int):
        text += data
    yield Close(fd)
    return text.decode()


def _names(path: str) -> Generator[Any, Any, list[str]]:
    fd = yield Open(path)
    if fd < 0:
        return []
    names = yield Getdents64(fd)
    yield Close(fd)
    return [] if isinstance(names, int) else list(names)
