"""How much of a bare heap's speed is left with a clock around it, and with a dispatcher on top?

The bare loop is the least that a simulation of events can be: a heap of (time, sequence, action),
of which each action puts the next one in. The clock does the same with its checks, its order and
its methods, and is held to half of the bare loop's events a second. The dispatcher does far more
at each event (a policy, a trace, an account), so its ratio is shown and held to nothing.
"""

from __future__ import annotations

import random
from functools import partial
from heapq import heappop, heappush

from lab_kernel.clock import Clock
from lab_kernel.kernel.scheduler import Job, schedule
from tools.bench.timing import progress, ratio, seconds, shown, told

EVENTS = 300_000
TIMERS = 1_000  # that are in the heap at any time
PAIRS = 7
LEAST = 0.5
BURST = 100  # ticks of a job, in slices of one


def delays(seed: int = 0) -> list[int]:
    chance = random.Random(seed)
    return [chance.randrange(1, 100) for _event in range(EVENTS)]


def bare(delays: list[int]) -> int:
    """The events of a heap with nothing around it; when the last one was."""
    due: list[tuple[int, int, object]] = []
    now = sequence = 0

    def action() -> None:
        nonlocal sequence
        if sequence < EVENTS:
            heappush(due, (now + delays[sequence], sequence, action))
            sequence += 1

    for _timer in range(TIMERS):
        action()
    while due:
        now, _sequence, act = heappop(due)
        act()  # type: ignore[operator]
    return now


def clocked(delays: list[int]) -> int:
    """The same events on a Clock."""
    clock = Clock()
    sequence = 0

    def action() -> None:
        nonlocal sequence
        if sequence < EVENTS:
            clock.after(delays[sequence], action)
            sequence += 1

    for _timer in range(TIMERS):
        action()
    clock.run()
    return clock.now


def main() -> int:
    waits = delays()
    plain = partial(bare, waits)
    rate = EVENTS / min(seconds(plain) for _run in range(3))
    print(f"{EVENTS:,} events, {TIMERS:,} at a time: events a second, bare heap ({rate:,.0f}) = 1")
    last, expected = clocked(waits), bare(waits)
    held = told("time of the last event", f"{last}", f"{expected}", holds=last == expected)
    speed = 1 / ratio("Clock", partial(clocked, waits), plain, PAIRS)
    held &= told("Clock", f"{speed:.2f}", f"{LEAST:g} at least", holds=speed >= LEAST)

    progress("  the dispatcher: making jobs")
    jobs = [Job(f"J{n}", 0, BURST) for n in range(EVENTS // BURST // 10)]
    slices = len(jobs) * BURST  # each ends by an event of the clock
    run = partial(schedule, jobs, "rr", quantum=1)
    slower = ratio("dispatcher", run, plain, 3)
    speed = slices / EVENTS / slower
    shown("dispatcher, rr: slices a second", f"{speed:.3f}", "with policy, trace and accounts")
    return 0 if held else 1
