"""The memory controller: how many pages a group may have, and what happens at the limit.

A page is charged to the group of the process that touched it first, and to all groups above, until
it is freed or goes to swap. Before a page is charged:

    max     no room: reclaim inside the group; nothing to reclaim: kill inside the group
    high    no room: reclaim, and if that was not enough, go on but slow the process down
    low     leave the group alone while others can give
    min     leave the group alone, always

Whoever does the work (``paging``) asks ``full`` and ``excess`` and tells ``charge``. Everything is
in pages. The counters are those of memory.events, and count the groups below as well.
Left out: charges for files and the kernel, the batches in which Linux charges, the shares in which
siblings divide a parent's protection.
Source: Linux, mm/memcontrol.c.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lab_kernel.kernel.replacement import Policy

LONGEST = 2000  # ticks: 2 s
_BATCH = 64  # MEMCG_CHARGE_BATCH


@dataclass(slots=True, eq=False)
class Memory:
    """One group's account: ``current`` and ``swap`` with the groups below, ``own`` without."""

    path: str
    parent: Memory | None = None
    max: int | None = None
    high: int | None = None
    low: int = 0
    min: int = 0
    swap_max: int | None = None
    oom_group: bool = False
    current: int = 0
    peak: int = 0
    swap: int = 0
    own: int = 0
    events: Counter[str] = field(default_factory=Counter)
    order: Policy | None = None  # of its own pages: which is to leave first

    def chain(self) -> Iterator[Memory]:
        """The group, and those above it."""
        at: Memory | None = self
        while at is not None:
            yield at
            at = at.parent

    def within(self, other: Memory) -> bool:
        """Is it the other, or below it?"""
        return any(each is other for each in self.chain())

    def full(self) -> Memory | None:
        """The lowest group of the chain whose max leaves no room for a page."""
        return next((m for m in self.chain() if m.max is not None and m.current >= m.max), None)

    def excess(self) -> Iterator[Memory]:
        """Each group of the chain that one page more would put above its high."""
        return (m for m in self.chain() if m.high is not None and m.current >= m.high)

    def charge(self, pages: int) -> None:
        """So many pages more, or fewer."""
        self.own += pages
        for each in self.chain():
            each.current += pages
            each.peak = max(each.peak, each.current)

    def charge_swap(self, pages: int) -> None:
        for each in self.chain():
            each.swap += pages

    @property
    def may_swap(self) -> bool:
        return all(m.swap_max is None or m.swap < m.swap_max for m in self.chain())

    def count(self, event: str) -> None:
        """One more of "low", "high", "max", "oom", "oom_kill" or "oom_group_kill"."""
        for each in self.chain():
            each.events[event] += 1

    def protected(self, root: Memory | None, *, low: bool) -> bool:
        """Is it spared when pages are wanted from ``root``? A limit of its own spares nobody."""
        for each in self.chain():
            if each is root:
                break
            if 0 < each.current <= max(each.min, each.low if low else 0):
                return True
        return False

    def delay(self) -> int:
        """How long a process sleeps after a fault above high, in ticks.

        With the square of the excess, as in calculate_high_delay(), for one page.
        """
        longest = 0
        for each in self.chain():
            if each.high is None or each.current <= each.high:
                continue
            over = (each.current - each.high << 20) // max(1, each.high)
            longest = max(longest, over * over * 1000 >> 34)
        return min(LONGEST, longest // _BATCH)
