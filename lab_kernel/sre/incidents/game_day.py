"""A game day: faults by chance, each predicted before it happens, and how well.

    day = GameDay(seed=3)
    day.rounds[0].plan            what will be done
    day.score([0.9, 0.2, 0.5])    the chances that you gave to "the hypothesis holds"

The score is Brier's: the mean squared difference between the chance given and what happened (1 or
0). 0 is perfect; always saying one half gives 0.25. It rewards being sure only where one is right.

Source: G. W. Brier, "Verification of forecasts expressed in terms of probability", 1950.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.incidents.experiment import Experiment, Result
from lab_kernel.sre.incidents.faults import FAULTS

ROUNDS = 3
#: A timeout in ms, and whether stock is optional.
PROTECTIONS = ((None, False), (100, False), (100, True))


def brier(chances: Sequence[float], happened: Sequence[bool]) -> float:
    """The mean squared difference; there has to be one of each."""
    pairs = list(zip(chances, happened, strict=True))
    return sum((chance - did) ** 2 for chance, did in pairs) / len(pairs)


@dataclass(frozen=True)
class Round:
    """``plan`` is known beforehand, ``result`` is what comes of it."""

    plan: Experiment

    @property
    def result(self) -> Result:
        return self.plan.run()


@dataclass(frozen=True)
class GameDay:
    """Three different faults, each on a shop with protection by chance."""

    seed: int = 0

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        chance = random.Random(f"game day {self.seed}")
        faults = chance.sample(list(FAULTS), ROUNDS)
        plans = []
        for fault in faults:
            timeout, optional = chance.choice(PROTECTIONS)
            plans.append(Experiment(fault, timeout, optional, seed=self.seed))
        return tuple(map(Round, plans))

    def score(self, chances: Sequence[float]) -> float:
        """BadInput: not one chance from 0 to 1 for each round."""
        if len(chances) != ROUNDS or not all(0 <= each <= 1 for each in chances):
            message = _("{count} chances from 0 to 1, one for each round")
            raise BadInput("chances", message.format(count=ROUNDS))
        return brier(chances, [each.result.verdict == "held" for each in self.rounds])
