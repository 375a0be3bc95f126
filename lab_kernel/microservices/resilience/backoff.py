"""How long to wait before trying again: exponential backoff, and four ways to add chance to it.

The ceiling of the n-th pause is ``base * multiplier ** (n - 1)``, and never more than ``cap``. With
``none`` that is the pause itself, so callers that failed together come again together. The others
are those of Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015):

    full          anything between 0 and the ceiling
    equal         half of the ceiling, and chance over the other half
    decorrelated  between base and three times the pause before, and never more than cap

Full jitter with ``base`` as initialBackoff is also the rule of gRPC's first retry design (proposal
A6 of 2017). The simulator of the blog's author counts from 1 where gRPC counts from 0, so its
first ceiling is twice its base.

Units: those of ``base``; here milliseconds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.registry import unknown

JITTERS = ("none", "full", "equal", "decorrelated")


@dataclass(frozen=True, kw_only=True)
class Backoff:
    """BadInput for a negative base, a cap below it, or a jitter that there is not."""

    base: float = 100.0
    cap: float = 10_000.0
    jitter: str = "full"
    multiplier: float = 2.0

    def __post_init__(self) -> None:
        if self.jitter not in JITTERS:
            raise unknown("jitter", self.jitter, JITTERS)
        for name, value, least in (
            ("base", self.base, 0.0),
            ("cap", self.cap, self.base),
            ("multiplier", self.multiplier, 1.0),
        ):
            if value < least:
                message = _("{value} is less than {least}")
                raise BadInput(name, message.format(value=value, least=least))

    def ceilings(self) -> Iterator[float]:
        """The longest that each pause may be, one after the other, without end."""
        ceiling = min(self.base, self.cap)
        while True:
            yield ceiling
            ceiling = min(ceiling * self.multiplier, self.cap)

    def pauses(self, chance: random.Random) -> Iterator[float]:
        """The pauses of one caller, without end."""
        pause = self.base
        for ceiling in self.ceilings():
            if self.jitter == "none":
                pause = ceiling
            elif self.jitter == "full":
                pause = chance.uniform(0, ceiling)
            elif self.jitter == "equal":
                pause = ceiling / 2 + chance.uniform(0, ceiling / 2)
            else:
                pause = min(self.cap, chance.uniform(self.base, pause * 3))
            yield pause
