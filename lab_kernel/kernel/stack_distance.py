"""LRU stack distances: one pass over the references answers for every memory size.

Pile the pages up with the most recently used one on top. LRU with n frames holds exactly the top
n of the pile, whatever n is: a larger memory holds all that a smaller one does (the inclusion
property). So a reference hits with n frames if, and only if, its page lies no deeper than n.

Source: R. L. Mattson, J. Gecsei, D. R. Slutz and I. L. Traiger, "Evaluation techniques for
storage hierarchies", IBM Systems Journal 9(2), 1970. The tree: P. M. Fenwick, "A new data
structure for cumulative frequency tables", Software: Practice and Experience 24(3), 1994.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def distances(references: Sequence[int]) -> list[int | None]:
    """The depth at which each reference finds its page: 1 is the top, None a first use.

    The depth is the number of different pages used since this one's last use, itself included.
    Time O(n log d), and O(d) memory beside the answer, for n references to d different pages.
    """
    # A line of slots; each page marks the slot of its last use, later uses further right. Twice
    # as many slots as pages, so that the line has to be pushed together only every d references.
    slots = 2 * len(set(references))
    marks = _Marks(slots)
    last: dict[int, int] = {}  # page -> its slot; in order of last use, so this is the pile
    here = 0
    depths: list[int | None] = []
    for page in references:
        if here == slots:
            last = {old: slot for slot, old in enumerate(last, 1)}
            marks = _Marks(slots, filled=len(last))
            here = len(last)
        here += 1
        slot = last.pop(page, None)
        if slot is None:
            depths.append(None)
        else:
            # Of the len(last) + 1 marks, all but those up to this slot lie above it.
            depths.append(len(last) + 1 - marks.up_to(slot) + 1)
            marks.add(slot, -1)
        marks.add(here, 1)
        last[page] = here
    return depths


def miss_curve(references: Sequence[int], max_frames: int) -> list[tuple[int, int]]:
    """(frames, faults) of LRU for 1 to ``max_frames`` frames: it never rises.

    A reference faults when its depth is more than the frames there are, or on first use.
    """
    found_at = Counter(distances(references))
    faults = len(references)
    curve = []
    for frames in range(1, max_frames + 1):
        faults -= found_at[frames]
        curve.append((frames, faults))
    return curve


class _Marks:
    """A Fenwick tree: how many of the slots 1 to n are marked, in O(log n) per question.

    Node n holds the sum of the n & -n slots that end at n.
    """

    def __init__(self, slots: int, filled: int = 0) -> None:
        self._nodes = [0] * (slots + 1)
        for node in range(1, slots + 1):
            first = node - (node & -node)
            self._nodes[node] = max(0, min(node, filled) - first)

    def add(self, slot: int, change: int) -> None:
        nodes, size = self._nodes, len(self._nodes)
        while slot < size:
            nodes[slot] += change
            slot += slot & -slot

    def up_to(self, slot: int) -> int:
        nodes, total = self._nodes, 0
        while slot:
            total += nodes[slot]
            slot &= slot - 1
        return total
