"""Two runs side by side, and what is printed of them.

The time is the CPU's: what other programs take of it does not count. What they do to caches meets
both runs of a pair alike, and the median of the pairs' ratios counts.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable

Run = Callable[[], object]


def seconds(run: Run) -> float:
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def ratio(name: str, ours: Run, other: Run, pairs: int) -> float:
    """How many times as long ``ours`` takes as ``other``: the median of the pairs."""
    ratios = []
    for pair in range(pairs):
        progress(f"  {name}: pair {pair + 1} of {pairs}")
        beside = seconds(other)
        ratios.append(seconds(ours) / beside)
    progress("")
    return statistics.median(ratios)


def progress(text: str) -> None:
    """One line on a terminal that the next one overwrites; nothing into a file."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def told(name: str, figure: str, limit: str, *, holds: bool) -> bool:
    """Print one line with its verdict, and give the verdict back."""
    verdict = "within" if holds else "OVER"
    print(f"  {name:<34}{figure:>8}   {verdict} {limit}", flush=True)
    return holds


def shown(name: str, figure: str, remark: str = "") -> None:
    """A line for a figure that has no limit."""
    print(f"  {name:<34}{figure:>8}   {remark}".rstrip(), flush=True)
