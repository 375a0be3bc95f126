"""What a cut costs and gives: calls, availability and blast radius by counting, latency by running.

    prices(cut).calls, measure(cut).p99

Counting walks through who asks whom, in the cut as it will be when nothing moves any more. A call
that crosses the network is counted each time it is made. ``availability`` takes every call to
succeed with the same chance, independently. The blast radius of a bad version is the share of all
requests that fail while its whole unit fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lab_kernel.microservices.architecture.cut import DATABASE, GATEWAY, OPERATIONS, PARTS, Cut
from lab_kernel.percentile import percentile

PER_SECOND, SECONDS = 60, 10.0


def needed(cut: Cut, operation: str) -> Iterator[str]:
    """The units that a request of this operation cannot do without, as often as it calls them."""
    module, _share = OPERATIONS[operation]
    if cut.behind_gateway:
        yield GATEWAY
    yield cut.unit(module)
    yield from _below(cut, module, optional=False)


def crossings(cut: Cut, operation: str) -> int:
    """How many calls of one request cross the network, the user's own among them."""
    module, _share = OPERATIONS[operation]
    return (2 if cut.behind_gateway else 1) + sum(1 for _call in _below(cut, module, optional=True))


def _below(cut: Cut, module: str, *, optional: bool) -> Iterator[str]:
    part = PARTS[module]
    if cut.shared:
        yield DATABASE
    for asked in part.asks:
        if asked in part.optional and not optional:
            continue
        if cut.unit(asked) != cut.unit(module):
            yield cut.unit(asked)
        yield from _below(cut, asked, optional=optional)


def availability(cut: Cut, each: float, operation: str | None = None) -> float:
    """The share of requests that succeed when every call does with the chance ``each``."""
    if operation is not None:
        return each ** len(list(needed(cut, operation)))
    return sum(
        share / 100 * availability(cut, each, name) for name, (_m, share) in OPERATIONS.items()
    )


def blast_radius(cut: Cut, unit: str) -> float:
    """The share of all requests that fail while this unit does."""
    hit = (share for name, (_m, share) in OPERATIONS.items() if unit in set(needed(cut, name)))
    return sum(hit) / 100


@dataclass(frozen=True)
class Measured:
    """A cut under load on the simulated cluster. ms of the answered requests; ``answered`` is the
    share of all."""

    latencies: tuple[int, ...]
    answered: float

    def percentile(self, percent: float) -> int:
        """The nearest rank."""
        return percentile(self.latencies, percent)


@cache
def measure(cut: Cut, broken: str = "", seed: int = 0) -> Measured:
    """Ten seconds of load, all operations in their shares; the unit ``broken`` answers 500."""
    system = cut.system(seed=seed)
    if broken:
        system.change(broken, fails=1.0)
    cut.load(system, PER_SECOND, SECONDS, seed)
    system.run(system.now + SECONDS + 20)
    return Measured(tuple(system.latencies()), len(system.answered) / len(system.requests))
