"""A change in stages: a small part of the traffic first, and a gate before the next part.

A hundred pods serve 500 requests a second. A new configuration gets 1% of them, then 10%, then
all. In each stage one pod with the new configuration and one with the old, the control, are
simulated on a cluster with their own requests; the others of a stage do as these two do. A
request is good when it is answered within 300 ms.

After each stage the two are compared by Fisher's exact test: how likely is it that the canary has
so many of the bad requests, or more, if both are alike? Less likely than ``LEVEL``, and the change
is taken back. A canary that does not get ready gets no requests at all.

What a change costs is counted in bad requests of the whole service, as a share of the error budget
of 30 days. If every request of the canary fails it is

    share of the traffic x seconds / ((1 - SLO) x seconds of 30 days)

Left out: stopping within a stage, faults that hit only some requests, and that the pods of a stage
are not of one age. The simulated canary runs for 18 s before the first stage and goes on to the
next; those that join it there would be younger. What comes some time after a pod starts is
therefore counted too high from the second stage on: of ten pods one would hang, and not all ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.traffic import Gateway, load
from lab_kernel.registry import unknown

STAGES = (Fraction(1, 100), Fraction(1, 10), Fraction(1))
PODS, RATE = 100, 5  # of the service; requests a second for each
FAST = 300  # ms
LEVEL = 0.01
PERIOD = 30 * 24 * 3600  # seconds
BEGIN, PATIENCE = 20.0, 1.0

# What a configuration makes of the program: annotations of its pods.
CONFIGS: dict[str, dict[str, str]] = {
    "good": {},
    "slow": {"work-ms": "400"},  # a cache is switched off
    "hang": {"hang-after": "5"},  # a dependency's address is wrong, and nobody gives up
    "late": {"hang-after": "100"},  # a pool of connections that leaks
    "image": {"bad-image": "true"},  # a name that does not exist
}

_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata:
      labels: {{app: {name}}}
      annotations: {{{notes}}}
    spec:
      containers:
        - name: web
          image: shop/web:1
          ports: [{{containerPort: 8080}}]
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80, targetPort: 8080}}]}}
"""


@dataclass(frozen=True)
class Sample:
    """Requests of one pod in one stage."""

    requests: int
    bad: int


@dataclass(frozen=True)
class Stage:
    """``chance`` is the test's; ``cost`` is bad requests of the whole service in this stage."""

    share: Fraction
    canary: Sample
    control: Sample
    chance: float
    cost: int

    @property
    def stopped(self) -> bool:
        return self.chance < LEVEL


@dataclass(frozen=True)
class Rollout:
    """The stages there were. None: the canary never got ready."""

    stages: tuple[Stage, ...]
    ready: bool

    @property
    def done(self) -> bool:
        """All have the new configuration."""
        return self.ready and not self.stages[-1].stopped

    @property
    def cost(self) -> int:
        return sum(stage.cost for stage in self.stages)

    def spent(self, slo: Fraction) -> Fraction:
        """The share of the error budget of 30 days."""
        return Fraction(self.cost) / budget(slo)


def budget(slo: Fraction) -> Fraction:
    """Bad requests that the service may have in 30 days."""
    return (1 - slo) * PODS * RATE * PERIOD


def roll(
    config: str, seconds: int = 60, stages: Sequence[Fraction] = STAGES, seed: int = 0
) -> Rollout:
    """Stage by stage, each of so many seconds, until one is stopped. BadInput names the
    configurations there are."""
    if config not in CONFIGS:
        raise unknown("config", config, list(CONFIGS))
    cluster = Cluster(nodes=2, seed=seed)
    for name, notes in (("control", {}), ("canary", CONFIGS[config])):
        told = {"start-seconds": "3", "work-ms": "20", **notes}
        words = ", ".join(f'lab-kernel/{key}: "{word}"' for key, word in told.items())
        cluster.apply(_MANIFEST.format(name=name, notes=words))
    cluster.run(until=BEGIN)
    if not cluster.ready("canary"):
        return Rollout((), ready=False)
    gateways = {
        name: Gateway(cluster, name, attempts=1, timeout=PATIENCE, seed=seed)
        for name in ("canary", "control")
    }
    done: list[Stage] = []
    for share in stages:
        done.append(_stage(cluster, gateways, share, seconds, seed + len(done)))
        if done[-1].stopped:
            break
    return Rollout(tuple(done), ready=True)


def _stage(
    cluster: Cluster, gateways: dict[str, Gateway], share: Fraction, seconds: int, seed: int
) -> Stage:
    begin = cluster.clock.now / 1000
    before = {name: len(gateway.requests) for name, gateway in gateways.items()}
    for name, gateway in gateways.items():
        load(gateway, RATE, begin, begin + seconds, seed=2 * seed + (name == "canary"))
    cluster.run(until=begin + seconds + PATIENCE + 0.1)  # until the last is answered or given up
    seen = {}
    for name, gateway in gateways.items():
        some = gateway.requests[before[name] :]
        slow = sum(each.lost or each.ended - each.accepted > FAST for each in some)
        seen[name] = Sample(len(some), slow)
    canary, control = seen["canary"], seen["control"]
    chance = fisher(canary.bad, canary.requests, control.bad, control.requests)
    return Stage(share, canary, control, chance, round(canary.bad * share * PODS))


def fisher(bad: int, of: int, other_bad: int, other_of: int) -> float:
    """The chance that ``of`` requests have ``bad`` or more of all the bad ones, if both are alike:
    one-sided, from the hypergeometric distribution."""
    both, everything = bad + other_bad, of + other_of
    ways = sum(
        comb(of, k) * comb(other_of, both - k)
        for k in range(max(bad, both - other_of), min(of, both) + 1)
    )
    return float(Fraction(ways, comb(everything, both)))
