"""What retries do to the load below: with layers that each try again, the tries multiply.

One call that fails with probability p is tried until it succeeds, at most k times: on average
1 + p + p^2 + ... + p^(k-1) tries, and it fails after all with p^k. Above it stands a layer that
sees only the p^k, and tries again itself. If nothing ever succeeds, n layers of k tries make k^n
calls at the bottom (three of three: 27).

Source: a geometric series; Beyer et al., "Site Reliability Engineering", chapter 22, has the
example of layers (4 tries in each of 3: 64). Failures are independent here, which in an overload
they are not: then p is nearly 1, and the worst case is the usual one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Layers:
    """``layers`` callers one above the other, each with ``attempts`` tries. The service at the
    bottom fails each call with probability ``failing``."""

    layers: int
    attempts: int
    failing: float

    @property
    def worst(self) -> int:
        """Calls at the bottom for one request when all of them fail."""
        return int(self.attempts**self.layers)

    def expected(self) -> list[float]:
        """Calls that each layer gets for one request, the top first and the bottom last."""
        fails, tries = self.failing, []
        for _layer in range(self.layers):
            tries.append(sum(fails**n for n in range(self.attempts)))
            fails **= self.attempts
        calls = [1.0]
        for number in reversed(tries):
            calls.append(calls[-1] * number)
        return calls[1:]

    def failed(self) -> float:
        """The share of requests that fail at the top."""
        return float(self.failing ** (self.attempts**self.layers))

    def request(self, chance: random.Random) -> tuple[list[int], bool]:
        """Send one: how many calls each layer got, the bottom last, and whether it succeeded."""
        counts = [0] * self.layers

        def call(layer: int) -> bool:
            for _try in range(self.attempts):
                counts[layer] += 1
                bottom = layer == self.layers - 1
                if chance.random() >= self.failing if bottom else call(layer + 1):
                    return True
            return False

        return counts, call(0)
