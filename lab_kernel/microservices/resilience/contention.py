"""Clients that all want to change the same row, and the backoff that spreads them out.

Each client reads the version of a row and then writes; the write fails if somebody else has
written in between, and the client pauses and begins again, until it has succeeded once. That is
the experiment behind Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015), with
its numbers: a way over the network takes 10 ms with a standard deviation of 2.

Ticks are microseconds. Left out: everything but the network, the row and the pauses.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from lab_kernel.clock import Clock
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.resilience.backoff import Backoff

MS = 1000
MEAN, DEVIATION = 10.0, 2.0  # ms over the network
MOST = 200  # clients
SLOT = 10  # ms in which arrivals are counted together


@dataclass(frozen=True)
class Contention:
    """``calls`` are the moments, in ms, at which a write arrived; the last one ends it."""

    calls: list[float]
    clients: int

    @property
    def seconds(self) -> float:
        return self.calls[-1] / 1000

    @property
    def busiest(self) -> int:
        """The most writes that arrived in one slot."""
        slots: dict[int, int] = {}
        for time in self.calls:
            slot = int(time // SLOT)
            slots[slot] = slots.get(slot, 0) + 1
        return max(slots.values())


def contend(clients: int, backoff: Backoff | None, seed: int = 0) -> Contention:
    """Run it; ``None`` is no pause at all. BadInput for no client or too many."""
    if not 1 <= clients <= MOST:
        message = _("{value} is not between {low} and {high}")
        raise BadInput("clients", message.format(value=clients, low=1, high=MOST))
    clock, chance = Clock(), random.Random(f"contention {seed}")
    calls: list[float] = []
    version = 0

    def way() -> int:
        return round(abs(chance.normalvariate(MEAN, DEVIATION)) * MS)

    def pauses() -> Iterator[float]:
        if backoff is not None:
            yield from backoff.pauses(chance)
        while True:
            yield 0

    def client() -> None:
        waits = pauses()

        def read() -> None:
            seen = version
            clock.after(way() + way(), lambda: write(seen))  # back, and there again

        def write(seen: int) -> None:
            nonlocal version
            calls.append(clock.now / MS)
            if seen == version:
                version += 1
            else:
                clock.after(way() + round(next(waits) * MS) + way(), read)

        clock.after(way(), read)

    for _client in range(clients):
        client()
    clock.run()
    return Contention(calls, clients)
