"""The same jobs by SimPy, another simulator: does each finish at the same tick, and who is quicker?

The queue and the CPUs are written here with what SimPy has (processes, a store, timeouts), and
share nothing with ``lab_kernel`` but the jobs. First come, first served, and round robin.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Sequence
from functools import partial
from typing import Any

import simpy

from lab_kernel.kernel.scheduler import Job, schedule
from tools.bench.timing import ratio, shown, told

JOBS = 4_000
QUANTUM = 4
PAIRS = 3
Process = Generator[simpy.Event, Any, None]
SETTINGS = [(policy, cpus) for policy in ("fcfs", "rr") for cpus in (1, 2)]


def arriving(count: int, cpus: int, seed: int = 0) -> list[Job]:
    """Jobs of 1 to 19 ticks that keep the CPUs busy nine tenths of the time."""
    chance = random.Random(seed)
    jobs, time = [], 0.0
    for number in range(count):
        time += chance.expovariate(0.9 * cpus / 10)
        jobs.append(Job(f"J{number}", int(time), chance.randint(1, 19)))
    return jobs


def simpy_finishes(jobs: Sequence[Job], cpus: int, quantum: int | None) -> dict[str, int]:
    """When each job ends by SimPy; without a quantum, first come, first served."""
    environment = simpy.Environment()
    ready = simpy.Store(environment)
    left = {job.name: job.burst for job in jobs}
    finish: dict[str, int] = {}

    def arrivals() -> Process:
        for job in sorted(jobs, key=lambda job: job.arrival):
            if job.arrival > environment.now:
                yield environment.timeout(job.arrival - environment.now)
                # Slices that end at this tick were set before; behind them, as in dispatch.py.
                yield environment.timeout(0)
            ready.put(job.name)

    def cpu() -> Process:
        while True:
            name: str = yield ready.get()
            ran = min(quantum or left[name], left[name])
            yield environment.timeout(ran)
            left[name] -= ran
            if left[name]:
                ready.put(name)
            else:
                finish[name] = int(environment.now)

    environment.process(arrivals())
    for _cpu in range(cpus):
        environment.process(cpu())
    environment.run()
    return finish


def our_finishes(jobs: Sequence[Job], cpus: int, quantum: int | None) -> dict[str, int]:
    if quantum is None:
        done = schedule(jobs, "fcfs", cpus=cpus)
    else:
        done = schedule(jobs, "rr", cpus=cpus, quantum=quantum)
    return {job.name: job.finish for job in done.jobs}


def main() -> int:
    print(f"{JOBS:,} jobs here and by SimPy: ticks of finishing that differ; times SimPy's time")
    held = True
    for policy, cpus in SETTINGS:
        name = f"{policy}, {cpus} CPU{'s' if cpus > 1 else ''}"
        jobs, quantum = arriving(JOBS, cpus), QUANTUM if policy == "rr" else None
        ours, theirs = (partial(run, jobs, cpus, quantum) for run in (our_finishes, simpy_finishes))
        finish, expected = ours(), theirs()
        differ = sum(finish[job.name] != expected[job.name] for job in jobs)
        held &= told(f"{name}: jobs that differ", f"{differ}", "0", holds=differ == 0)
        shown(f"{name}: time", f"{ratio(name, ours, theirs, PAIRS):.2f}", "our trace included")
    return 0 if held else 1
