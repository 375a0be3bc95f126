"""Files, descriptors and pipes."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import join, normpath
from typing import TYPE_CHECKING, Any, NamedTuple

from lab_kernel.kernel import lifecycle, user_memory
from lab_kernel.kernel.answer import Sleep, Spin
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.open_file import (
    MOST_FILES,
    O_APPEND,
    O_CREAT,
    O_EXCL,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
    OpenFile,
    PipeBuffer,
    close,
    descriptor,
    opened,
)
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import identity
from lab_kernel.kernel.syscalls.call import Call

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

MOST_BYTES = 1 << 20  # of one read or write
MOST_OFFSET = 1 << 40
READ, WRITE, EXECUTE = 4, 2, 1
PIPE_BUF = 4096  # so much is written in one piece: pipe(7)


class Status(NamedTuple):
    """What stat(2) tells of an inode, as far as this file system has it."""

    number: int
    kind: str
    mode: int
    uid: int
    gid: int
    size: int
    links: int


@dataclass(slots=True)
class Read(Call):
    """Up to ``count`` bytes: as the result, or to the address ``into``, and then their number."""

    fd: int
    count: int = 4096
    into: int | None = None

    @classmethod
    def decoded(cls, *registers: int) -> Read:
        fd, into, count = (*registers, 0, 0, 0)[:3]
        return cls(fd, count, into)

    def registers(self) -> tuple[int, ...]:
        return self.fd, self.into or 0, self.count


@dataclass(slots=True)
class Write(Call):
    """The bytes, or ``count`` of them from an address. The result is how many were written."""

    fd: int
    data: bytes | str | int
    count: int = 0


@dataclass(slots=True)
class Open(Call):
    """The result is the lowest descriptor that is not in use."""

    path: str | int
    flags: int = O_RDONLY
    mode: int = 0o666


@dataclass(slots=True)
class Close(Call):
    """The descriptor stands for nothing any more."""

    fd: int


@dataclass(slots=True)
class Stat(Call):
    """The result is a Status."""

    path: str | int


@dataclass(slots=True)
class Lseek(Call):
    """Move in a file. ``whence`` 0: from the start, 1: from here, 2: from the end."""

    fd: int
    offset: int
    whence: int = 0


@dataclass(slots=True)
class Ioctl(Call):
    """A request that only the driver of the device understands."""

    fd: int
    request: int
    argument: int = 0


@dataclass(slots=True)
class Pipe(Call):
    """The result is two descriptors: what is written to the second is read from the first."""


@dataclass(slots=True)
class Dup(Call):
    """The lowest free descriptor stands for the same open file."""

    fd: int


@dataclass(slots=True)
class Dup2(Call):
    """``new`` stands for the same open file; what it stood for is closed first."""

    fd: int
    new: int


@dataclass(slots=True)
class Mkdir(Call):
    """A new, empty directory."""

    path: str | int
    mode: int = 0o777


@dataclass(slots=True)
class Rmdir(Call):
    """Remove an empty directory."""

    path: str | int


@dataclass(slots=True)
class Unlink(Call):
    """Remove a name. The file lives on while somebody has it open."""

    path: str | int


@dataclass(slots=True)
class Rename(Call):
    """Another name, in one step; what had that name is gone."""

    old: str | int
    new: str | int


@dataclass(slots=True)
class Chmod(Call):
    """Change the permission bits: the owner may, or who has CAP_FOWNER."""

    path: str | int
    mode: int


@dataclass(slots=True)
class Chown(Call):
    """Give the file away: CAP_CHOWN."""

    path: str | int
    uid: int
    gid: int


@dataclass(slots=True)
class Chdir(Call):
    """Paths that do not begin with / start here from now on."""

    path: str | int


@dataclass(slots=True)
class Getcwd(Call):
    """Where relative paths start."""


@dataclass(slots=True)
class Umask(Call):
    """The permission bits that new files do not get; the result is what it was."""

    mask: int


@dataclass(slots=True)
class Getdents64(Call):
    """The names in a directory that was opened."""

    fd: int


def sys_read(machine: Machine, process: Process, call: Read) -> Any:
    file, count = opened(process, call.fd), min(call.count, MOST_BYTES)
    if not file.readable:
        raise Refused(Errno.EBADF)
    if count < 0:
        raise Refused(Errno.EINVAL)
    if call.into is not None:
        user_memory.check(process, call.into, count, write=True)
    data = _read(machine, process, file, count)
    if call.into is None or isinstance(data, Sleep | Spin):
        return data
    user_memory.copy_out(machine, process, call.into, data)
    return len(data)


def _read(machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Sleep | Spin:
    if file.pipe:
        data = bytes(file.pipe.buffer[:count])
        if not data and file.pipe.writers and count:
            return Sleep(file.pipe, "pipe")
        del file.pipe.buffer[:count]
        machine.wake(file.pipe)
        return data
    assert file.inode is not None
    if file.inode.kind == "directory":
        raise Refused(Errno.EISDIR)
    if file.inode.driver:
        answer: bytes | Sleep | Spin = file.inode.driver.read(machine, process, file, count)
        return answer
    data = machine.files.read(file.inode, file.offset, count)
    file.offset += len(data)
    return data


def sys_write(machine: Machine, process: Process, call: Write) -> Any:
    file = opened(process, call.fd)
    if not file.writable:
        raise Refused(Errno.EBADF)
    if isinstance(call.data, int):
        if call.count < 0:
            raise Refused(Errno.EINVAL)
        data = user_memory.copy_in(machine, process, call.data, min(call.count, MOST_BYTES))
    else:
        data = call.data.encode() if isinstance(call.data, str) else call.data
    if file.pipe:
        return _write_pipe(machine, process, file.pipe, data)
    assert file.inode is not None
    if file.inode.driver:
        return file.inode.driver.write(machine, process, file, data)
    if file.flags & O_APPEND:
        file.offset = file.inode.size
    written = machine.files.write(file.inode, file.offset, data, process.credentials)
    file.offset += written
    return written


def _write_pipe(machine: Machine, process: Process, pipe: PipeBuffer, data: bytes) -> int | Sleep:
    """Up to PIPE_BUF bytes go in one piece; more may go in several, a reader between them."""
    done = process.pending or 0
    if not pipe.readers:
        lifecycle.signal(machine, process, Signum.SIGPIPE)
        raise Refused(Errno.EPIPE)
    if pipe.room >= len(data) - done or (len(data) > PIPE_BUF and pipe.room):
        part = data[done : done + pipe.room]
        pipe.buffer += part
        process.pending = done + len(part)
        machine.wake(pipe)
    if process.pending == len(data) or not data:
        return len(data)
    return Sleep(pipe, "pipe")


def sys_open(machine: Machine, process: Process, call: Open) -> int:
    path, who = user_memory.text(machine, process, call.path), process.credentials
    writes = call.flags & 3 != O_RDONLY
    try:
        inode = machine.files.find(path, who, process.view)
    except Refused as refused:
        if refused.errno is not Errno.ENOENT or not call.flags & O_CREAT:
            raise
        mode = call.mode & 0o7777 & ~process.umask
        inode = machine.files.create(path, who, mode, cwd=process.view)
    else:
        if call.flags & O_CREAT and call.flags & O_EXCL:
            raise Refused(Errno.EEXIST)
        if inode.kind == "directory" and (writes or call.flags & O_CREAT):
            raise Refused(Errno.EISDIR)
        if writes:
            machine.files.find(path, who, process.view, write=True)
        want = (READ if call.flags & 3 != O_WRONLY else 0) | (WRITE if writes else 0)
        machine.files.require(inode, who, want)
    if call.flags & O_TRUNC and writes and inode.kind == "file":
        machine.files.truncate(inode)
    if told := getattr(inode.driver, "opened", None):
        told(process)
    fd = descriptor(process, OpenFile(inode, call.flags))
    machine.files.hold(inode)
    return fd


def sys_close(machine: Machine, process: Process, call: Close) -> int:
    opened(process, call.fd)
    close(machine, process, call.fd)
    return 0


def sys_stat(machine: Machine, process: Process, call: Stat) -> Status:
    path = user_memory.text(machine, process, call.path)
    one = machine.files.find(path, process.credentials, process.view)
    seen = process.credentials.namespace
    uid, gid = seen.shown(one.uid), seen.shown(one.gid, group=True)
    return Status(one.number, one.kind, one.mode, uid, gid, one.size, one.links)


def sys_lseek(machine: Machine, process: Process, call: Lseek) -> int:
    file = opened(process, call.fd)
    if file.inode is None:
        raise Refused(Errno.ESPIPE)
    if call.whence not in (0, 1, 2):
        raise Refused(Errno.EINVAL)
    place = call.offset + (0, file.offset, file.inode.size)[call.whence]
    if not 0 <= place <= MOST_OFFSET:
        raise Refused(Errno.EINVAL)
    file.offset = place
    return place


def sys_ioctl(machine: Machine, process: Process, call: Ioctl) -> Any:
    file = opened(process, call.fd)
    if file.inode is None or not file.inode.driver:
        raise Refused(Errno.ENOTTY)
    return file.inode.driver.ioctl(machine, process, file, call.request, call.argument)


def sys_pipe(machine: Machine, process: Process, call: Pipe) -> tuple[int, int]:
    if len(process.files) + 2 > MOST_FILES:
        raise Refused(Errno.EMFILE)
    pipe = PipeBuffer()
    reading = descriptor(process, OpenFile(None, O_RDONLY, pipe))
    return reading, descriptor(process, OpenFile(None, O_WRONLY, pipe))


def sys_dup(machine: Machine, process: Process, call: Dup) -> int:
    return descriptor(process, opened(process, call.fd))


def sys_dup2(machine: Machine, process: Process, call: Dup2) -> int:
    file = opened(process, call.fd)
    if not 0 <= call.new < MOST_FILES:
        raise Refused(Errno.EBADF)
    if call.new != call.fd:
        if call.new in process.files:
            close(machine, process, call.new)
        process.files[call.new] = file.hold()
    return call.new


def sys_mkdir(machine: Machine, process: Process, call: Mkdir) -> int:
    mode = call.mode & 0o1777 & ~process.umask
    path = user_memory.text(machine, process, call.path)
    machine.files.mkdir(path, process.credentials, mode, cwd=process.view)
    return 0


def sys_rmdir(machine: Machine, process: Process, call: Rmdir) -> int:
    machine.files.rmdir(
        user_memory.text(machine, process, call.path), process.credentials, process.view
    )
    return 0


def sys_unlink(machine: Machine, process: Process, call: Unlink) -> int:
    machine.files.unlink(
        user_memory.text(machine, process, call.path), process.credentials, process.view
    )
    return 0


def sys_rename(machine: Machine, process: Process, call: Rename) -> int:
    old, new = (
        user_memory.text(machine, process, call.old),
        user_memory.text(machine, process, call.new),
    )
    machine.files.rename(old, new, process.credentials, process.view)
    return 0


def sys_chmod(machine: Machine, process: Process, call: Chmod) -> int:
    path = user_memory.text(machine, process, call.path)
    machine.files.chmod(path, process.credentials, call.mode & 0o7777, process.view)
    return 0


def sys_chown(machine: Machine, process: Process, call: Chown) -> int:
    path = user_memory.text(machine, process, call.path)
    uid, gid = identity.kernel_ids(process, call.uid, call.gid)
    machine.files.chown(path, process.credentials, uid, gid, process.view)
    return 0


def sys_chdir(machine: Machine, process: Process, call: Chdir) -> int:
    path = user_memory.text(machine, process, call.path)
    inode = machine.files.find(path, process.credentials, process.view)
    if inode.kind != "directory":
        raise Refused(Errno.ENOTDIR)
    inode.require(process.credentials, EXECUTE)
    process.cwd = normpath(join(process.cwd, path))
    return 0


def sys_getcwd(machine: Machine, process: Process, call: Getcwd) -> str:
    return process.cwd


def sys_umask(machine: Machine, process: Process, call: Umask) -> int:
    before, process.umask = process.umask, call.mask & 0o777
    return before


def sys_getdents64(machine: Machine, process: Process, call: Getdents64) -> list[str]:
    file = opened(process, call.fd)
    if file.inode is None or file.inode.kind != "directory":
        raise Refused(Errno.ENOTDIR)
    return sorted(file.inode.entries)
