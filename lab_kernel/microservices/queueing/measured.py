"""The recorded server of one worker, and the same queue simulated.

The simulation is given the moments and the work that the real one had (its seeds are known), and
what a request takes besides its work. Nothing else is taken from the measurement.
"""

from __future__ import annotations

import random
import statistics
from dataclasses import dataclass

from lab_kernel.host.proc import snapshot
from lab_kernel.host.recorded import Source
from lab_kernel.microservices.queueing.formulas import mg1

RECORDING = "queueing"


@dataclass(frozen=True)
class Step:
    """One utilization; mean times from arrival to answer, in ms."""

    utilization: float
    requests: int
    real: float
    simulated: float
    formula: float


def steps(besides: float | None = None) -> list[Step]:
    """From the least utilization to the greatest; ``besides`` is what a request takes besides its
    work, in ms (None: as it was measured)."""
    recording = snapshot(RECORDING)
    work = recording.metadata["work_ms"]
    more = recording.metadata["besides_ms"] if besides is None else besides
    found = []
    for name, entry in recording.data.items():
        came = [float(word) for word in entry["due"].split()]
        chance = random.Random(f"work {name}")
        stays, free = [], 0.0
        for moment in came:
            free = max(free, moment) + work * chance.expovariate(1) + more
            stays.append(free - moment)
        mean = work + more
        formula = mg1(entry["rate"], mean / 1000, (work / mean) ** 2).stay * 1000
        real = statistics.fmean(map(float, entry["took"].split()))
        simulated = statistics.fmean(stays)
        found.append(Step(entry["utilization"], len(came), real, simulated, formula))
    return sorted(found, key=lambda step: step.utilization)


def source() -> Source:
    return snapshot(RECORDING).source
