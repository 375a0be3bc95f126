"""Emergency response: a runbook of seven steps, followed by hand and run as code.

A release makes the pods of a service hang. Whoever is on call has seven steps: look at the SLI,
find the deployment, read its history, take the release back, wait until the old one serves, look
at the SLI again, write it down. They are functions on the simulated cluster. A person needs time
for each, from a seed, and slips now and then: the step has to be done again. The same functions run
as code take a second each. Requests come all the time, so what each way costs is counted in them.

Minutes and slips of people are a guess of ours. The steps and the cluster are the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.objects import Deployment
from lab_kernel.cloud_native.traffic import Gateway, load
from lab_kernel.language import N_

RATE = 1.0  # requests a second
BAD, ALERT = 60.0, 120.0  # the release comes, somebody is called
SLIP = 0.15  # of a person's steps
_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations: {lab-kernel/start-seconds: "2"}
    spec:
      containers:
        - name: web
          image: shop/web:1
          ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""


@dataclass
class Incident:
    """What the steps see and note. ``error_ratio`` is of the last half minute."""

    cluster: Cluster
    gateway: Gateway
    notes: dict[str, object] = field(default_factory=dict)

    def error_ratio(self) -> float:
        since = self.cluster.clock.now - 30_000
        ended = [each for each in self.gateway.requests if each.outcome and each.accepted >= since]
        return sum(each.lost for each in ended) / len(ended) if ended else 0.0

    def settled(self) -> bool:
        return self.cluster.converged() and bool(self.cluster.ready("web"))


def look(now: Incident) -> None:
    now.notes["before"] = now.error_ratio()


def find(now: Incident) -> None:
    every = now.cluster.store.all(Deployment)
    now.notes["deployment"] = max(every, key=lambda each: each.status.progressed).metadata.name


def history(now: Incident) -> None:
    now.notes["revisions"] = sorted(now.cluster.history(str(now.notes["deployment"])))


def undo(now: Incident) -> None:
    now.notes["back to"] = now.cluster.rollout_undo(str(now.notes["deployment"]))


def wait(now: Incident) -> None:
    while not now.settled():
        now.cluster.run(until=now.cluster.now + 1)


def check(now: Incident) -> None:
    now.cluster.run(until=now.cluster.now + 32)  # the window has to fill with new requests
    now.notes["after"] = now.error_ratio()


def record(now: Incident) -> None:
    now.notes["lost"] = len(now.gateway.lost)


STEPS: tuple[tuple[str, Callable[[Incident], None]], ...] = (
    (N_("look at the error ratio"), look),
    (N_("find the deployment that changed last"), find),
    (N_("read its history"), history),
    (N_("take the release back"), undo),
    (N_("wait until the old one serves"), wait),
    (N_("look at the error ratio again"), check),
    (N_("write it down"), record),
)


@dataclass(frozen=True)
class Response:
    """``seconds`` from the alert to the release taken back, ``slips`` steps done again, ``lost``
    requests, ``before`` of them before the alert; ``took`` is each step's seconds with its slips.
    """

    seconds: float
    slips: int
    lost: int
    before: int
    took: tuple[tuple[str, float], ...]
    notes: dict[str, object]


def respond(*, by_hand: bool, seed: int = 0) -> Response:
    """The same incident either way; by hand a seed is another person on another night."""
    cluster = Cluster(nodes=2)
    cluster.apply(_MANIFEST)
    cluster.run(until=30)
    gateway = Gateway(cluster, "web", attempts=1, timeout=1.0)
    load(gateway, RATE, 30, 3600)
    cluster.at(BAD, lambda: cluster.set_image("web", "shop/web:2", hang_after="1"))
    cluster.run(until=ALERT)
    now, took, back = Incident(cluster, gateway), [], 0.0
    attempts = tries(seed) if by_hand else [[1.0]] * len(STEPS)
    for (name, step), pauses in zip(STEPS, attempts, strict=True):
        begin = cluster.now
        cluster.run(until=cluster.now + sum(pauses))
        step(now)
        if step is undo:
            back = cluster.now - ALERT
        took.append((name, cluster.now - begin))
    slips = sum(len(pauses) - 1 for pauses in attempts)
    before = sum(each.accepted < ALERT * 1000 for each in gateway.lost)
    return Response(back, slips, len(gateway.lost), before, tuple(took), now.notes)


def tries(seed: int) -> list[list[float]]:
    """A person's seconds for each try at each step: to find the page, the command, the window."""
    chance = random.Random(f"hand {seed}")
    every = []
    for _step in STEPS:
        pauses = [60 * chance.uniform(0.5, 2.5)]
        while chance.random() < SLIP:
            pauses.append(60 * chance.uniform(0.5, 2.5))
        every.append(pauses)
    return every
