"""How long a change takes until users have it: wait for the unit's turn, build, test, roll out.

A unit is built, tested and deployed as a whole, one change at a time, so a change to any of its
modules waits for the others. Changes come at random moments (a Poisson process), and the pipeline
takes as long for each: an M/D/1 queue, whose mean wait is known.

With one database for all units a share of the changes, ``TABLES``, is to a table. All units read
it, so such a change is built, tested and rolled out as if the shop were one unit, and holds the
pipelines of all units meanwhile. Each pipeline then has two kinds of work: an M/G/1 queue. A
change of a table begins when the busiest of them is free, which is the least that it can wait.

    minutes = 3 + 0.5 for each thousand lines

is an assumption about build and tests, and so is ``TABLES``; both stand here to be changed. How
long the rollout takes is no assumption: it is run on the simulated cluster, pod by pod, where a
program starts in ``2 + lines / 2`` seconds.

Source of the wait: A. Y. Khinchine and F. Pollaczek, Wq = lambda E[S^2] / (2 (1 - rho)); for
constant service rho D / (2 (1 - rho)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.microservices.architecture.cut import PARTS, REPLICAS, Cut

WHOLE = sum(part.lines for part in PARTS.values())  # thousands of lines
FIXED, PER_THOUSAND_LINES = 3.0, 0.5  # minutes
DAY = 8 * 60  # minutes of work
TABLES = 0.25  # of the changes are to a table, where all units have one database


@dataclass(frozen=True)
class Lead:
    """Minutes of one change, on average; ``wait`` is inf where more changes come than can go."""

    wait: float
    build: float
    rollout: float

    @property
    def minutes(self) -> float:
        return self.wait + self.build + self.rollout


def lines(cut: Cut, unit: str) -> int:
    """Thousands of lines that are built and started together."""
    return sum(PARTS[module].lines for module in cut.groups[unit])


def lead(cut: Cut, unit: str, changes: float) -> Lead:
    """Of a change to this unit alone, when ``changes`` a day come to the whole shop: to each module
    in proportion to its lines."""
    size, tables = lines(cut, unit), TABLES if cut.shared else 0.0
    kinds = (  # changes a minute, and minutes for each
        (changes * (1 - tables) * size / WHOLE / DAY, build(size) + rollout(size)),
        (changes * tables / DAY, build(WHOLE) + rollout(WHOLE)),
    )
    busy = sum(rate * each for rate, each in kinds)
    squares = sum(rate * each**2 for rate, each in kinds)
    wait = squares / (2 * (1 - busy)) if busy < 1 else math.inf
    return Lead(wait, build(size), rollout(size))


def lead_together(cut: Cut, changes: float) -> Lead:
    """Of a change that all units are deployed for together."""
    wait = max(lead(cut, unit, changes).wait for unit in cut.groups)
    return Lead(wait, build(WHOLE), rollout(WHOLE))


def mean_lead(cut: Cut, changes: float) -> float:
    """Minutes of a change on average, over all units."""
    alone = sum(lines(cut, unit) / WHOLE * lead(cut, unit, changes).minutes for unit in cut.groups)
    if not cut.shared:
        return alone
    return (1 - TABLES) * alone + TABLES * lead_together(cut, changes).minutes


def build(size: int) -> float:
    """Minutes to build and test so many thousand lines."""
    return FIXED + PER_THOUSAND_LINES * size


@cache
def rollout(size: int) -> float:
    """Minutes of a rolling update of so many thousand lines, as it runs on the cluster."""
    cluster = Cluster(nodes=3)
    text = _MANIFEST.format(replicas=REPLICAS, start=2 + size / 2, version=1)
    cluster.apply(text)
    _until_converged(cluster)
    began = cluster.now
    cluster.apply(text.replace("unit:1", "unit:2"))
    cluster.run(cluster.now + 1)
    _until_converged(cluster)
    return (cluster.now - began) / 60


def _until_converged(cluster: Cluster) -> None:
    while not (cluster.pods() and cluster.converged()):
        cluster.run(cluster.now + 1)


_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: unit}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: unit}}}}
  template:
    metadata:
      labels: {{app: unit}}
      annotations: {{lab-kernel/start-seconds: "{start}"}}
    spec:
      containers:
        - name: unit
          image: unit:{version}
          readinessProbe: {{httpGet: {{path: /, port: 8080}}, periodSeconds: 1}}
          resources: {{requests: {{cpu: 100m, memory: 64Mi}}}}
"""
