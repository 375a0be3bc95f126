"""Do twice the jobs take twice the time? 100,000 beside 50,000, under rr, cfs and eevdf.

Jobs of 1 to 9 ticks come at random, half as many again as one CPU can take, so the queue grows to
a third of all of them: a policy that looks at every ready task would take four times the time.
A heap of twice the size costs a little more; 2.3 times is the limit.
"""

from __future__ import annotations

import random
from functools import partial

from lab_kernel.kernel.scheduler import Job, schedule
from tools.bench.timing import progress, ratio, told

POLICIES = ("rr", "cfs", "eevdf")
JOBS = 100_000
LOAD = 1.5
PAIRS = 3
LIMIT = 2.3


def arriving(count: int, seed: int = 0) -> list[Job]:
    chance = random.Random(seed)
    jobs, time = [], 0.0
    for number in range(count):
        time += chance.expovariate(LOAD / 5)  # a job takes 5 ticks on average
        jobs.append(Job(f"J{number}", int(time), chance.randint(1, 9), nice=chance.randint(-5, 5)))
    return jobs


def main() -> int:
    progress(f"making {JOBS:,} jobs")
    all_of_them, half = arriving(JOBS), arriving(JOBS // 2)
    progress("")
    print(f"{JOBS:,} jobs on one CPU that is too slow for them: times {JOBS // 2:,} of them")
    held = True
    for policy in POLICIES:
        both = [partial(schedule, jobs, policy) for jobs in (all_of_them, half)]
        times = ratio(policy, both[0], both[1], PAIRS)
        held &= told(policy, f"{times:.2f}", f"{LIMIT:g}", holds=times <= LIMIT)
    return 0 if held else 1
