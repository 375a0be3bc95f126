"""How much slower than a bare loop is page replacement? LRU is held to less than 3 times.

A million seeded references with the locality of a real program: a program works on a few pages
for a while (a phase), prefers some of them, and now and then strays. The bare loop is the least
that LRU can be in Python, an OrderedDict and nothing else. Each pair of runs is timed together,
so that whatever else the machine does meets both; the median of the pairs' ratios counts.
"""

from __future__ import annotations

import random
from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

from lab_kernel.kernel.replacement import POLICIES, simulate
from lab_kernel.kernel.stack_distance import miss_curve
from tools.bench.timing import progress, ratio, shown, told

REFERENCES = 1_000_000
FRAMES = 64
PAIRS = 5
LIMIT = 3.0


def program(references: int, seed: int = 0) -> list[int]:
    """Phases of 10,000 references to 40 of 2,000 pages, one reference in 50 astray."""
    chance = random.Random(seed)
    pages: list[int] = []
    while len(pages) < references:
        phase = chance.sample(range(2_000), 40)
        favour = [1 / rank for rank in range(1, 41)]
        wanted = chance.choices(phase, favour, k=10_000)
        for place in range(0, 10_000, 50):
            wanted[place] = chance.randrange(2_000)
        pages += wanted
    return pages[:references]


def bare_lru(frames: int, references: Sequence[int]) -> int:
    """LRU's faults, with nothing around the loop."""
    resident: OrderedDict[int, None] = OrderedDict()
    faults = 0
    for page in references:
        if page in resident:
            resident.move_to_end(page)
        else:
            faults += 1
            if len(resident) == frames:
                resident.popitem(last=False)
            resident[page] = None
    return faults


def main() -> int:
    progress(f"making {REFERENCES:,} references")
    pages = program(REFERENCES)
    bare = partial(bare_lru, FRAMES, pages)
    faults = bare()
    progress("")
    print(f"{REFERENCES:,} references, {FRAMES} frames, {faults:,} LRU faults: times a bare LRU")
    ours = simulate("lru", FRAMES, pages).faults
    held = told("the same faults as the bare one", f"{ours:,}", f"{faults:,}", holds=ours == faults)
    for name in POLICIES:
        pairs = PAIRS if name == "lru" else 1
        took = ratio(name, partial(simulate, name, FRAMES, pages), bare, pairs)
        if name == "lru":
            held &= told(name, f"{took:.2f}", f"{LIMIT:g}", holds=took < LIMIT)
        else:
            shown(name, f"{took:.2f}")
    shown("lru, all sizes", f"{ratio('all sizes', partial(miss_curve, pages, 2_000), bare, 1):.2f}")
    return 0 if held else 1
