"""Second chance, and CLOCK: the same decisions from a queue and from a ring.

The hardware sets a page's reference bit whenever the page is used. The oldest page is looked at
first: if its bit is set, the bit is cleared and the page gets another turn; if not, it leaves.
When every bit is set, one whole turn clears them all and the policy is FIFO.

Textbooks differ in whether loading a page sets its bit. The access that caused the fault is
repeated and does set it on real hardware, so that is the default (``referenced_on_load=True``);
some printed examples begin with a clear bit. No ties: pages stand in one order.

Source: F. J. Corbato, "A Paging Experiment with the Multics System", MIT Project MAC, 1968.
"""

from __future__ import annotations

from collections import OrderedDict

from lab_kernel.kernel.replacement.policy import Policy


class SecondChance(Policy):
    """A queue in which a referenced page is moved from the head to the tail."""

    name = "second-chance"

    def __init__(self, *, referenced_on_load: bool = True) -> None:
        self._on_load = referenced_on_load
        self._referenced: OrderedDict[int, bool] = OrderedDict()  # page -> bit, oldest first

    def hit(self, page: int) -> None:
        if page not in self._referenced:
            raise KeyError(page)
        self._referenced[page] = True

    def load(self, page: int) -> None:
        self._referenced[page] = self._on_load

    def victim(self) -> int:
        while True:
            page, referenced = self._referenced.popitem(last=False)
            if not referenced:
                return page
            self._referenced[page] = False

    def remove(self, page: int) -> None:
        del self._referenced[page]


class Clock(Policy):
    """A ring of slots and a hand: nothing is moved, only the hand goes round.

    The new page takes the slot of the victim, and the hand stands behind it. A slot emptied by
    ``remove`` is filled by the next load.
    """

    name = "clock"

    def __init__(self, *, referenced_on_load: bool = True) -> None:
        self._on_load = referenced_on_load
        self._referenced: dict[int, bool] = {}
        self._ring: list[int | None] = []
        self._slot: dict[int, int] = {}
        self._empty: list[int] = []
        self._hand = 0

    def hit(self, page: int) -> None:
        if page not in self._referenced:
            raise KeyError(page)
        self._referenced[page] = True

    def load(self, page: int) -> None:
        if not self._empty:
            self._empty.append(len(self._ring))
            self._ring.append(None)
        slot = self._empty.pop()
        self._ring[slot] = page
        self._slot[page] = slot
        self._referenced[page] = self._on_load

    def victim(self) -> int:
        if not self._slot:
            raise KeyError("no page")
        while True:
            page = self._ring[self._hand]
            self._hand = (self._hand + 1) % len(self._ring)
            if page is None:
                continue
            if not self._referenced[page]:
                self.remove(page)
                return page
            self._referenced[page] = False

    def remove(self, page: int) -> None:
        slot = self._slot.pop(page)
        self._ring[slot] = None
        self._empty.append(slot)
        del self._referenced[page]
