"""A real nginx before four servers, and the same simulated.

nginx's ``random``, its round robin, ``random two least_conn`` and ``least_conn`` stand beside the
policies ``random``, ``in-turn``, ``two`` and ``least``. The simulation is given the number of
servers, how many requests came in a second, and the mean time of one without waiting; it draws
moments and work of its own, so the two agree no better than chance lets them.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from lab_kernel.host.proc import snapshot
from lab_kernel.host.recorded import Source
from lab_kernel.microservices.balancing.policies import POLICIES
from lab_kernel.microservices.balancing.servers import simulate
from lab_kernel.percentile import percentile

RECORDING = "balancing"
REQUESTS = 10_000  # simulated


@dataclass(frozen=True)
class Way:
    """One way to choose: nginx's words for it, and times from arrival to answer, in ms."""

    policy: str
    nginx: str
    took: tuple[float, ...]
    simulated: tuple[float, ...]

    @property
    def mean(self) -> tuple[float, float]:
        """Real, simulated."""
        return statistics.fmean(self.took), statistics.fmean(self.simulated)

    def percentile(self, percent: float) -> tuple[float, float]:
        """Real, simulated."""
        return percentile(self.took, percent), percentile(self.simulated, percent)


def ways() -> list[Way]:
    """In the order of the recording."""
    recording = snapshot(RECORDING)
    about = recording.metadata
    unit = about["work_ms"] + about["besides_ms"]
    found = []
    for name, entry in recording.data.items():
        took = tuple(float(word) for word in entry["took"].split())
        load = len(took) / about["seconds"] * unit / 1000 / about["servers"]
        run = simulate(POLICIES[name](), about["servers"], load, REQUESTS)
        found.append(Way(name, entry["nginx"], took, tuple(unit * stay for stay in run.stays)))
    return found


def source() -> Source:
    return snapshot(RECORDING).source
