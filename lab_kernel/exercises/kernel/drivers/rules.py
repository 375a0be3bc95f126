"""The rules of the policies as the problems tell them."""

from __future__ import annotations

import random
from collections.abc import Mapping

from lab_kernel.language import N_

LAST = 199
RULES: Mapping[str, str] = {
    "fcfs": N_("FCFS: in the order of arrival."),
    "sstf": N_("SSTF: the nearest one first; of two equally near, the one that came first."),
    "look": N_(
        "LOOK: on in the present direction while anything waits there, then back from the last"
        " request."
    ),
    "scan": N_("SCAN: on in the present direction to the edge of the disk (0 or 199), then back."),
    "c-look": N_(
        "C-LOOK: upwards only; from the highest request straight back to the lowest one. The way"
        " back counts."
    ),
}


def some(rng: random.Random, count: int) -> tuple[int, list[int]]:
    """Where the head stands, and cylinders that wait on both sides of it."""
    while True:
        head, *asked = rng.sample(range(5, LAST - 4), count + 1)
        if sum(one < head for one in asked) >= 2 and sum(one > head for one in asked) >= 2:
            return head, asked


def line(cylinders: list[int]) -> str:
    return ", ".join(map(str, cylinders))
