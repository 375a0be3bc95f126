"""One request that waits for many answers, and percentiles.

A request that asks ``leaves`` servers and needs all their answers is as slow as the slowest. If a
share ``slow`` of the answers is slow, independently of each other, it meets at least one with
1 - (1 - slow) ** leaves. The other way round: its percentile q is the leaves' percentile
q ** (1 / leaves), for the largest of n independent values is below t when each of them is.

Real leaves are not independent: a busy network or a shared disk slows many at once. Then fewer
requests meet a slow one, and those meet many.

Source: J. Dean, L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from lab_kernel.errors import BadInput
from lab_kernel.language import _

MOST = 100_000


def meets_slow(slow: float, leaves: int) -> float:
    """The share of requests that wait for at least one slow leaf."""
    _check_share("slow", slow)
    _check_leaves(leaves)
    return 1 - math.pow(1 - slow, leaves)


def leaf_share(share: float, leaves: int) -> float:
    """The share of its answers that a leaf must give in time, so that ``share`` of the requests
    has all of them in time."""
    _check_share("share", share)
    _check_leaves(leaves)
    return math.pow(share, 1 / leaves)


@dataclass(frozen=True)
class Leaf:
    """How long one server takes, in ms: ``usual`` on average, and for a share ``slow`` of the
    answers ``pause`` more: a disk that wakes up, a collection of garbage. Both exponential."""

    usual: float = 10.0
    slow: float = 0.01
    pause: float = 200.0

    def __post_init__(self) -> None:
        _check_share("slow", self.slow)

    def __call__(self, chance: Random) -> float:
        took = chance.expovariate(1 / self.usual)
        return took + chance.expovariate(1 / self.pause) if chance.random() < self.slow else took

    def later(self, moment: float) -> float:
        """The share of the answers that take longer than so many ms."""
        if moment <= 0:
            return 1.0
        fast = math.exp(-moment / self.usual)
        a, b = 1 / self.usual, 1 / self.pause
        both = (a * math.exp(-b * moment) - b * math.exp(-a * moment)) / (a - b)
        return (1 - self.slow) * fast + self.slow * both

    def later_hedged(self, moment: float, after: float) -> float:
        """The same with a second copy, sent to another server after ``after`` ms without answer:
        the first answer counts. ``later(after)`` of the requests send one."""
        return self.later(moment) * self.later(moment - after)

    def percentile(self, percent: float, leaves: int = 1, after: float | None = None) -> float:
        """ms that so many per cent of the requests do not exceed, when they wait for so many
        leaves, each of them hedged ``after`` ms if that is given. By bisection."""
        wanted = 1 - leaf_share(percent / 100, leaves)
        low, high = 0.0, 100 * (self.usual + self.pause)
        while high - low > 1e-6:
            middle = (low + high) / 2
            late = self.later(middle) if after is None else self.later_hedged(middle, after)
            low, high = (middle, high) if late > wanted else (low, middle)
        return high


def gather(leaf: Leaf, leaves: int, requests: int, seed: int = 0) -> list[float]:
    """How long each of the requests waits for the slowest of its leaves."""
    _check_leaves(leaves)
    if not 1 <= requests * leaves <= 10_000_000:
        message = _("{value} is not a whole number from {low} to {high}")
        values = {"value": requests, "low": 1, "high": 10_000_000 // leaves}
        raise BadInput("requests", message.format(**values))
    chance = Random(f"leaves {seed}")
    return [max(leaf(chance) for _leaf in range(leaves)) for _request in range(requests)]


def _check_share(name: str, value: float) -> None:
    if not 0 <= value < 1:
        message = _("{value} is not between {low} and {high}")
        raise BadInput(name, message.format(value=value, low=0, high=1))


def _check_leaves(leaves: int) -> None:
    if not 1 <= leaves <= MOST:
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("leaves", message.format(value=leaves, low=1, high=MOST))
