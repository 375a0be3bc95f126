"""What somebody can do who has become root in a container, tried out on the simulated kernel.

The container has namespaces of its own in any case; five further walls can be put up or left out.
A directory of the host's is mounted in it, as people do with data and with sockets. Each attempt is
a program inside that makes real calls; the outcome is what the kernel answered, and whether the
harm is there afterwards.
Left out: faults of the kernel itself, against which none of these walls helps (``neighbours``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

from lab_kernel.containers.runtime.config import CAPABILITIES, USUAL, Config, Limits
from lab_kernel.containers.runtime.runtime import Bundle, Runtime
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.kinds import CLONE_NEWUSER
from lab_kernel.kernel.namespaces.table import MS_BIND
from lab_kernel.kernel.security import ALL, ROOT
from lab_kernel.kernel.security.profiles import PROFILES
from lab_kernel.kernel.syscalls import (
    Execve,
    Exit,
    Fork,
    Geteuid,
    Kill,
    Mount,
    Nanosleep,
    Open,
    Setpriority,
    Setuid,
    Unshare,
    Wait4,
    Write,
)
from lab_kernel.language import N_

WALLS: Mapping[str, str] = {
    "user": N_("a user namespace"),
    "capabilities": N_("capabilities dropped"),
    "seccomp": N_("a seccomp filter"),
    "no_new_privs": N_("no new privileges (no_new_privs)"),
    "readonly": N_("a read-only root"),
    "limits": N_("a limit of processes"),
}
OWNER = 1000  # who runs the container without root
MOST_PROCESSES, TRIED = 8, 20
_CREATE = 0o101  # O_CREAT|O_WRONLY
Trying: TypeAlias = Any  # generators, which a machine takes as programs


@dataclass(frozen=True, slots=True)
class Outcome:
    """``errno`` is empty where the attempt succeeded."""

    errno: str = ""

    @property
    def succeeded(self) -> bool:
        return not self.errno


def _answer(result: Any) -> str:
    return Errno(-result).name if type(result) in (int, Errno) and result < 0 else ""


def host_file() -> Trying:
    """Write a file of the host's root through a directory that is mounted in the container."""
    fd = yield Open("/data/settings", 1)
    return _answer(fd) or _answer((yield Write(fd, "mine")))


def image() -> Trying:
    """Put a program into the root file system, to be there at the next start."""
    fd = yield Open("/bin/backdoor", _CREATE)
    return _answer(fd)


def mount() -> Trying:
    return _answer((yield Mount("none", "/bin", "tmpfs")))


def namespaces() -> Trying:
    """In new namespaces root has all capabilities again, and with them more of the kernel."""
    return _answer((yield Unshare(CLONE_NEWUSER)))


def priority() -> Trying:
    return _answer((yield Setpriority(-20)))


def processes() -> Trying:
    """As many as one likes, until nobody on the machine can start one."""
    for _each in range(TRIED):
        answer = yield Fork(_idle)
        if answer < 0:
            return _answer(answer)
    return ""


def _idle() -> Trying:
    while True:
        yield Nanosleep(1000)


def set_user_id() -> Trying:
    """An ordinary user of the container becomes its root, by a program with the bit."""
    yield Fork(_ordinary)
    ended = yield Wait4()
    return Errno(ended.code).name if ended.code else ""


def _ordinary() -> Trying:
    answer = yield Setuid(33)
    if answer < 0:
        yield Exit(-answer)
    yield Execve("/bin/su")


def _su() -> Trying:
    """Says by its exit code whether it is root."""
    return Errno.EPERM if (yield Geteuid()) else 0


def host_process() -> Trying:
    """End a process of the host's, by its number."""
    return _answer((yield Kill(VICTIM, 9)))


VICTIM = 2
ATTEMPTS: Mapping[str, tuple[str, Callable[[], Trying]]] = {
    "host process": (N_("kill a process of the host"), host_process),
    "mount": (N_("mount a file system"), mount),
    "priority": (N_("take the CPU from others (nice −20)"), priority),
    "namespaces": (N_("make a user namespace"), namespaces),
    "host file": (N_("write the host's file in /data"), host_file),
    "set-user-ID": (N_("from user 33 to root by a set-user-ID program"), set_user_id),
    "image": (N_("leave a program in the image's /bin"), image),
    "processes": (N_("start processes without end"), processes),
}


def config(walls: Iterable[str]) -> Config:
    """A container with these walls."""
    up = set(walls)
    return Config(
        args=("/bin/attack",),
        readonly="readonly" in up,
        namespaces=USUAL | ({"user"} if "user" in up else set()),
        capabilities=CAPABILITIES if "capabilities" in up else ALL,
        no_new_privs="no_new_privs" in up,
        seccomp=PROFILES["container"] if "seccomp" in up else None,
        limits=Limits(pids=MOST_PROCESSES) if "limits" in up else Limits(),
    )


def attack(walls: Iterable[str], attempt: str) -> Outcome:
    """One attempt in a fresh container on a fresh machine."""
    return _attack(frozenset(walls), attempt)


@cache
def _attack(walls: frozenset[str], attempt: str) -> Outcome:
    chosen = config(walls)
    uid = OWNER if "user" in chosen.namespaces else 0
    told: list[str] = []

    def program() -> Trying:
        told.append((yield from ATTEMPTS[attempt][1]()))

    root = "/home/user/box"
    machine = Machine(
        files={f"{root}/bin/attack": program, f"{root}/bin/su": _su, "/srv/settings": "the host's"}
    )
    for path in (root, f"{root}/bin", f"{root}/bin/attack"):
        machine.files.chown(path, ROOT, uid, uid)
    machine.files.chmod(f"{root}/bin/su", ROOT, 0o4755)
    machine.files.chmod("/srv/settings", ROOT, 0o600)
    machine.files.add(f"{root}/data", mode=0o755, kind="directory")
    machine.spawn(_daemon, f"{root}/data", uid=0, name="daemon")
    machine.run(5)
    runtime = Runtime(machine, uid)
    one = runtime.create("box", Bundle(root, chosen))
    if "limits" in walls and one.group is None:  # made by root beforehand, as systemd does
        group = machine.cgroups.make("box", pids_max=str(MOST_PROCESSES))
        assert one.process is not None
        group.enter(one.process)
    runtime.start("box")
    machine.run(machine.clock.now + 200)
    return Outcome(told[0] if told else "EPERM")


def _daemon(where: str) -> Trying:
    """A process of the host's: it mounts a directory of the host's into the bundle, and waits."""
    yield Mount("/srv", where, "", MS_BIND)
    yield from _idle()


def walls_against(attempt: str) -> tuple[str, ...]:
    """Those that stop it alone, without any other."""
    return tuple(wall for wall in WALLS if not attack((wall,), attempt).succeeded)
