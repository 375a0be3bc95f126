"""The shop of ``host.loopback`` on the simulated cluster: the same services, the same moments.

    predicted = slow_dependency(timeout_ms=100)
    predicted.stage("slow").percentile(99)

What is real there is simulated here: each service is a program in a pod with as many workers, its
work takes as long, and requests arrive at the same moments. Nothing was fitted to the measurement.
So what differs is what the simulation leaves out: the time for TCP connections and HTTP, Python's
own time in each process, and a machine with few CPUs that does other things, too.
"""

from __future__ import annotations

from lab_kernel.host.loopback import RATE, SHOP, SLOW, Asked, SlowDependency, due
from lab_kernel.host.recorded import SIMULATED
from lab_kernel.microservices import outside
from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.service import Service, Stage
from lab_kernel.microservices.system import System

PATIENCE = 30  # seconds after the last request until everything has been answered


def shop(timeout_ms: int | None = None, *, optional: bool = False) -> list[Service]:
    """The services of ``SHOP`` as they are declared for a ``System``."""

    def call(name: str) -> Call:
        return Call(name, timeout=timeout_ms, optional=optional and name == "stock")

    def stages(calls: tuple[tuple[str, ...], ...]) -> tuple[Stage, ...]:
        return tuple(tuple(map(call, stage)) for stage in calls)

    return [
        Service(name, work=part.work, workers=part.workers, calls=stages(part.calls))
        for name, part in SHOP.items()
    ]


def slow_dependency(
    timeout_ms: int | None = None,
    *,
    optional: bool = False,
    seconds: float = 4.0,
    rate: float = RATE,
    slow: float = SLOW,
    seed: int = 0,
) -> SlowDependency:
    """What ``host.slow_dependency`` measures, simulated. ``slow`` is the work of stock meanwhile.

    BadInput: as there, and ``slow`` not 0 to 10,000 ms.
    """
    system = System(shop(timeout_ms, optional=optional), traced=0)
    start = system.now
    requests: list[outside.Asked] = []
    moments = due(rate, 3 * seconds, seed)
    for moment in moments:
        system.at(start + moment, lambda: requests.append(system.ask("gateway")))
    system.at(start + seconds, lambda: system.change("stock", work=slow))
    system.at(start + 2 * seconds, lambda: system.change("stock", work=SHOP["stock"].work))
    system.run(start + 3 * seconds + PATIENCE)
    asked = tuple(
        Asked(1000 * moment, each.latency or 0, each.status or 0)
        for moment, each in zip(moments, requests, strict=True)
    )
    return SlowDependency(SIMULATED, timeout_ms, optional, seconds, asked)
