"""What tests show: evidence, never proof.

``trials`` is how many tests in a row must pass for a reliability to be shown with a confidence, if
each is independent and none fails: the least n with R^n <= 1 - C. ``bound`` is the largest failure
rate that still agrees with what was seen (Clopper and Pearson, one-sided): with no failure in n it
is about 3 / n at 95%, the rule of three.

``OPERATIONS`` are operations tests on the simulated cluster, each from a seed and passed or not:
does the service keep its latency under load, lose nothing when a node fails in the middle of an
update, come back from its manifests on machines that are empty?

Left out: that tests of today say nothing about the release of tomorrow, and that failures of a real
service are not independent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.rollout import NAME, Plan, update
from lab_kernel.errors import BadInput
from lab_kernel.language import _

RESTORE = 30.0  # seconds in which the service has to be back
FAST = 300  # ms


def trials(reliability: float, confidence: float = 0.95) -> int:
    """Tests without a failure that show this reliability."""
    for name, value in (("reliability", reliability), ("confidence", confidence)):
        if not 0 < value < 1:
            raise BadInput(name, _("“{value}” is not between 0 and 1").format(value=value))
    return max(1, math.ceil(math.log(1 - confidence) / math.log(reliability) - 1e-9))


def bound(tests: int, failures: int = 0, confidence: float = 0.95) -> float:
    """The largest failure rate with which so few failures are not too unlikely."""
    if not 0 <= failures <= tests:
        raise BadInput("failures", _("from 0 to the number of tests"))
    if failures == tests:
        return 1.0
    low, high = 0.0, 1.0
    for _halving in range(60):
        middle = (low + high) / 2
        if _at_most(failures, tests, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return low


def _at_most(failures: int, tests: int, rate: float) -> float:
    return sum(
        math.comb(tests, k) * rate**k * (1 - rate) ** (tests - k) for k in range(failures + 1)
    )


def under_load(seed: int = 0) -> bool:
    """Every request of a minute is answered, 99% of them within 300 ms."""
    done = update(Plan(rate=20, until=70, seed=seed))
    times = [each.ended - each.accepted for each in done.gateway.requests]
    quick = sum(time <= FAST for time in times)
    return not done.gateway.lost and quick >= 0.99 * len(times)


def failover(seed: int = 0, attempts: int = 4) -> bool:
    """A node fails in the middle of an update: no request is lost."""
    kill = 41.0 + 3 * (seed % 8)
    node = f"node-{1 + seed % 3}"
    done = update(Plan(rate=10, kill=kill, node=node, attempts=attempts, until=105, seed=seed))
    return not done.gateway.lost


def restore(seed: int = 0) -> bool:
    """From the manifests alone, on empty machines: all replicas are there again in time."""
    cluster = Cluster(nodes=3, seed=seed)
    cluster.apply(Plan().manifest())
    cluster.run(until=RESTORE)
    return len(cluster.ready(NAME)) == Plan().replicas


OPERATIONS: Mapping[str, Callable[[int], bool]] = {
    "load": under_load,
    "failover": failover,
    "restore": restore,
}
