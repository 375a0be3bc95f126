"""From one run to a figure, and how sure it is.

Waits of neighbours are alike: who comes after a long wait waits long. So they are no independent
samples, and the usual formula would claim far too much. Means of long batches hardly know of each
other; of twenty of them the interval is Student's, with 19 degrees of freedom. The beginning, when
the queue is still empty, is left out.

Assumed: batches so long that their means are independent and normal. Close to a utilization of 1
that takes very many customers.

Source: A. M. Law, "Simulation Modeling and Analysis", chapter 9; the quantiles: NIST/SEMATECH
e-Handbook of Statistical Methods, section 1.3.6.7.2.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.queueing.queue import Run

BATCHES = 20
WARM_UP = 0.1  # of the customers
#: percent: quantile of Student's t with 19 degrees of freedom, on both sides
STUDENT = {95.0: 2.093, 99.0: 2.861, 99.8: 3.579}


@dataclass(frozen=True)
class Estimate:
    """A mean, and half the width of its interval."""

    mean: float
    half: float

    @property
    def low(self) -> float:
        return self.mean - self.half

    @property
    def high(self) -> float:
        return self.mean + self.half

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


def estimate(values: Sequence[float], percent: float = 95.0) -> Estimate:
    """By batch means. BadInput: fewer than 200 values, or a percentage without a quantile."""
    if percent not in STUDENT:
        allowed = ", ".join(f"{each:g}" for each in STUDENT)
        message = _("{value} is not one of: {allowed}")
        raise BadInput("percent", message.format(value=percent, allowed=allowed))
    if len(values) < 10 * BATCHES:
        message = _("{value} is less than {least}")
        raise BadInput("values", message.format(value=len(values), least=10 * BATCHES))
    kept = values[round(len(values) * WARM_UP) :]
    size = len(kept) // BATCHES
    means = [statistics.fmean(kept[n * size : (n + 1) * size]) for n in range(BATCHES)]
    half = STUDENT[percent] * statistics.stdev(means) / math.sqrt(BATCHES)
    return Estimate(statistics.fmean(means), half)


@dataclass(frozen=True)
class Little:
    """L = lambda W, each of the three counted by itself, over the whole run."""

    there: float
    rate: float
    stay: float

    @property
    def product(self) -> float:
        return self.rate * self.stay


def little(run: Run) -> Little:
    """It holds for every run that begins and ends empty, whatever the times and the order.
    J. D. C. Little, 1961; for a single run S. Stidham, 1974."""
    until = run.until
    return Little(run.average_there(), len(run.came) / until, statistics.fmean(run.stays))
