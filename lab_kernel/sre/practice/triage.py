"""Triage: from a symptom to the release that made it, with nothing but queries.

Three services take requests; in the middle of it two of them get a release, and one of the two is
bad. The alert says only that users see errors. Each query narrows it down and leaves something that
another person can check:

    1. which service    the error ratio of each, before and after
    2. since when       the first bad request
    3. which pods       errors by pod, and the replica set that the pods are of
    4. which change     what the deployment's own events say just before that moment

What is queried is the cluster's Trace, in which requests and events stand side by side. The answer
is right when it names the release *and* each link of the chain holds.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from functools import cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.traffic import Gateway, load
from lab_kernel.trace import Trace

SERVICES = ("cart", "search", "stock")
BEGIN, END = 20.0, 110.0
_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata:
      labels: {{app: {name}}}
      annotations: {{lab-kernel/start-seconds: "2"}}
    spec:
      containers:
        - name: {name}
          image: shop/{name}:1
          ports: [{{containerPort: 8080}}]
          readinessProbe: {{tcpSocket: {{port: 8080}}, periodSeconds: 2}}
          lifecycle: {{preStop: {{sleep: {{seconds: 3}}}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80, targetPort: 8080}}]}}
"""


@dataclass(frozen=True)
class Case:
    """What was recorded, and the key: who was changed when, whose change was bad, and the replica
    set that came of it."""

    trace: Trace
    changes: dict[str, float]
    guilty: str
    replica_set: str


@dataclass(frozen=True)
class Evidence:
    """One link for each query."""

    service: str
    since: float
    pods: tuple[str, ...]
    replica_set: str
    changed: float


@cache
def case(seed: int = 0) -> Case:
    """A seed is another incident."""
    chance = random.Random(f"triage {seed}")
    changed = chance.sample(SERVICES, 2)
    moments = chance.sample(range(40, 71), 2)
    cluster = Cluster(nodes=3, seed=seed)
    for name in SERVICES:
        cluster.apply(_MANIFEST.format(name=name))
    cluster.run(until=BEGIN)
    for number, name in enumerate(SERVICES):
        gateway = Gateway(cluster, name, attempts=1, timeout=1.0, delay=0.5, seed=seed)
        load(gateway, 3, BEGIN, END - 2, seed=10 * seed + number)
    for name, moment in zip(changed, moments, strict=True):
        bad = {"hang_after": "4"} if name == changed[0] else {}
        _later(cluster, moment, name, bad)
    cluster.run(until=END)
    whens = dict(zip(changed, map(float, moments), strict=True))
    guilty = changed[0]
    return Case(cluster.trace, whens, guilty, cluster.history(guilty)[2].metadata.name)


def _later(cluster: Cluster, moment: float, name: str, behaviour: dict[str, str]) -> None:
    cluster.at(moment, lambda: cluster.set_image(name, f"shop/{name}:2", **behaviour))


def links(case: Case, found: Evidence) -> dict[str, bool]:
    """Which links of the chain hold, by the key."""
    changed = case.changes[case.guilty]
    return {
        "service": found.service == case.guilty,
        "since": changed < found.since < changed + 15,
        "pods": found.replica_set == case.replica_set,
        "change": abs(found.changed - changed) < 1,
    }


def error_ratios(trace: Trace) -> dict[str, float]:
    """Query 1: of each service's requests the lost ones."""
    ratios = {}
    for track in trace.where(lambda event: event.track.startswith("gateway/")).tracks():
        counts = trace.where(track=track).counts()
        ratios[track.removeprefix("gateway/")] = counts["lost"] / sum(counts.values())
    return ratios


def since(trace: Trace, service: str) -> float:
    """Query 2: the second in which the first request was accepted that was lost."""
    lost = trace.where(track=f"gateway/{service}", kind="lost")
    return min(event.time for event in lost) / 1000


def by_pod(trace: Trace, service: str) -> Counter[str]:
    """Query 3: errors by the pod that they came from."""
    lost = trace.where(track=f"gateway/{service}", kind="lost")
    return Counter(pod for event in lost for pod, _outcome in event.details["tries"])


def changes(trace: Trace, service: str) -> list[float]:
    """Query 4: the seconds in which the deployment began to scale a new replica set up."""
    return [
        event.time / 1000
        for event in trace.where(name="ScalingReplicaSet")
        if event.details["message"].startswith(f"Scaled up replica set {service}-")
        and event.details["message"].endswith("from 0 to 1")
    ]


def investigate(trace: Trace) -> Evidence:
    """All four, one after the other; each uses what the one before has found."""
    ratios = error_ratios(trace)
    service = max(ratios, key=lambda name: ratios[name])
    began = since(trace, service)
    pods = by_pod(trace, service)
    sets = {pod.rpartition("-")[0] for pod in pods}
    changed = max(moment for moment in changes(trace, service) if moment <= began)
    return Evidence(service, began, tuple(sorted(pods)), " ".join(sorted(sets)), changed)
