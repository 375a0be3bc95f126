"""FIFO, LRU and MRU: one queue of pages, read in three ways.

Source: Silberschatz, Galvin and Gagne, Operating System Concepts, 10th ed., section 10.4.
None of them ever meets a tie: no two pages arrive, or are used, at the same moment.
"""

from __future__ import annotations

from collections import OrderedDict

from lab_kernel.kernel.replacement.policy import Policy


class Fifo(Policy):
    """First in, first out: the page that came first leaves first, however often it was used.

    More memory can mean more faults (Belady's anomaly).
    """

    name = "fifo"

    def __init__(self) -> None:
        self._queue: OrderedDict[int, None] = OrderedDict()
        self.hit = self._queue.__getitem__  # use does not move a page; it only has to be there

    def load(self, page: int) -> None:
        self._queue[page] = None

    def victim(self) -> int:
        return self._queue.popitem(last=False)[0]

    def remove(self, page: int) -> None:
        del self._queue[page]


class Lru(Fifo):
    """Least recently used: a used page goes back to the end of the queue.

    Exact LRU is more than a real kernel can afford: it would have to note the time of every
    memory access. The hardware gives it one bit per page, which is what CLOCK works with.
    """

    name = "lru"

    def __init__(self) -> None:
        super().__init__()
        self.hit = self._queue.move_to_end


class Mru(Lru):
    """Most recently used: the page that was used last leaves first.

    Bad nearly everywhere, and the best of the simple ones for a loop slightly larger than memory.
    """

    name = "mru"

    def victim(self) -> int:
        return self._queue.popitem(last=True)[0]
