"""An address space: what a process sees of memory, and what it may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lab_kernel.errors import BadInput
from lab_kernel.kernel.mmu import PageTable
from lab_kernel.language import _

if TYPE_CHECKING:
    from lab_kernel.kernel.cgroup import Memory
    from lab_kernel.kernel.paging.pager import Pager

PAGE_SIZE = 4096


@dataclass(frozen=True, slots=True)
class Region:
    """Pages ``start`` to ``end`` - 1, reserved with one set of rights (Linux: a VMA)."""

    start: int
    end: int
    rights: str
    name: str

    @property
    def pages(self) -> int:
        return self.end - self.start

    @property
    def writable(self) -> bool:
        return "w" in self.rights


@dataclass(frozen=True, slots=True)
class Evicted:
    """A page that was thrown out. ``spaces`` had it mapped; ``written``: it went to swap first,
    otherwise swap held it already (in ``slot``), or it had never been written and is simply zero
    again (``slot`` None)."""

    spaces: tuple[str, ...]
    page: int
    frame: int
    written: bool
    slot: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one access.

    ``kind``: "hit"; "minor fault" (no disk needed); "major fault" (read back from swap);
    "segmentation fault" (nothing mapped there); "protection fault" (mapped, but not for this);
    "killed" (the OOM killer chose this process). Linux sends SIGSEGV for the two before the last.
    ``cause``: "zero-fill", "copy-on-write", "last owner" (a copy was not needed: nobody else has
    the page any more), "swap-in", "in memory already" (another process brought it back); two of
    them with a comma when the repeated access faulted again; "" for a hit or a failure.
    ``frame``: where the page is now, None if the access failed.
    ``evicted`` and ``killed``: the pages and the processes that had to go for it.
    """

    kind: str
    page: int | None
    frame: int | None
    cause: str = ""
    evicted: tuple[Evicted, ...] = ()
    killed: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        return self.frame is not None


@dataclass(frozen=True, slots=True)
class Accounting:
    """What a process has, in pages. ``mapped`` is promised (Linux: VmSize), ``resident`` is in
    frames (VmRSS), of which ``shared`` with other processes and ``dirty`` not as in swap;
    ``swapped`` is in swap (VmSwap); ``page_tables`` counts tables of one page each (VmPTE)."""

    mapped: int
    resident: int
    swapped: int
    dirty: int
    shared: int
    page_tables: int


class BadAccess(Exception):
    """``load`` or ``store`` failed; ``outcome`` says how."""

    def __init__(self, address: int, outcome: Outcome) -> None:
        super().__init__(f"{address:#x}: {outcome.kind}")
        self.outcome = outcome


class CommitRefused(Exception):
    """The kernel will not promise that much memory (Linux: ENOMEM)."""


class Space:
    """One process's address space. ``Pager.space`` makes it."""

    def __init__(self, pager: Pager, name: str, asid: int, oom_score_adj: int = 0) -> None:
        self.name = name
        self.asid = asid
        self.oom_score_adj = oom_score_adj
        self.table = PageTable()
        self.regions: list[Region] = []
        self.alive = True
        self.memory: Memory | None = None  # the account of its control group, if it has one
        self._pager = pager

    def __repr__(self) -> str:
        return f"<Space {self.name}: {self.accounting()}>"

    def map(self, start: int, pages: int, rights: str = "rw", name: str = "heap") -> Region:
        """Reserve pages; no frame is taken before they are touched. Rights: "r" or "rw".

        CommitRefused when overcommit accounting says no: writable pages count, as they may all
        be written. BadInput names ``start``, ``pages`` or ``rights``.
        """
        if rights not in ("r", "rw"):
            raise BadInput("rights", _("{rights!r} is neither r nor rw").format(rights=rights))
        if pages < 1:
            raise BadInput("pages", _("{pages} is less than 1").format(pages=pages))
        last = self.table.pages // 2 - 1  # the half above belongs to the kernel
        if not 0 <= start <= start + pages - 1 <= last:
            raise BadInput("start", _("user space is pages 0 to {last:#x}").format(last=last))
        region = Region(start, start + pages, rights, name)
        for other in self.regions:
            if start < other.end and other.start < region.end:
                raise BadInput(
                    "start", _("pages of {name} are there already").format(name=other.name)
                )
        self._pager.promise(self, pages if region.writable else 0)
        self.regions = sorted([*self.regions, region], key=lambda each: each.start)
        return region

    def unmap(self, start: int, pages: int) -> None:
        """Give pages back, mapped or not; a region in the way is cut."""
        end = start + pages
        kept: list[Region] = []
        for region in self.regions:
            kept += [
                part
                for part in (
                    replace(region, end=min(region.end, start)),
                    replace(region, start=max(region.start, end)),
                )
                if part.pages > 0
            ]
        before = self.committed
        self.regions = kept
        self._pager.forget(self, start, end, before - self.committed)

    def access(self, address: int, write: bool = False) -> Outcome:
        """Touch one address in user mode, faulting as needed: one tick."""
        return self._pager.access(self, address, write)

    def load(self, address: int) -> int:
        """The word at an address; 0 if it was never written. BadAccess if it cannot be read."""
        return self._pager.words(self._reach(address, write=False)).get(address % PAGE_SIZE, 0)

    def store(self, address: int, value: int) -> None:
        """Put a word at an address. BadAccess if it cannot be written."""
        self._pager.words(self._reach(address, write=True))[address % PAGE_SIZE] = value

    def fork(self, name: str) -> Space:
        """A child with the same memory; a page is copied only when one of the two writes it."""
        return self._pager.fork(self, name)

    def exit(self) -> None:
        """The process ends: all of its memory is given back."""
        self._pager.exit(self)

    def region_at(self, page: int) -> Region | None:
        return next((each for each in self.regions if each.start <= page < each.end), None)

    @property
    def committed(self) -> int:
        """The pages that this process could still ask frames for: its writable ones."""
        return sum(region.pages for region in self.regions if region.writable)

    def accounting(self) -> Accounting:
        return self._pager.memory.accounting(self)

    def pages_in(self, start: int, end: int) -> Iterator[int]:
        """The pages of a range that have a page table entry."""
        return (page for page, _entry in list(self.table.entries()) if start <= page < end)

    def _reach(self, address: int, *, write: bool) -> int:
        outcome = self.access(address, write)
        if outcome.frame is None:
            raise BadAccess(address, outcome)
        return outcome.frame
