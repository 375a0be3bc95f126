"""How long a change takes until users have it: wait for the unit's turn, build, test, roll out.

A unit is built, tested and deployed as a whole, one change at a time, so a change to any of its
modules waits for the others. Changes come at random moments (a Poisson process), and the pipeline
takes as long for each: an M/D/1 queue, whose mean wait is known.

    minutes = 3 + 0.5 for each thousand lines

is an assumption about build and tests, and stands here to be changed. How long the rollout takes
is no assumption: it is run on the simulated cluster, pod by pod, where a program starts in
``2 + lines / 2`` seconds.

Source of the wait: A. Y. Khinchine and F. Pollaczek; for constant service
Wq = rho D / (2 (1 - rho)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.microservices.architecture.cut import PARTS, REPLICAS, Cut

FIXED, PER_THOUSAND_LINES = 3.0, 0.5  # minutes
DAY = 8 * 60  # minutes of work


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
    """Of a change to this unit, when ``changes`` a day come to the whole shop: to each module in
    proportion to its lines."""
    size, whole = lines(cut, unit), sum(part.lines for part in PARTS.values())
    build = FIXED + PER_THOUSAND_LINES * size
    each = build + rollout(size)
    busy = changes * size / whole * each / DAY
    wait = busy * each / (2 * (1 - busy)) if busy < 1 else math.inf
    return Lead(wait, build, rollout(size))


def mean_lead(cut: Cut, changes: float) -> float:
    """Minutes of a change on average, over all units."""
    whole = sum(part.lines for part in PARTS.values())
    return sum(lines(cut, unit) / whole * lead(cut, unit, changes).minutes for unit in cut.groups)


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
