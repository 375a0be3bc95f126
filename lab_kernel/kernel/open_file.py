"""Open files: what a descriptor points to.

A descriptor is a number in one process; an OpenFile (Linux: the open file description) is what
it stands for, with its place in the file, and several descriptors of several processes can stand
for the same one: that is what fork, dup and pipes are made of.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.filesystem import Inode
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

O_RDONLY, O_WRONLY, O_RDWR = 0, 1, 2
O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0o100, 0o200, 0o1000, 0o2000
O_CLOEXEC = 0o2000000

PIPE_SIZE = 65_536  # pipe(7)
MOST_FILES = 64  # descriptors of one process; Linux: RLIMIT_NOFILE


@dataclass(slots=True, eq=False)
class PipeBuffer:
    """Bytes on their way from those who hold its writing end to those who hold the other."""

    buffer: bytearray = field(default_factory=bytearray)
    readers: int = 0
    writers: int = 0

    @property
    def room(self) -> int:
        return PIPE_SIZE - len(self.buffer)


@dataclass(slots=True, eq=False)
class OpenFile:
    """An inode or a pipe, opened. ``users`` counts the descriptors that stand for it.

    ``state`` belongs to the driver of a device.
    """

    inode: Inode | None
    flags: int = O_RDONLY
    pipe: PipeBuffer | None = None
    offset: int = 0
    users: int = 0
    state: Any = None

    @property
    def readable(self) -> bool:
        return self.flags & 3 in (O_RDONLY, O_RDWR)

    @property
    def writable(self) -> bool:
        return self.flags & 3 in (O_WRONLY, O_RDWR)

    def hold(self) -> OpenFile:
        """One more descriptor stands for it."""
        self.users += 1
        if self.pipe and self.users == 1:
            self.pipe.readers += self.readable
            self.pipe.writers += self.writable
        return self

    def release(self) -> bool:
        """One descriptor fewer; whether that was the last, which closes the file."""
        self.users -= 1
        if self.users:
            return False
        if self.pipe:
            self.pipe.readers -= self.readable
            self.pipe.writers -= self.writable
        return True


def opened(process: Process, fd: int) -> OpenFile:
    """What a descriptor stands for; EBADF."""
    found = process.files.get(fd)
    if found is None:
        raise Refused(Errno.EBADF)
    return found


def descriptor(process: Process, file: OpenFile) -> int:
    """The lowest free number for it; EMFILE."""
    fd = next((n for n in range(MOST_FILES) if n not in process.files), None)
    if fd is None:
        raise Refused(Errno.EMFILE)
    process.files[fd] = file.hold()
    return fd


def close(machine: Machine, process: Process, fd: int) -> None:
    """Let go of a descriptor; the last one of a pipe's end wakes the other end.

    A driver that has ``release`` is told of the last one (Linux: file_operations.release).
    """
    file = process.files.pop(fd)
    if not file.release():
        return
    if file.inode:
        if told := getattr(file.inode.driver, "release", None):
            told(machine, process, file)
        machine.files.release(file.inode)
    if file.pipe:
        machine.wake(file.pipe)
