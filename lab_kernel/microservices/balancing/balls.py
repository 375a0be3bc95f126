"""Balls thrown into bins: the question of load balancing without time.

For each ball ``choices`` bins are drawn, the same one twice perhaps, and the ball goes into the
one that holds fewest; of several the first drawn. Nothing is ever taken out.
"""

from __future__ import annotations

from random import Random

from lab_kernel.errors import BadInput
from lab_kernel.language import _

MOST = 1_000_000


def throw(balls: int, bins: int, choices: int = 1, seed: int = 0) -> list[int]:
    """How many each bin holds. BadInput: numbers out of range."""
    for name, value, high in (
        ("balls", balls, MOST), ("bins", bins, MOST), ("choices", choices, 10),
    ):  # fmt: skip
        if not 1 <= value <= high:
            message = _("{value} is not a whole number from {low} to {high}")
            raise BadInput(name, message.format(value=value, low=1, high=high))
    chance = Random(f"balls {seed}")
    held = [0] * bins
    for _ball in range(balls):
        best = int(chance.random() * bins)
        for _other in range(choices - 1):
            drawn = int(chance.random() * bins)
            if held[drawn] < held[best]:
                best = drawn
        held[best] += 1
    return held
