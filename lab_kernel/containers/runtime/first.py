"""From a process to a container, step after step, by system calls of the simulated kernel.

The same steps in the same order as on a real Linux (``linux.steps``), under the same names. They
are programs: ``yield`` asks the kernel, and a call that it refuses ends the start. The guard makes
the user and PID namespaces and stays outside, as runc's parent does; its child is the container.
Left out of the simulation: /dev beyond an empty tmpfs, /sys, covering single files of /proc, the
loopback's address.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lab_kernel.containers.runtime.config import Config
from lab_kernel.containers.runtime.look import Seen, look
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.namespaces import net, table
from lab_kernel.kernel.namespaces.kinds import (
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
)
from lab_kernel.kernel.open_file import O_WRONLY
from lab_kernel.kernel.security import Capability
from lab_kernel.kernel.syscalls import (
    Capset,
    Chdir,
    Close,
    Execve,
    Exit,
    Fork,
    Getegid,
    Geteuid,
    Ioctl,
    Mkdir,
    Mount,
    Open,
    Pipe,
    Pivot_root,
    Prctl,
    Read,
    Seccomp,
    Setgid,
    Sethostname,
    Setuid,
    Socket,
    Umount2,
    Unshare,
    Wait4,
    Write,
)
from lab_kernel.kernel.syscalls.identity import PR_CAPBSET_DROP

Running = Generator[Any, Any, Any]


class StepFailed(Exception):
    """The kernel refused a call of a step."""

    def __init__(self, errno: int) -> None:
        self.errno = errno
        super().__init__(errno)


@dataclass(slots=True)
class Start:
    """What the steps work on and what is known of them from outside.

    ``seen`` is what the process saw after each step, if ``watch`` is set; ``failed`` the step that
    was refused, and why. ``entered`` is called when the first process is there, to put it into its
    control group.
    """

    config: Config
    root: str
    entered: Callable[[int], None] = lambda pid: None
    watch: bool = False
    seen: dict[str, Seen] = field(default_factory=dict)
    failed: tuple[str, Errno] | None = None
    ready: bool = False
    gate: int = -1
    code: int = 0
    signal: int = 0


def must(call: Any) -> Running:
    """The call's result; StepFailed if it was refused."""
    result = yield call
    if type(result) in (int, Errno) and result < 0:
        raise StepFailed(-result)
    return result


def written(path: str, text: str) -> Running:
    fd = yield from must(Open(path, O_WRONLY))
    yield from must(Write(fd, text))
    yield from must(Close(fd))


def user(start: Start) -> Running:
    uid, gid = (yield Geteuid()), (yield Getegid())
    yield from must(Unshare(CLONE_NEWUSER))
    yield from written("/proc/self/setgroups", "deny")
    yield from written("/proc/self/uid_map", f"0 {uid} 1")
    yield from written("/proc/self/gid_map", f"0 {gid} 1")


def pid(start: Start) -> Running:
    yield from must(Unshare(CLONE_NEWPID))


def mount(start: Start) -> Running:
    yield from must(Unshare(CLONE_NEWNS))
    yield from must(Mount("", "/", "", table.MS_REC | table.MS_PRIVATE))


def uts(start: Start) -> Running:
    yield from must(Unshare(CLONE_NEWUTS))
    yield from must(Sethostname(start.config.hostname))


def ipc(start: Start) -> Running:
    yield from must(Unshare(CLONE_NEWIPC))


def network(start: Start) -> Running:
    yield from must(Unshare(CLONE_NEWNET))
    fd = yield from must(Socket())
    yield from must(Ioctl(fd, net.SIOCSIFFLAGS, net.IFF_UP))
    yield from must(Close(fd))


def cgroup(start: Start) -> Running:
    yield from must(Unshare(CLONE_NEWCGROUP))


def root(start: Start) -> Running:
    where = start.root
    yield from must(Mount(where, where, "", table.MS_BIND | table.MS_REC))
    for name, kind in (("dev", "tmpfs"), ("proc", "proc")):
        yield Mkdir(f"{where}/{name}", 0o755)  # it may be there
        yield from must(Mount(kind, f"{where}/{name}", kind))


def pivot_root(start: Start) -> Running:
    yield from must(Chdir(start.root))
    yield from must(Pivot_root(".", "."))
    yield from must(Umount2(".", table.MNT_DETACH))
    yield from must(Chdir("/"))


def directory(start: Start) -> Running:
    path = ""
    for name in filter(None, start.config.cwd.split("/")):
        path += f"/{name}"
        yield Mkdir(path, 0o755)


def readonly(start: Start) -> Running:
    if start.config.readonly:
        yield from must(Mount("", "/", "", table.MS_REMOUNT | table.MS_BIND | table.MS_RDONLY))


def capabilities(start: Start) -> Running:
    kept = start.config.capabilities
    for each in sorted(set(Capability) - kept):
        yield from must(Prctl(PR_CAPBSET_DROP, each))
    uid, _colon, gid = start.config.user.partition(":")
    yield from must(Setgid(int(gid or 0)))
    yield from must(Setuid(int(uid)))
    yield from must(Capset(sum(1 << each for each in kept) if int(uid) == 0 else 0))


def no_new_privs(start: Start) -> Running:
    if start.config.no_new_privs:
        yield from must(Prctl())


def seccomp(start: Start) -> Running:
    if start.config.seccomp is not None:
        yield from must(Seccomp(start.config.seccomp))


Step = Callable[[Start], Running]
OUTSIDE: Mapping[str, Step] = {"user": user, "pid": pid}
INSIDE: Mapping[str, Step] = {
    each.__name__: each
    for each in (
        mount, uts, ipc, network, cgroup, root, pivot_root, directory, readonly, capabilities,
        no_new_privs, seccomp,
    )
}  # fmt: skip
KINDS = ("user", "pid", "mount", "uts", "ipc", "network", "cgroup")


def guard(start: Start) -> Running:
    """The process outside: two namespaces, the child, and then waiting for its end."""
    step = ""
    try:
        go, going = yield from must(Pipe())
        gate, start.gate = yield from must(Pipe())
        yield from _watch(start, "host")
        for step in _wanted(start, OUTSIDE):
            yield from OUTSIDE[step](start)
            yield from _watch(start, step)
        step = "fork"
        child = yield from must(Fork(first, start, go, gate))
        start.entered(child)
        yield from must(Write(going, b"!"))
    except StepFailed as refused:
        start.failed = (step, Errno(refused.errno))
        yield Exit(1)
    ended = yield Wait4()
    start.code, start.signal = ended.code, ended.signal
    yield Exit(ended.code)


def first(start: Start, go: int, gate: int) -> Running:
    """Number 1 of the container: the rest of the steps, the wait for ``start``, the program."""
    step = "fork"
    try:
        yield from must(Read(go, 1))
        yield from _watch(start, step)
        for step in _wanted(start, INSIDE):
            yield from INSIDE[step](start)
            yield from _watch(start, step)
        start.ready = True
        yield from must(Read(gate, 1))
        step = "exec"
        for fd in range(3, 8):  # a descriptor that leaks in is a way out
            yield Close(fd)
        yield from must(Chdir(start.config.cwd))
        program, *words = start.config.args
        yield from must(Execve(program, *words))
    except StepFailed as refused:
        start.failed = (step, Errno(refused.errno))
        yield Exit(1)


def _watch(start: Start, step: str) -> Running:
    if start.watch:
        start.seen[step] = yield from look()


def _wanted(start: Start, steps: Mapping[str, Step]) -> list[str]:
    namespaces = start.config.namespaces
    return start.config.ordered(name for name in steps if name not in KINDS or name in namespaces)
