"""LFU: the page used least often leaves."""

from __future__ import annotations

from collections import OrderedDict

from lab_kernel.kernel.replacement.policy import Policy


class Lfu(Policy):
    """Least frequently used.

    Ties: of the pages used equally often, the least recently used one leaves. A page that leaves
    is forgotten and starts again from one, so the count is "uses since it was loaded" (in-cache
    LFU). Counts do not age: what was popular long ago stays, which is LFU's known weakness.

    Every hook costs O(1): pages with the same count share a queue, and since a page enters a
    queue at the moment of its use, that queue is in order of use. Source: Shah, Mitra and Matani,
    "An O(1) algorithm for implementing the LFU cache eviction scheme", 2010.
    """

    name = "lfu"

    def __init__(self) -> None:
        self._count: dict[int, int] = {}
        self._queues: dict[int, OrderedDict[int, None]] = {}
        self._least = 0  # no queue below this one holds a page

    def hit(self, page: int) -> None:
        count = self._count[page]
        self._leave(page)
        self._enter(page, count + 1)

    def load(self, page: int) -> None:
        self._enter(page, 1)
        self._least = 1

    def victim(self) -> int:
        if not self._count:
            raise KeyError("no page")
        while self._least not in self._queues:
            self._least += 1
        page = next(iter(self._queues[self._least]))
        self._leave(page)
        return page

    def remove(self, page: int) -> None:
        self._leave(page)

    def _enter(self, page: int, count: int) -> None:
        self._count[page] = count
        self._queues.setdefault(count, OrderedDict())[page] = None

    def _leave(self, page: int) -> None:
        count = self._count.pop(page)
        queue = self._queues[count]
        del queue[page]
        if not queue:
            del self._queues[count]
