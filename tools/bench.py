"""How much slower than a bare loop is the simulator? `make bench` holds LRU to less than 3 times.

A million seeded references with the locality of a real program: a program works on a few pages
for a while (a phase), prefers some of them, and now and then strays. The bare loop is the least
that LRU can be in Python, an OrderedDict and nothing else. Each pair of runs is timed together,
so that whatever else the machine does meets both; the median of the pairs' ratios counts.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial

from lab_kernel.kernel.replacement import POLICIES, simulate
from lab_kernel.kernel.stack_distance import miss_curve

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


def seconds(run: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def progress(text: str) -> None:
    """One line on a terminal that the next one overwrites; nothing into a file."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def compare(name: str, ours: Callable[[], object], pages: list[int], pairs: int) -> float:
    """Time ``ours`` beside the bare loop, print the median ratio and return it."""
    ratios = []
    for pair in range(pairs):
        progress(f"  {name}: pair {pair + 1} of {pairs}")
        bare = seconds(partial(bare_lru, FRAMES, pages))
        ratios.append(seconds(ours) / bare)
    progress("")
    print(f"  {name:<16}{statistics.median(ratios):6.2f}", flush=True)
    return statistics.median(ratios)


def main() -> int:
    progress(f"making {REFERENCES:,} references")
    pages = program(REFERENCES)
    progress("")
    faults = bare_lru(FRAMES, pages)
    if simulate("lru", FRAMES, pages).faults != faults:
        print("the simulator and the bare loop disagree", file=sys.stderr)
        return 1

    print(f"{REFERENCES:,} references, {FRAMES} frames, {faults:,} LRU faults; bare loop = 1")
    ratio = compare("lru", partial(simulate, "lru", FRAMES, pages), pages, PAIRS)
    for name in POLICIES:
        if name != "lru":
            compare(name, partial(simulate, name, FRAMES, pages), pages, 1)
    compare("lru, all sizes", partial(miss_curve, pages, 2_000), pages, 1)
    verdict = "within" if ratio < LIMIT else "OVER"
    print(f"LRU takes {ratio:.2f} times the bare loop (median of {PAIRS}): {verdict} {LIMIT:g}")
    return 0 if ratio < LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
