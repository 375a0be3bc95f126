"""The buddy allocator: how Linux hands out physical page frames.

Memory comes in blocks of 2**order frames. To allocate, take a free block of the smallest order
that is large enough and halve it until it fits, keeping the lower half. To free, join a block with
its buddy for as long as the buddy is free and whole: the two halves of one block differ in a single
bit of their frame numbers, so one XOR finds the buddy.

Modelled: one zone, its free lists by order, last freed first taken; splits and merges as events.
Left out: migration types, per-CPU lists, watermarks, zones and nodes.
Sources: Linux mm/internal.h (__find_buddy_pfn) and mm/page_alloc.c (__rmqueue_smallest, expand,
__free_one_page); Knuth, "The Art of Computer Programming", volume 1, 2.5.
"""

from __future__ import annotations

from typing import NamedTuple

from lab_kernel.errors import BadInput
from lab_kernel.language import _

MAX_ORDER = 20  # 4 GiB of 4 KiB frames in one block; Linux on x86-64 stops at 10


def buddy_of(pfn: int, order: int) -> int:
    """The frame number at which the buddy of the block at ``pfn`` begins."""
    return pfn ^ (1 << order)


def parent_of(pfn: int, order: int) -> int:
    """Where the block begins that this block and its buddy make up together."""
    return pfn & ~(1 << order)


class Event(NamedTuple):
    """``split`` and ``merge`` name the larger of the blocks concerned, ``allocate`` and ``free``
    the block handed out or given back."""

    action: str
    order: int
    pfn: int


class Buddy:
    """``blocks`` blocks of the largest order, from frame number ``base`` on."""

    def __init__(self, order_max: int = 10, base: int = 0, blocks: int = 1) -> None:
        if not 0 <= order_max <= MAX_ORDER:
            raise BadInput("order_max", f"{order_max} (0-{MAX_ORDER})")
        if blocks < 1:
            raise BadInput(
                "blocks", _("{value} is less than {least}").format(value=blocks, least=1)
            )
        size = 1 << order_max
        if base < 0 or base % size:
            message = _("{value} is not a multiple of {size}").format(value=base, size=size)
            raise BadInput("base", message)
        self.order_max = order_max
        self.base = base
        self.frames = blocks * size
        self.used: dict[int, int] = {}  # pfn of every block in use: its order
        self.events: list[Event] = []
        # A dict is a set that remembers the order of arrival: popitem() takes the newest.
        self._free: list[dict[int, None]] = [{} for _order in range(order_max + 1)]
        self._free[order_max] = dict.fromkeys(range(base, base + self.frames, size)[::-1])

    @property
    def free_areas(self) -> list[int]:
        """The number of free blocks of each order, as a line of /proc/buddyinfo has it."""
        return [len(blocks) for blocks in self._free]

    @property
    def free_frames(self) -> int:
        return sum(number << order for order, number in enumerate(self.free_areas))

    def blocks(self) -> list[tuple[int, int, bool]]:
        """Every block as (pfn, order, in use), by frame number: together they are all memory."""
        free = [(pfn, order, False) for order, pfns in enumerate(self._free) for pfn in pfns]
        return sorted(free + [(pfn, order, True) for pfn, order in self.used.items()])

    def allocate(self, order: int) -> int | None:
        """The first frame number of 2**order frames in a row, or None when no block is left."""
        if not 0 <= order <= self.order_max:
            raise BadInput("order", f"{order} (0-{self.order_max})")
        found = next((o for o in range(order, self.order_max + 1) if self._free[o]), None)
        if found is None:
            return None
        pfn, _none = self._free[found].popitem()
        for half in range(found - 1, order - 1, -1):
            self.events.append(Event("split", half + 1, pfn))
            self._free[half][buddy_of(pfn, half)] = None
        self.used[pfn] = order
        self.events.append(Event("allocate", order, pfn))
        return pfn

    def free(self, pfn: int) -> None:
        """Give back the block at ``pfn``; BadInput if none in use begins there."""
        if pfn not in self.used:
            raise BadInput("pfn", _("no block in use begins at {value}").format(value=pfn))
        order = self.used.pop(pfn)
        self.events.append(Event("free", order, pfn))
        while order < self.order_max and buddy_of(pfn, order) in self._free[order]:
            del self._free[order][buddy_of(pfn, order)]
            pfn, order = parent_of(pfn, order), order + 1
            self.events.append(Event("merge", order, pfn))
        self._free[order][pfn] = None
