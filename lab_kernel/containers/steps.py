"""A handful of words to try isolation with, the same inside and outside, simulated and real.

A script is lines of words; what is indented below ``child`` is done by a child that is made with
these new namespaces, while its parent waits::

    node                    the host's name; ``node box`` sets it
    child pid uts
      pid                   its own number
      numbers               the processes that /proc shows

``run`` plays a script on the simulated machine and returns its lines with the answers, ``pid = 1``.
The recorder ``tools.record.namespaces`` plays the same scripts on a real Linux, in a tree of files
like ``FILES``, so that the lines can be laid side by side. An error is its name, ``EPERM``.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.kinds import CLONE_NEWNS, CLONE_NEWPID, FLAGS
from lab_kernel.kernel.namespaces.net import ANY, IFF_UP, LOOPBACK, SIOCSIFFLAGS
from lab_kernel.kernel.namespaces.small import IPC_CREAT
from lab_kernel.kernel.namespaces.table import (
    MNT_DETACH,
    MS_BIND,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
)
from lab_kernel.kernel.security import ROOT
from lab_kernel.kernel.syscalls import (
    Bind,
    Chdir,
    Clone,
    Close,
    Connect,
    Fork,
    Getcwd,
    Getdents64,
    Getgid,
    Getpid,
    Getppid,
    Getuid,
    Ioctl,
    Kill,
    Listen,
    Mkdir,
    Mount,
    Msgget,
    Open,
    Pivot_root,
    Read,
    Rmdir,
    Setgid,
    Sethostname,
    Setns,
    Setuid,
    Socket,
    Stat,
    Umount2,
    Uname,
    Unlink,
    Unshare,
    Wait4,
    Write,
)
from lab_kernel.language import _

Asking = Generator[Any, Any, Any]
CREATE, WRITE_ONLY = 0o101, 1

#: What the machine's tree holds besides /bin, /dev, /etc and /proc.
FILES: Mapping[str, str] = {"/box/app": "hello\n", "/srv/data": "outside\n", "/etc/secret": "no\n"}


@dataclass(frozen=True, slots=True)
class Step:
    """A line: its words, and for a child the lines below it."""

    words: tuple[str, ...]
    inside: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.words)


def parse(script: str) -> tuple[Step, ...]:
    """The lines of a script; BadInput for a word that is none, or a line that belongs to nobody."""
    rows = [line for line in script.splitlines() if line.strip()]
    steps, rest = _block(rows, 0)
    if rest:
        raise BadInput("script", _("“{line}” is indented below no child").format(line=rest[0]))
    return steps


def _block(rows: list[str], depth: int) -> tuple[tuple[Step, ...], list[str]]:
    steps: list[Step] = []
    while rows and _depth(rows[0]) == depth:
        words, rows = tuple(rows[0].split()), rows[1:]
        inside: tuple[Step, ...] = ()
        if words[0] == "child":
            inside, rows = _block(rows, depth + 1)
        elif words[0] not in WORDS:
            message = _("{word} is not one of: {allowed}")
            allowed = ", ".join(sorted([*WORDS, "child"]))
            raise BadInput("script", message.format(word=words[0], allowed=allowed))
        steps.append(Step(words, inside))
    return tuple(steps), rows


def _depth(row: str) -> int:
    return (len(row) - len(row.lstrip())) // 2


def run(script: str, *, uid: int = 0) -> list[str]:
    """The script's lines with what the simulated kernel answers to each."""
    told: list[str] = []
    machine = Machine(files=FILES)
    machine.files.chmod("/etc/secret", ROOT, 0o600)
    machine.spawn(_init, parse(script), told, uid, uid=0, namespaces=CLONE_NEWPID | CLONE_NEWNS)
    machine.run()
    return told


def script_of(lines: list[str]) -> str:
    """The script whose lines, with answers, these are."""
    return "\n".join(line.split(" = ")[0] for line in lines)


def _init(steps: tuple[Step, ...], told: list[str], uid: int) -> Asking:
    """Number 1, which has a /proc of its own and reads how number 2 ended."""
    yield Umount2("/proc")
    yield Mount("proc", "/proc", "proc")
    yield Fork(_player, steps, told, uid)
    yield Wait4()


def _player(steps: tuple[Step, ...], told: list[str], uid: int) -> Asking:
    yield Setgid(uid)
    yield Setuid(uid)
    yield from _program(steps, told, 0)


def _program(steps: tuple[Step, ...], told: list[str], depth: int) -> Asking:
    """The process that plays a script: in the simulation all write into one list."""
    yield Chdir("/")
    for step in steps:
        margin = "  " * depth
        if step.words[0] == "child":
            line = len(told)
            told.append("")
            answer = yield Clone(flags(step.words[1:]), _program, step.inside, told, depth + 1)
            told[line] = margin + str(step) + (f" = {shown(answer)}" if answer < 0 else "")
            yield Wait4()
        else:
            answer = yield from WORDS[step.words[0]](*step.words[1:])
            told.append(f"{margin}{step} = {shown(answer)}")


def flags(kinds: tuple[str, ...]) -> int:
    """The flags of these kinds; BadInput names them all."""
    for kind in kinds:
        if kind not in FLAGS:
            message = _("{word} is not one of: {allowed}")
            raise BadInput("script", message.format(word=kind, allowed=", ".join(FLAGS)))
    return sum(FLAGS[kind] for kind in set(kinds))


def shown(answer: Any) -> str:
    """An answer as it stands in a line: a number, a text, names, or the name of an error."""
    if isinstance(answer, int) and not isinstance(answer, bool) and answer < 0:
        return Errno(-answer).name
    if isinstance(answer, list):
        return " ".join(answer) or "nothing"
    return " ".join(str(answer).split())


# --- the words -----------------------------------------------------------------------------------


def _one(call: Callable[..., Any], *kinds: type) -> Callable[..., Asking]:
    """A word that is one system call; its arguments are numbers where ``kinds`` says so."""

    def word(*given: str) -> Asking:
        return (yield call(*(kind(one) for kind, one in zip(kinds, given, strict=True))))

    return word


def _node(name: str = "") -> Asking:
    if name:
        return (yield Sethostname(name))
    return (yield Uname()).node


def _ls(path: str) -> Asking:
    fd = yield Open(path)
    if fd < 0:
        return fd
    names = yield Getdents64(fd)
    yield Close(fd)
    return names


def _cat(path: str) -> Asking:
    fd = yield Open(path)
    if fd < 0:
        return fd
    data = yield Read(fd)
    yield Close(fd)
    return data.decode() if isinstance(data, bytes) else data


def _write(path: str, *words: str) -> Asking:
    """``|`` stands for the end of a line."""
    fd = yield Open(path, WRITE_ONLY)
    if fd < 0:
        return fd
    answer = yield Write(fd, " ".join(words).replace("|", "\n"))
    yield Close(fd)
    return answer


def _touch(path: str) -> Asking:
    fd = yield Open(path, CREATE)
    return fd if fd < 0 else (yield Close(fd))


def _owner(path: str) -> Asking:
    status = yield Stat(path)
    return status if isinstance(status, int) else status.uid


def _numbers() -> Asking:
    names = yield from _ls("/proc")
    return sorted((name for name in names if name.isdecimal()), key=int)


def _join(number: str, kind: str, wanted: str = "") -> Asking:
    """setns: ``wanted`` is the kind that the call names, if any."""
    fd = yield Open(f"/proc/{number}/ns/{kind}")
    if fd < 0:
        return fd
    answer = yield Setns(fd, FLAGS[wanted] if wanted else 0)
    yield Close(fd)
    return answer


def _bind(address: str, port: str) -> Asking:
    """Keeps the socket open when it listens."""
    fd = yield Socket()
    answer = yield Bind(fd, address, int(port))
    if answer < 0:
        yield Close(fd)
        return answer
    return (yield Listen(fd))


def _connect(port: str) -> Asking:
    fd = yield Socket()
    answer = yield Connect(fd, LOOPBACK, int(port))
    yield Close(fd)
    return answer


def _up() -> Asking:
    fd = yield Socket()
    answer = yield Ioctl(fd, SIOCSIFFLAGS, IFF_UP)
    yield Close(fd)
    return answer


def _mounts() -> Asking:
    lines = yield from _cat("/proc/self/mounts")
    return lines if isinstance(lines, int) else [line.split()[1] for line in lines.splitlines()]


WORDS: dict[str, Callable[..., Asking]] = {
    "pid": _one(Getpid),
    "ppid": _one(Getppid),
    "uid": _one(Getuid),
    "gid": _one(Getgid),
    "setuid": _one(Setuid, int),
    "node": _node,
    "numbers": _numbers,
    "kill": _one(Kill, int, int),
    "unshare": lambda *kinds: _one(Unshare, int)(str(flags(kinds))),
    "join": _join,
    "ls": _ls,
    "cat": _cat,
    "write": _write,
    "touch": _touch,
    "owner": _owner,
    "mkdir": _one(Mkdir, str),
    "rmdir": _one(Rmdir, str),
    "rm": _one(Unlink, str),
    "cd": _one(Chdir, str),
    "cwd": _one(Getcwd),
    "mount": lambda kind, path: _one(Mount, str, str, str)("none", path, kind),
    "bind": lambda old, new: _wish(Mount(old, new, None, MS_BIND)),
    "rbind": lambda old, new: _wish(Mount(old, new, None, MS_BIND | MS_REC)),
    "readonly": lambda path: _wish(Mount("none", path, None, MS_BIND | MS_REMOUNT | MS_RDONLY)),
    "umount": lambda path: _wish(Umount2(path)),
    "detach": lambda path: _wish(Umount2(path, MNT_DETACH)),
    "pivot": _one(Pivot_root, str, str),
    "mounts": _mounts,
    "listen": lambda port: _bind(ANY, port),
    "local": lambda port: _bind(LOOPBACK, port),
    "connect": _connect,
    "up": _up,
    "queue": _one(Msgget, int),
    "newqueue": lambda key: _wish(Msgget(int(key), IPC_CREAT)),
}


def _wish(call: Any) -> Asking:
    return (yield call)
