"""A heap with a free list: what malloc does inside the memory the kernel gave it.

A block is the request rounded up to ``align``, plus ``header`` bytes in front. Allocation takes a
free block that is large enough, cuts the block from its low end and leaves the rest on the list;
freeing puts the block back. The list is in its ``order`` after every operation. Where sizes are
equal, those that came later stand later; a merged block counts as new.

Strategies: ``first`` takes the first fit in list order; ``best`` the smallest and ``worst`` the
largest fit, the first in list order among equals; ``next`` is first fit from the rover round to
where it began. The rover stands at what was left of the free block that was cut last, or at the
one after it in the list when nothing was left; it follows a block into a merge.
With ``coalesce``, freeing merges every pair of address neighbours, whatever the list's order.

Left out: growing the heap, bins by size, alignment of the addresses themselves (only sizes are
rounded), the bytes a real header holds.
Sources: Arpaci-Dusseau, "Operating Systems: Three Easy Pieces", chapter 17, and its homework
vm-freespace, which unlike this one leaves the list as it is after a split and merges only blocks
that are neighbours in the list; Knuth, "The Art of Computer Programming", volume 1, 2.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _

STRATEGIES = ("first", "best", "worst", "next")
ORDERS = ("address", "size-asc", "size-desc")

_KEYS: dict[str, Callable[[tuple[int, int]], int]] = {
    "address": lambda block: block[0],
    "size-asc": lambda block: block[1],
    "size-desc": lambda block: -block[1],
}


@dataclass(frozen=True, slots=True)
class Allocation:
    """``address`` is that of the whole block, header included; None when nothing fitted.
    ``searched`` counts the entries of the free list that were looked at."""

    address: int | None
    searched: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a script: ``+n`` or ``-k``, the block's address, and the entries searched."""

    op: str
    address: int | None
    searched: int


class FreeList:
    """``size`` bytes from ``base`` on. Pairs in ``free_list`` are (address, size)."""

    def __init__(
        self,
        size: int,
        base: int = 0,
        strategy: str = "best",
        order: str = "address",
        header: int = 0,
        align: int = 1,
        coalesce: bool = False,
    ) -> None:
        for argument, value, least in (
            ("size", size, 1),
            ("base", base, 0),
            ("header", header, 0),
            ("align", align, 1),
        ):
            if value < least:
                message = _("{value} is less than {least}").format(value=value, least=least)
                raise BadInput(argument, message)
        for argument, name, names in (
            ("strategy", strategy, STRATEGIES),
            ("order", order, ORDERS),
        ):
            if name not in names:
                message = _("“{value}” is not one of: {allowed}").format(
                    value=name, allowed=", ".join(names)
                )
                raise BadInput(argument, message)
        self.size, self.base = size, base
        self.strategy, self.order = strategy, order
        self.header, self.align, self.coalesce = header, align, coalesce
        self.free_list: list[tuple[int, int]] = [(base, size)]
        self.blocks: dict[int, int] = {}  # address of every block in use: its size
        self._requests: dict[int, int] = {}
        self._rover = 0  # a place in the free list

    def block_size(self, request: int) -> int:
        """What a request of so many bytes takes from the free list."""
        return -(-request // self.align) * self.align + self.header

    def allocate(self, request: int) -> Allocation:
        """Find room for ``request`` bytes, 1 or more."""
        if request < 1:
            raise BadInput(
                "request", _("{value} is less than {least}").format(value=request, least=1)
            )
        wanted = self.block_size(request)
        place, searched = self._search(wanted)
        if place is None:
            return Allocation(None, searched)
        address, size = self.free_list[place]
        self.blocks[address] = wanted
        self._requests[address] = request
        if size > wanted:
            self.free_list[place] = (address + wanted, size - wanted)
        else:
            del self.free_list[place]
        self._sort(place)
        return Allocation(address, searched)

    def _search(self, wanted: int) -> tuple[int | None, int]:
        """(place in the list, entries looked at)."""
        count = len(self.free_list)
        if self.strategy in ("first", "next"):
            start = self._rover if self.strategy == "next" else 0
            for searched in range(1, count + 1):
                place = (start + searched - 1) % count
                if self.free_list[place][1] >= wanted:
                    return place, searched
            return None, count
        fits = [place for place in range(count) if self.free_list[place][1] >= wanted]
        choose = min if self.strategy == "best" else max  # both keep the first among equals
        return choose(fits, key=lambda place: self.free_list[place][1], default=None), count

    def free(self, address: int) -> None:
        """Give back the block at ``address``; BadInput if none in use begins there."""
        if address not in self.blocks:
            raise BadInput("address", _("no block in use begins at {value}").format(value=address))
        del self._requests[address]
        block = (address, self.blocks.pop(address))
        rover = self.free_list[self._rover][0] if self.free_list else address
        if self.coalesce:
            # The list was merged before, so only the block's own neighbours can touch it.
            for near in [n for n in self.free_list if n[0] + n[1] == address or n[0] == sum(block)]:
                self.free_list.remove(near)
                block = (min(near[0], block[0]), near[1] + block[1])
        self.free_list.append(block)
        places = range(len(self.free_list))
        inside = (p for p in places if self.free_list[p][0] <= rover < sum(self.free_list[p]))
        self._sort(next(inside))

    def _sort(self, rover: int) -> None:
        """Restore the order, the rover keeping to the entry that is at place ``rover`` now."""
        if self.free_list:
            entry = self.free_list[rover % len(self.free_list)]
            self.free_list.sort(key=_KEYS[self.order])
            self._rover = self.free_list.index(entry)
        else:
            self._rover = 0

    def run(self, script: str) -> list[Operation]:
        """Run a script such as ``+10,-0,+20``: +n allocates n bytes, -k frees the k-th allocation.

        Allocations count from 0, failed ones too. A free searches nothing; its address is the
        block's. BadInput on ``ops`` names the operation that is malformed or frees what is not
        allocated.
        """
        operations: list[Operation] = []
        allocated: list[int | None] = []
        for op in (part.strip() for part in script.split(",")):
            match = re.fullmatch(r"([+-])([0-9]{1,18})", op)
            if match is None or op.strip("+0") == "":
                message = _("“{op}” is neither +n (n is 1 or more) nor -k").format(op=op)
                raise BadInput("ops", message)
            number = int(match[2])
            if match[1] == "+":
                done = self.allocate(number)
                allocated.append(done.address)
                operations.append(Operation(op, done.address, done.searched))
                continue
            address = allocated[number] if number < len(allocated) else None
            if address is None:
                message = _("{op} frees an allocation that does not exist, failed or is free again")
                raise BadInput("ops", message.format(op=op))
            allocated[number] = None
            self.free(address)
            operations.append(Operation(op, address, 0))
        return operations

    @property
    def used(self) -> int:
        """Bytes in blocks, headers and rounding included."""
        return sum(self.blocks.values())

    @property
    def unused(self) -> int:
        """Bytes on the free list; ``used + unused == size`` always."""
        return sum(size for _address, size in self.free_list)

    @property
    def largest(self) -> int:
        """The largest free block: no larger request can succeed, whatever is free in all."""
        return max((size for _address, size in self.free_list), default=0)

    @property
    def external_fragmentation(self) -> float:
        """The share of the free bytes that lies outside the largest free block, 0 to 1."""
        return 1 - self.largest / self.unused if self.unused else 0.0

    @property
    def internal_fragmentation(self) -> int:
        """Bytes inside blocks that nobody asked for: headers and rounding."""
        return self.used - sum(self._requests.values())
