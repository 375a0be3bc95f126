"""The swap area: pages that had to leave memory, each in a slot."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab_kernel.errors import BadInput
from lab_kernel.language import _

if TYPE_CHECKING:
    from lab_kernel.kernel.cgroup import Memory

Words = dict[int, int]  # what a page holds: offset -> value; what is absent is 0


@dataclass(slots=True)
class Slot:
    """A page in swap. It stays while somebody needs it: ``entries`` page table entries name it,
    and ``frame``, if not None, holds the same page in memory (the swap cache)."""

    words: Words
    entries: int = 0
    frame: int | None = None
    memory: Memory | None = None  # who it is charged to


class SwapArea:
    """``slots`` page-sized places on a disk."""

    def __init__(self, slots: int) -> None:
        if slots < 0:
            raise BadInput("swap", _("{slots} is less than 0").format(slots=slots))
        self.total = slots
        self._unused = list(range(slots))
        self._slots: dict[int, Slot] = {}

    def __getitem__(self, number: int) -> Slot:
        return self._slots[number]

    @property
    def used(self) -> int:
        return len(self._slots)

    @property
    def unused(self) -> int:
        return len(self._unused)

    def write(self, words: Words, number: int | None = None, memory: Memory | None = None) -> int:
        """Write a page out, over its old copy or into an unused slot, and return the slot."""
        if number is None:
            number = heapq.heappop(self._unused)
            self._slots[number] = Slot({}, memory=memory)
            if memory is not None:
                memory.charge_swap(1)
        self._slots[number].words = dict(words)
        return number

    def read(self, number: int) -> Words:
        return dict(self._slots[number].words)

    def let_go(self, number: int) -> None:
        """Free the slot if nobody needs it any more."""
        slot = self._slots[number]
        if slot.entries == 0 and slot.frame is None:
            if slot.memory is not None:
                slot.memory.charge_swap(-1)
            del self._slots[number]
            heapq.heappush(self._unused, number)
