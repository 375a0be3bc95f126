"""Fuzz the simulated kernel: `make fuzz`, or `python -m tools.fuzz --calls 1000000 --seed 0`.

Machines full of random programs, one for each seed, on all cores; after every step the invariants
of lab_kernel.kernel.invariants are checked. What is found is told with its seed, and
`python -m tools.fuzz --only SEED` runs it again.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count

from lab_kernel.kernel.fuzz import fuzz
from tools.bench.timing import progress

BLOCK = 50  # machines in one piece of work


def block(first: int) -> int:
    """The calls of a block of seeds."""
    return sum(_one(seed) for seed in range(first, first + BLOCK))


def _one(seed: int) -> int:
    try:
        return fuzz(seed)
    except BaseException as error:
        error.add_note(f"seed {seed}")
        raise


def served(calls: int, seed: int) -> Iterator[int]:
    """The calls so far, block after block, until there are enough."""
    total, firsts, workers = 0, count(seed, BLOCK), os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        waiting = [pool.submit(block, next(firsts)) for _worker in range(2 * workers)]
        while total < calls:
            total += waiting.pop(0).result()
            waiting.append(pool.submit(block, next(firsts)))
            yield total
        for piece in waiting:
            piece.cancel()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000, help="so many system calls")
    parser.add_argument("--seed", type=int, default=0, help="of the first machine")
    parser.add_argument("--only", type=int, help="one machine, with its traceback")
    given = parser.parse_args(arguments)
    if given.only is not None:
        print(f"{fuzz(given.only):,} calls, nothing broken")
        return 0
    start = time.monotonic()
    total = 0
    try:
        for total in served(given.calls, given.seed):
            progress(f"  {total:,} of {given.calls:,} calls")
    except Exception as error:
        progress("")
        print(f"{type(error).__name__}: {error} ({'; '.join(error.__notes__)})", file=sys.stderr)
        return 1
    progress("")
    print(f"{total:,} calls in {time.monotonic() - start:,.0f} s, nothing broken")
    return 0


if __name__ == "__main__":
    sys.exit(main())
