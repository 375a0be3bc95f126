"""What crosses the border between the modes is copied, page by page, with the user's own rights.

The kernel never follows a user's pointer: it asks the same memory management as the program would,
and what the program may not touch is EFAULT. Pages that are not in memory are brought in. Left
out: the ticks that such a fault costs inside a system call.
Linux: copy_from_user, copy_to_user, strncpy_from_user.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.instructions import touch
from lab_kernel.kernel.paging import PAGE_SIZE

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

MOST_LETTERS = 4096  # of a path: PATH_MAX


def check(process: Process, address: int, count: int, *, write: bool) -> None:
    """EFAULT unless all of it is mapped and allows that; nothing is brought in."""
    if process.space is None or address < 0 or count < 0:
        raise Refused(Errno.EFAULT)
    page, last = address // PAGE_SIZE, (address + max(count, 1) - 1) // PAGE_SIZE
    while page <= last:
        region = process.space.region_at(page)
        if region is None or (write and not region.writable):
            raise Refused(Errno.EFAULT)
        page = region.end


def copy_in(machine: Machine, process: Process, address: int, count: int) -> bytes:
    """Bytes from the user's memory; those never written are 0."""
    check(process, address, count, write=False)
    data = bytearray()
    for start, length, words in _pages(machine, process, address, count, write=False):
        data += bytes(words.get(start + n, 0) & 0xFF for n in range(length))
    return bytes(data)


def copy_out(machine: Machine, process: Process, address: int, data: bytes) -> None:
    """Bytes into the user's memory."""
    check(process, address, len(data), write=True)
    done = 0
    for start, length, words in _pages(machine, process, address, len(data), write=True):
        for n in range(length):
            words[start + n] = data[done + n]
        done += length


def text(machine: Machine, process: Process, pointer: str | int) -> str:
    """What a path argument says: itself, or the letters at an address up to a zero byte."""
    if isinstance(pointer, str):
        if "\0" in pointer:
            raise Refused(Errno.EINVAL)
        return pointer
    letters = bytearray()
    while len(letters) < MOST_LETTERS:
        part = PAGE_SIZE - pointer % PAGE_SIZE
        letters += copy_in(machine, process, pointer, part)
        if 0 in letters:
            return letters[: letters.index(0)].decode("utf-8", "replace")
        pointer += part
    raise Refused(Errno.ENAMETOOLONG)


def _pages(
    machine: Machine, process: Process, address: int, count: int, *, write: bool
) -> Iterator[tuple[int, int, dict[int, int]]]:
    """(first byte, bytes, what the page holds) for each page of a range."""
    end = address + count
    while address < end:
        start = address % PAGE_SIZE
        length = min(PAGE_SIZE - start, end - address)
        outcome = touch(machine, process, address, write=write)
        if outcome is None or outcome.frame is None:
            raise Refused(Errno.EFAULT)
        yield start, length, machine.pager.words(outcome.frame)
        address += length
