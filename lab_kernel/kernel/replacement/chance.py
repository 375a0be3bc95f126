"""Random: any page may leave. The yardstick that a clever policy has to beat."""

from __future__ import annotations

import random

from lab_kernel.kernel.replacement.policy import Policy


class Random(Policy):
    """Every page in memory is equally likely to leave; the same seed gives the same choices."""

    name = "random"

    def __init__(self, *, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._pages: list[int] = []
        self._place: dict[int, int] = {}
        self.hit = self._place.__getitem__  # use changes nothing

    def load(self, page: int) -> None:
        self._place[page] = len(self._pages)
        self._pages.append(page)

    def victim(self) -> int:
        if not self._pages:
            raise KeyError("no page")
        page = self._pages[self._random.randrange(len(self._pages))]
        self.remove(page)
        return page

    def remove(self, page: int) -> None:
        # The last page moves into the gap, so that the list stays dense at O(1).
        place, last = self._place.pop(page), self._pages.pop()
        if last != page:
            self._pages[place] = last
            self._place[last] = place
