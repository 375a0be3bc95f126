"""User pages in frames: loading, sharing, and throwing out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab_kernel.kernel.memory import FrameTable
from lab_kernel.kernel.mmu import TLB
from lab_kernel.kernel.paging.space import Accounting, Evicted, Space
from lab_kernel.kernel.paging.swap import SwapArea, Words
from lab_kernel.kernel.replacement import Policy

if TYPE_CHECKING:
    from lab_kernel.kernel.cgroup import Memory


@dataclass(slots=True)
class Resident:
    """A user page in a frame. Its mappers are spaces that have it at the same page number,
    having come by it through fork: the way back from a frame to its page table entries."""

    page: int
    words: Words
    slot: int | None = None  # its copy in swap, good as long as the page is not dirty
    dirty: bool = False  # what entries that are gone said; living entries have their own bit
    mappers: list[Space] = field(default_factory=list)
    memory: Memory | None = None  # who it is charged to: the group that touched it first

    def is_dirty(self) -> bool:
        entries = (space.table.entry(self.page) for space in self.mappers)
        return self.dirty or any(entry is not None and entry.dirty for entry in entries)


class UserMemory:
    """The frames that hold user pages, whichever space they belong to.

    Keeps three views of one state in step: the page table entries, the frame table's owners and
    the policy's pages. A frame's number is what the policy knows it by. Pages that are charged to
    a control group have a policy of their own, made by ``new``, so that a group can give pages
    without a look at the others.
    """

    def __init__(
        self,
        frames: FrameTable,
        policy: Policy,
        swap: SwapArea,
        tlb: TLB,
        new: Callable[[], Policy],
    ) -> None:
        self.frames = frames
        self.policy = policy
        self._new = new
        self._groups: list[Memory] = []
        self.swap = swap
        self.tlb = tlb
        self.pages: dict[int, Resident] = {}  # by frame

    def load(
        self, space: Space, purpose: str, page: int, words: Words, slot: int | None = None
    ) -> int:
        """Put a page into an unused frame. ``enter`` makes it visible to the space."""
        frame = self.frames.allocate(space.name, purpose)
        self.pages[frame] = Resident(page, words, slot, memory=space.memory)
        if space.memory is not None:
            space.memory.charge(1)
        self.policy_of(frame).load(frame)
        return frame

    def policy_of(self, frame: int) -> Policy:
        """The policy that knows this frame."""
        memory = self.pages[frame].memory
        if memory is None:
            return self.policy
        if memory.order is None:
            memory.order = self._new()
            self._groups.append(memory)
        return memory.order

    def _forget(self, frame: int) -> None:
        memory = self.pages.pop(frame).memory
        if memory is not None:
            memory.charge(-1)

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
                self.policy_of(entry.frame).remove(entry.frame)
                self._forget(entry.frame)
                if resident.slot is not None:
                    self.swap[resident.slot].frame = None
                    self.swap.let_go(resident.slot)
        elif entry.slot is not None:
            self.swap[entry.slot].entries -= 1
            self.swap.let_go(entry.slot)

    def reclaim(self, memory: Memory | None = None) -> Evicted | None:
        """Throw one page out, of this control group or of all; None when none can go.

        A dirty page without a place in swap cannot. The pages passed over on the way are put
        back as if they had just been loaded.
        """
        for policy, count in self._orders(memory):
            passed: list[int] = []
            gone: Evicted | None = None
            while gone is None and len(passed) < count:
                frame = policy.victim()
                resident = self.pages[frame]
                if resident.slot is None and resident.is_dirty() and not self._may_swap(resident):
                    passed.append(frame)
                else:
                    gone = self._evict(frame)
            for frame in passed:
                policy.load(frame)
            if gone is not None:
                return gone
        return None

    def _may_swap(self, resident: Resident) -> bool:
        return self.swap.unused > 0 and (resident.memory is None or resident.memory.may_swap)

    def _orders(self, root: Memory | None) -> Iterator[tuple[Policy, int]]:
        """Whose pages are asked for, and how many there are: who has most first, then who is
        below its memory.low, and nobody who is below its memory.min. Linux asks all of them, for
        more where there is more."""
        if root is None and not self._groups:
            yield self.policy, len(self.pages)
            return
        asked = [each for each in self._groups if each.own and (not root or each.within(root))]
        asked.sort(key=lambda each: -each.own)
        open_to_all = [each for each in asked if not each.protected(root, low=True)]
        orders = [(each.own, each.order) for each in open_to_all]
        if root is None:
            orders.append((len(self.pages) - sum(each.own for each in self._groups), self.policy))
            orders.sort(key=lambda order: -order[0])
        for own, order in orders:
            if order is not None and own:
                yield order, own
        for each in asked:
            if each.order and each not in open_to_all and not each.protected(root, low=False):
                each.count("low")
                yield each.order, each.own

    def _evict(self, frame: int) -> Evicted:
        resident = self.pages[frame]
        written = resident.is_dirty()
        if written:
            resident.slot = self.swap.write(resident.words, resident.slot, resident.memory)
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
        self._forget(frame)
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
