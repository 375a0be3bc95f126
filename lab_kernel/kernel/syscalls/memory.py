"""Memory: the break and mappings, as reservations in the address space of ``paging``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.paging import PAGE_SIZE, CommitRefused
from lab_kernel.kernel.syscalls.call import Call

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.paging import Space
    from lab_kernel.kernel.process import Process

HEAP = 0x400  # the page where every heap begins: address 0x400000
MAPPINGS = 0x7F000  # mappings are placed from here up
MOST_PAGES = 1 << 24
PROT_READ, PROT_WRITE = 1, 2


@dataclass(slots=True)
class Brk(Call):
    """Move the end of the heap; the result is where it is then. 0 only asks."""

    address: int = 0


@dataclass(slots=True)
class Mmap(Call):
    """Reserve memory without a file; the result is its address. The address given is ignored."""

    address: int = 0
    length: int = PAGE_SIZE
    protection: int = PROT_READ | PROT_WRITE


@dataclass(slots=True)
class Munmap(Call):
    """Give memory back, mapped or not."""

    address: int
    length: int


def space_of(process: Process) -> Space:
    """EINVAL for a thread of the kernel, which has none."""
    if process.space is None:
        raise Refused(Errno.EINVAL)
    return process.space


def sys_brk(machine: Machine, process: Process, call: Brk) -> int:
    """The old place stays when the new one is impossible, as in Linux's own brk(2)."""
    space, start = space_of(process), HEAP * PAGE_SIZE
    now = process.brk or start
    if not start <= call.address < MAPPINGS * PAGE_SIZE:
        return now
    before, after = _pages(now), _pages(call.address)
    try:
        if after > before:
            space.map(before, after - before, "rw", "heap")
        elif after < before:
            space.unmap(after, before - after)
    except (CommitRefused, BadInput):
        return now
    process.brk = call.address
    return process.brk


def sys_mmap(machine: Machine, process: Process, call: Mmap) -> int:
    space, pages = space_of(process), _pages(call.length)
    if pages < 1 or pages > MOST_PAGES or not call.protection & (PROT_READ | PROT_WRITE):
        raise Refused(Errno.EINVAL)
    start = MAPPINGS
    for region in space.regions:  # the first gap that is large enough
        if region.end <= start:
            continue
        if region.start - start >= pages:
            break
        start = region.end
    try:
        space.map(start, pages, "rw" if call.protection & PROT_WRITE else "r", "mmap")
    except (CommitRefused, BadInput):
        raise Refused(Errno.ENOMEM) from None
    return start * PAGE_SIZE


def sys_munmap(machine: Machine, process: Process, call: Munmap) -> int:
    space = space_of(process)
    last = space.table.pages // 2 * PAGE_SIZE
    if call.address % PAGE_SIZE or not 0 < call.length <= last - call.address < last + 1:
        raise Refused(Errno.EINVAL)
    space.unmap(call.address // PAGE_SIZE, _pages(call.length))
    return 0


def _pages(size: int) -> int:
    return -(-size // PAGE_SIZE)
