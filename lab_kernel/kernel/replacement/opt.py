"""OPT: the page whose next use is furthest away leaves. It needs to know the future."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

from lab_kernel.kernel.replacement.policy import Policy


class Opt(Policy):
    """Belady's optimal policy: no other policy has fewer faults on the same references.

    It is told all the references beforehand, so it cannot run in a kernel; it is the yardstick
    for those that can. Ties: of the pages never used again, the one whose last use is longest ago
    leaves. A ``hit`` or ``load`` that is not the next reference is a ValueError.

    Time O(n log frames). Every use pushes the time of the page's next use on a heap, furthest
    first. Entries of the past are not searched out: they are always nearer than any entry of the
    future, so they never come to the top, and are swept when they outnumber the pages.

    Source: L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM
    Systems Journal 5(2), 1966; Mattson et al., IBM Systems Journal 9(2), 1970.
    """

    name = "opt"

    def __init__(self, references: Sequence[int]) -> None:
        # Each page gets one more use after the end, in reverse order of its last real one. So
        # every use has a next one, all at different times, and a time alone names its page.
        self._timeline = list(references)
        self._next_use = [0] * len(self._timeline)
        upcoming: dict[int, int] = {}
        for time in range(len(self._next_use) - 1, -1, -1):
            page = self._timeline[time]
            if page not in upcoming:
                upcoming[page] = len(self._timeline)
                self._timeline.append(page)
            self._next_use[time] = upcoming[page]
            upcoming[page] = time
        self._now = -1
        self._resident = 0
        self._furthest: list[int] = []  # negated times: heapq keeps the smallest first

    def hit(self, page: int) -> None:
        self._now += 1
        if self._now >= len(self._next_use) or self._timeline[self._now] != page:
            raise ValueError(f"reference {self._now} is page {page}: not the future it was told")
        heapq.heappush(self._furthest, -self._next_use[self._now])

    def load(self, page: int) -> None:
        self.hit(page)
        self._resident += 1

    def victim(self) -> int:
        if not self._resident:
            raise KeyError("no page")
        if len(self._furthest) > 4 * self._resident:
            self._furthest = [time for time in self._furthest if -time > self._now]
            heapq.heapify(self._furthest)
        self._resident -= 1
        return self._timeline[-heapq.heappop(self._furthest)]

    def remove(self, page: int) -> None:
        raise NotImplementedError("a page that leaves by itself was not in the future it was told")
