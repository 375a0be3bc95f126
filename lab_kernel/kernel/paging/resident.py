"""User pages in frames: loading, sharing, and throwing out."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab_kernel.kernel.memory import FrameTable
from lab_kernel.kernel.mmu import TLB
from lab_kernel.kernel.paging.space import Accounting, Evicted, Space
from lab_kernel.kernel.paging.swap import SwapArea, Words
from lab_kernel.kernel.replacement import Policy


@dataclass(slots=True)
class Resident:
    """A user page in a frame. Its mappers are spaces that have it at the same page number,
    having come by it through fork: the way back from a frame to its page table entries."""

    page: int
    words: Words
    slot: int | None = None  # its copy in swap, good as long as the page is not dirty
    dirty: bool = False  # what entries that are gone said; living entries have their own bit
    mappers: list[Space] = field(default_factory=list)

    def is_dirty(self) -> bool:
        entries = (space.table.entry(self.page) for space in self.mappers)
        return self.dirty or any(entry is not None and entry.dirty for entry in entries)


class UserMemory:
    """The frames that hold user pages, whichever space they belong to.

    Keeps three views of one state in step: the page table entries, the frame table's owners and
    the policy's pages. A frame's number is what the policy knows it by.
    """

    def __init__(self, frames: FrameTable, policy: Policy, swap: SwapArea, tlb: TLB) -> None:
        self.frames = frames
        self.policy = policy
        self.swap = swap
        self.tlb = tlb
        self.pages: dict[int, Resident] = {}  # by frame

    def load(
        self, space: Space, purpose: str, page: int, words: Words, slot: int | None = None
    ) -> int:
        """Put a page into an unused frame. ``enter`` makes it visible to the space."""
        frame = self.frames.allocate(space.name, purpose)
        self.pages[frame] = Resident(page, words, slot)
        self.policy.load(frame)
        return frame

    def enter(self, space: Space, page: int, frame: int, writable: bool) -> None:
        space.table.map(page, frame, writable=writable)
        self.pages[frame].mappers.append(space)

    def others(self, frame: int) -> int:
        """How many spaces have the page besides the one that asks, in memory or in swap."""
        resident = self.pages[frame]
        in_swap = 0 if resident.slot is None else self.swap[resident.slot].entries
        return len(resident.mappers) - 1 + in_swap

    def leave(self, space: Space, page: int) -> None:
        """Remove a page table entry; what nobody needs then is freed."""
        entry = space.table.unmap(page)
        assert entry is not None
        self.tlb.invalidate(space.asid, page)
        if entry.frame is not None:
            resident = self.pages[entry.frame]
            resident.dirty |= entry.dirty  # the other mappers must not lose what it wrote
            resident.mappers.remove(space)
            self.frames.free(entry.frame, space.name)
            if not resident.mappers:
                self.policy.remove(entry.frame)
                del self.pages[entry.frame]
                if resident.slot is not None:
                    self.swap[resident.slot].frame = None
                    self.swap.let_go(resident.slot)
        elif entry.slot is not None:
            self.swap[entry.slot].entries -= 1
            self.swap.let_go(entry.slot)

    def reclaim(self) -> Evicted | None:
        """Throw one page out; None when none can go.

        A dirty page without a place in swap cannot. The pages passed over on the way are put
        back as if they had just been loaded.
        """
        passed: list[int] = []
        gone: Evicted | None = None
        while gone is None and len(passed) < len(self.pages):
            frame = self.policy.victim()
            resident = self.pages[frame]
            if resident.slot is None and not self.swap.unused and resident.is_dirty():
                passed.append(frame)
            else:
                gone = self._evict(frame)
        for frame in passed:
            self.policy.load(frame)
        return gone

    def _evict(self, frame: int) -> Evicted:
        resident = self.pages[frame]
        written = resident.is_dirty()
        if written:
            resident.slot = self.swap.write(resident.words, resident.slot)
        for space in resident.mappers:
            self.tlb.invalidate(space.asid, resident.page)
            self.frames.free(frame, space.name)
            if resident.slot is None:  # never written: it is zeros again at the next touch
                space.table.unmap(resident.page)
            else:
                space.table.map(resident.page, None, writable=False, slot=resident.slot)
                self.swap[resident.slot].entries += 1
        if resident.slot is not None:
            self.swap[resident.slot].frame = None
        del self.pages[frame]
        names = tuple(space.name for space in resident.mappers)
        return Evicted(names, resident.page, frame, written, resident.slot)

    def accounting(self, space: Space) -> Accounting:
        resident = swapped = dirty = shared = 0
        for _page, entry in space.table.entries():
            if entry.frame is None:
                swapped += 1
                continue
            held = self.pages[entry.frame]
            resident += 1
            dirty += held.is_dirty()
            shared += len(held.mappers) > 1
        return Accounting(
            mapped=sum(region.pages for region in space.regions),
            resident=resident,
            swapped=swapped,
            dirty=dirty,
            shared=shared,
            page_tables=sum(space.table.tables()),
        )
