"""The memory management unit: every access goes through the TLB, then through the page table.

The TLB keeps the translations that were used last. A hit costs no walk; it also means that the
page table is not looked at, so a change to the table shows only once the TLB forgets: that is why
kernels flush and shoot down.

Modelled: a fully associative TLB replaced by LRU, entries tagged with an address space number
(ASID; x86-64 says PCID), no entry for a page that faulted, a fault dropping the entry it hit.
Left out: sets, several levels of TLB, global pages, caches of the upper levels, the second walk
that sets a dirty bit (it is set here without one).
Sources: Intel SDM, volume 3A, chapter "Paging", "Caching Translation Information";
Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter 19.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, replace

from lab_kernel.errors import BadInput
from lab_kernel.kernel.page_fault import (
    KERNEL,
    NOT_CANONICAL,
    NOT_PRESENT,
    PROTECTION,
    Entry,
    Fault,
    refuse,
)
from lab_kernel.kernel.page_table import PageTable, Step, Walk
from lab_kernel.language import _

__all__ = [
    "KERNEL",
    "NOT_CANONICAL",
    "NOT_PRESENT",
    "PROTECTION",
    "TLB",
    "Entry",
    "Fault",
    "Mmu",
    "PageTable",
    "Step",
    "Translation",
    "Walk",
    "read_page_table",
]


@dataclass(frozen=True, slots=True)
class _Cached:
    rights: Entry  # a copy: what the entry said when it was loaded
    source: Entry  # where the accessed and dirty bits belong


class TLB:
    """The last ``size`` translations, least recently used out first. Size 0 never hits."""

    def __init__(self, size: int = 4) -> None:
        if size < 0:
            raise BadInput("tlb", _("{value} is less than {least}").format(value=size, least=0))
        self.size = size
        self.hits = 0
        self.misses = 0
        self._cached: OrderedDict[tuple[int, int], _Cached] = OrderedDict()

    def __len__(self) -> int:
        return len(self._cached)

    def pages(self) -> list[tuple[int, int]]:
        """The (asid, page) pairs held, least recently used first."""
        return list(self._cached)

    def look_up(self, asid: int, page: int) -> _Cached | None:
        found = self._cached.get((asid, page))
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
            self._cached.move_to_end((asid, page))
        return found

    def load(self, asid: int, page: int, entry: Entry) -> None:
        if self.size == 0:
            return
        self._cached[asid, page] = _Cached(replace(entry), entry)
        self._cached.move_to_end((asid, page))
        if len(self._cached) > self.size:
            self._cached.popitem(last=False)

    def invalidate(self, asid: int, page: int) -> None:
        """Forget one page (x86-64: INVLPG)."""
        self._cached.pop((asid, page), None)

    def flush(self, asid: int | None = None) -> None:
        """Forget one address space, or everything."""
        for key in [key for key in self._cached if asid in (None, key[0])]:
            del self._cached[key]


@dataclass(frozen=True, slots=True)
class Translation:
    """What became of one access: ``physical`` or ``fault`` is set; a TLB hit has no ``walk``."""

    address: int
    tlb_hit: bool
    walk: Walk | None
    physical: int | None
    fault: Fault | None


class Mmu:
    """A processor's MMU: one TLB, and the table of the address space that runs now."""

    def __init__(self, table: PageTable, tlb: TLB | None = None, asid: int = 0) -> None:
        self.table = table
        self.tlb = TLB() if tlb is None else tlb
        self.asid = asid

    def switch(self, table: PageTable, asid: int | None = None) -> None:
        """Change address space. Without an ASID of its own, the TLB must be flushed."""
        self.table = table
        if asid is None:
            self.tlb.flush()
        else:
            self.asid = asid

    def translate(
        self, address: int, write: bool = False, user: bool = True, execute: bool = False
    ) -> Translation:
        page = self.table.page_of(address)
        cached = None if page is None else self.tlb.look_up(self.asid, page)
        if page is None or cached is None:
            walk = self.table.walk(address, write, user, execute)
            if page is not None and walk.entry is not None and walk.fault is None:
                self.tlb.load(self.asid, page, walk.entry)
            return Translation(address, False, walk, walk.physical, walk.fault)
        fault = refuse(cached.rights, address, write, user, execute)
        if fault or cached.rights.frame is None:
            self.tlb.invalidate(self.asid, page)
            return Translation(address, True, None, None, fault)
        cached.source.accessed = True
        cached.source.dirty |= write
        offset = self.table.offset_of(address)
        physical = cached.rights.frame << self.table.offset_bits | offset
        return Translation(address, True, None, physical, None)


def _number(text: str) -> int:
    return int(text, 16 if text[:2] in ("0x", "0X") else 10)


_NUMBER = r"0[xX][0-9a-fA-F]{1,16}|[0-9]{1,20}"
_MAPPING = re.compile(rf"({_NUMBER})=(?:(swap)|({_NUMBER})(?::([rwxu]*))?)")


def read_page_table(text: str) -> PageTable:
    """A page table from a line such as ``10,10,12 0x1=0x2a:rwu 0x2=0x2b:ru 0x3=swap``.

    First the index bits of every level and the offset bits, then ``page=frame[:flags]``, or
    ``page=swap`` for a page that is not in memory. Flags: r (of no effect: a present page can be
    read), w write, x execute, u user mode; without flags ``rwu``. Numbers are decimal or 0x
    hexadecimal; spaces, commas, semicolons and new lines all separate; ``#`` starts a comment.
    Errors: BadInput on ``page-table``, naming the part that is wrong.
    """
    text = re.sub(r"#[^\n]*", " ", text)
    # "10,10,12 =1" has lost its page number: 12 is the offset, not a page
    if lost := re.match(r"[\s,;]*[0-9]+(?:\s*,\s*[0-9]+)+\s+(=\s*\w*)", text):
        raise _not_a_mapping(lost[1])
    parts = [part for part in re.split(r"[\s,;]+", re.sub(r"\s*([=:])\s*", r"\1", text)) if part]
    shape = []
    while parts and re.fullmatch(r"[0-9]{1,3}", parts[0]):
        shape.append(int(parts.pop(0)))
    if len(shape) < 2:
        raise BadInput(
            "page-table",
            _("it must begin with the index bits of every level and the offset bits: 10,10,12"),
        )
    try:
        table = PageTable(shape[:-1], shape[-1])
    except BadInput as error:
        raise BadInput("page-table", error.message) from None
    swapped = 0
    for part in parts:
        match = _MAPPING.fullmatch(part)
        if match is None:
            raise _not_a_mapping(part)
        number, swap, frame, flags = match.groups()
        page, flags = _number(number), "rwu" if flags is None else flags
        try:
            if table.entry(page) is not None:
                raise BadInput("page", _("the page is mapped twice"))
            table.map(
                page,
                None if swap else _number(frame),
                writable="w" in flags,
                user="u" in flags,
                executable="x" in flags,
                slot=swapped if swap else None,
            )
        except BadInput as error:
            raise BadInput("page-table", f"{part}: {error.message}") from None
        swapped += bool(swap)
    return table


def _not_a_mapping(part: str) -> BadInput:
    return BadInput(
        "page-table",
        _("“{part}” is not page=frame, page=frame:flags (of rwxu) or page=swap").format(part=part),
    )
