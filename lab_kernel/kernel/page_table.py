"""Multi-level page tables.

A page table is a radix tree. Each level takes its share of the page number's bits, from the top,
as an index into one small table, and the entry found there names the next table or, at level 1,
the frame. Tables nobody needs do not exist: that is what the levels are for.

The upper half of the page numbers is the kernel's, one half for all: every table that shares it
sees a kernel page the moment it is mapped. What keeps a user out is not the half but the U bit of
the entry, as on x86-64.

Modelled: any number of levels; accessed and dirty bits; canonical addresses (tables of more than
32 bits take sign-extended 64-bit addresses).
Left out: large pages, KPTI, rights in the upper levels (which allow everything here, as Linux
writes them).
Sources: Intel SDM, volume 3A, chapter "Paging", "Hierarchical Paging Structures" and "Accessed and
Dirty Flags"; Linux Documentation/arch/x86/x86_64/mm.rst for the halves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from lab_kernel.errors import BadInput
from lab_kernel.kernel.page_fault import NOT_CANONICAL, Entry, Fault, refuse
from lab_kernel.language import _

ENTRY_BYTES = 8
PHYSICAL_BITS = 52  # the most that x86-64 allows


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a walk. ``entry`` is None where the table has none; ``next_table`` is the table
    it names above level 1. ``level`` counts down to 1; ``table`` is a table's number."""

    level: int
    table: int
    index: int
    next_table: int | None
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Walk:
    """The steps taken, one memory access each, and where they led."""

    steps: tuple[Step, ...]
    physical: int | None
    fault: Fault | None

    @property
    def entry(self) -> Entry | None:
        """The level 1 entry, if the walk came that far."""
        return self.steps[-1].entry if self.steps else None


def _outside(argument: str, value: int, limit: int) -> BadInput:
    return BadInput(
        argument,
        _("{value:#x} is outside the range 0 to {last:#x}").format(value=value, last=limit - 1),
    )


@dataclass(slots=True)
class _Table:
    number: int
    slots: dict[int, _Table | Entry] = field(default_factory=dict)


class PageTable:
    """Maps page numbers to frames through ``len(index_bits)`` levels.

    Page numbers are plain: bit 47 of a 48-bit address is the top bit of its page number.
    """

    def __init__(self, index_bits: Sequence[int] = (9, 9, 9, 9), offset_bits: int = 12) -> None:
        self.index_bits = tuple(index_bits)
        self.offset_bits = offset_bits
        page_bits = sum(self.index_bits)
        self.address_bits = page_bits + offset_bits
        if not self.index_bits or min(*self.index_bits, offset_bits, 1) < 1:
            raise BadInput("index_bits", _("every level and the offset need at least 1 bit"))
        if self.address_bits > 64:
            raise BadInput("index_bits", _("an address has at most 64 bits"))
        self.pages = 1 << page_bits
        self._numbers = count()
        self._user = _Table(next(self._numbers))
        self._kernel = _Table(self._user.number)  # the other half of the same root

    @property
    def number(self) -> int:
        """The root table's number: what the processor's CR3 would point to."""
        return self._user.number

    def is_kernel(self, page: int) -> bool:
        return page >= self.pages // 2

    def share_kernel(self, other: PageTable) -> None:
        """Use the kernel half of ``other`` from now on. For a table that is still empty."""
        if self._user.slots or self._kernel.slots:
            raise ValueError("only an empty table can take over a kernel half")
        if (self.index_bits, self.offset_bits) != (other.index_bits, other.offset_bits):
            raise ValueError("the tables differ in shape")
        self._numbers = other._numbers
        self._user.number = next(self._numbers)
        self._kernel = other._kernel

    def _path(self, page: int) -> Iterator[tuple[int, _Table, int]]:
        """(level, table, index) from the root down, as far as the tables go."""
        if not 0 <= page < self.pages:
            raise _outside("page", page, self.pages)
        table, shift = (self._kernel if self.is_kernel(page) else self._user), self.pages
        for level, bits in zip(range(len(self.index_bits), 0, -1), self.index_bits, strict=True):
            shift >>= bits
            index = page // shift % (1 << bits)
            yield level, table, index
            below = table.slots.get(index)
            if not isinstance(below, _Table):
                return
            table = below

    def map(
        self,
        page: int,
        frame: int | None,
        *,
        writable: bool = True,
        user: bool | None = None,
        executable: bool = False,
        slot: int | None = None,
    ) -> Entry:
        """Enter a page, replacing what was there, and return its entry.

        ``frame`` None enters a page that is not in memory. ``user`` None gives the user whatever is
        below the kernel's half.
        """
        limit = 1 << max(0, PHYSICAL_BITS - self.offset_bits)
        if frame is not None and not 0 <= frame < limit:
            raise _outside("frame", frame, limit)
        entry = Entry(
            frame,
            writable,
            not self.is_kernel(page) if user is None else user,
            executable,
            slot=slot,
        )
        for level, table, index in self._path(page):
            if level == 1:
                table.slots[index] = entry
            elif index not in table.slots:
                table.slots[index] = _Table(next(self._numbers))
        return entry

    def unmap(self, page: int) -> Entry | None:
        """Remove a page and every table that this leaves empty; returns its entry, if any."""
        path = list(self._path(page))
        _level, table, index = path[-1]
        removed = table.slots.pop(index, None)
        for (_level, above, index), (_below, table, _index) in zip(
            path[-2::-1], path[:0:-1], strict=True
        ):
            if not table.slots:
                del above.slots[index]
        return removed if isinstance(removed, Entry) else None

    def entry(self, page: int) -> Entry | None:
        """The page's entry, looked up without touching its accessed bit."""
        *_upper, (_level, table, index) = self._path(page)
        found = table.slots.get(index)
        return found if isinstance(found, Entry) else None

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """(page, entry) in page order, the kernel's included."""

        def below(table: _Table, page: int, bits: Sequence[int]) -> Iterator[tuple[int, Entry]]:
            for index, slot in sorted(table.slots.items(), key=lambda item: item[0]):
                here = page << bits[0] | index
                if isinstance(slot, Entry):
                    yield here, slot
                else:
                    yield from below(slot, here, bits[1:])

        for half in (self._user, self._kernel):
            yield from below(half, 0, self.index_bits)

    def tables(self) -> list[int]:
        """How many tables there are at each level, the root first."""
        counts = [1]
        row = [*self._user.slots.values(), *self._kernel.slots.values()]
        for _bits in self.index_bits[1:]:
            inner = [table for table in row if isinstance(table, _Table)]
            counts.append(len(inner))
            row = [slot for table in inner for slot in table.slots.values()]
        return counts

    def bytes(self) -> int:
        """Memory that the tables take, at 8 bytes an entry."""
        pairs = zip(self.tables(), self.index_bits, strict=True)
        return sum((number << bits) * ENTRY_BYTES for number, bits in pairs)

    def flat_bytes(self) -> int:
        """Memory that one table with an entry for every page would take."""
        return self.pages * ENTRY_BYTES

    def page_of(self, address: int) -> int | None:
        """The page number, or None where a 64-bit address is not canonical."""
        limit = 1 << (64 if self.address_bits > 32 else self.address_bits)
        if not 0 <= address < limit:
            raise _outside("address", address, limit)
        if self.address_bits > 32:
            sign = address >> (self.address_bits - 1)
            if sign not in (0, (1 << (65 - self.address_bits)) - 1):
                return None
        return (address >> self.offset_bits) % self.pages

    def offset_of(self, address: int) -> int:
        return address % (1 << self.offset_bits)

    def walk(
        self, address: int, write: bool = False, user: bool = True, execute: bool = False
    ) -> Walk:
        """Translate as the hardware does on a TLB miss; a success sets accessed, a write dirty."""
        page = self.page_of(address)
        if page is None:
            return Walk((), None, Fault(address, NOT_CANONICAL, None))
        steps: list[Step] = []
        for level, table, index in self._path(page):
            slot = table.slots.get(index)
            number = self.number if level == len(self.index_bits) else table.number
            steps.append(
                Step(
                    level,
                    number,
                    index,
                    slot.number if isinstance(slot, _Table) else None,
                    slot if isinstance(slot, Entry) else None,
                )
            )
        entry = steps[-1].entry
        fault = refuse(entry or Entry(None), address, write, user, execute)
        if fault or entry is None or entry.frame is None:
            return Walk(tuple(steps), None, fault)
        entry.accessed = True
        entry.dirty |= write
        return Walk(tuple(steps), entry.frame << self.offset_bits | self.offset_of(address), None)
