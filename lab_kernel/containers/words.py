"""The words of ``steps``: each makes a few system calls and returns the answer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel.namespaces.kinds import FLAGS
from lab_kernel.kernel.namespaces.net import ANY, IFF_UP, LOOPBACK, SIOCSIFFLAGS
from lab_kernel.kernel.namespaces.small import IPC_CREAT
from lab_kernel.kernel.namespaces.table import (
    MNT_DETACH,
    MS_BIND,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
)
from lab_kernel.kernel.syscalls import (
    Bind,
    Chdir,
    Close,
    Connect,
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
    Sethostname,
    Setns,
    Setuid,
    Socket,
    Stat,
    Umount2,
    Uname,
    Unlink,
    Unshare,
    Write,
)
from lab_kernel.language import _

Asking = Generator[Any, Any, Any]
CREATE, WRITE_ONLY = 0o101, 1


def flags(kinds: tuple[str, ...]) -> int:
    """The flags of these kinds; BadInput names them all."""
    for kind in kinds:
        if kind not in FLAGS:
            message = _("{word} is not one of: {allowed}")
            raise BadInput("script", message.format(word=kind, allowed=", ".join(FLAGS)))
    return sum(FLAGS[kind] for kind in set(kinds))


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
    if isinstance(names, int):
        return names
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
