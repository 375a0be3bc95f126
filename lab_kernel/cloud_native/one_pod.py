"""One pod under watch: when its probes end it, and what happens in the end of it.

``watched`` runs a pod with the probes given and tells when its container was started and killed.
``shutdown`` deletes one of two pods while requests come in and tells the moments of the race: the
kubelet ends the program, and at the same time the news that the pod is no longer to be asked
travels to the gateway. Neither waits for the other (Kubernetes, "Pod Lifecycle", termination).

What was run once is kept. Times in seconds, those of ``shutdown`` counted from the deletion.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.objects import Endpoints
from lab_kernel.cloud_native.traffic import Followed, Gateway, load
from lab_kernel.trace import Trace

DELETED = 20.0
_POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata:
      labels: {{app: web}}
      annotations: {{{annotations}}}
    spec:
      terminationGracePeriodSeconds: {grace}
      containers:
        - name: web
          image: shop/web:1
          ports: [{{containerPort: 8080}}]
{more}---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec: {{selector: {{app: web}}, ports: [{{port: 80, targetPort: 8080}}]}}
"""


@dataclass(frozen=True, kw_only=True)
class Probe:
    """The fields of a probe; the defaults are those of Kubernetes."""

    period: int = 10
    failures: int = 3
    timeout: int = 1
    initial: int = 0

    def written(self, kind: str) -> str:
        return (
            f"          {kind}: {{httpGet: {{path: /health, port: 8080}},"
            f" initialDelaySeconds: {self.initial}, periodSeconds: {self.period},"
            f" timeoutSeconds: {self.timeout}, failureThreshold: {self.failures}}}\n"
        )


@dataclass(frozen=True)
class Watched:
    """What the kubelet did and said; seconds count from the container's first start, ``began``."""

    trace: Trace
    began: int  # ms

    def seconds(self, reason: str) -> list[float]:
        """When events of this reason happened, counted from the first start."""
        times = dict.fromkeys(event.time for event in self.trace.where(name=reason))
        return [(time - self.began) / 1000 for time in times]

    @property
    def ready(self) -> float | None:
        """When it was first ready, as its node knows it."""
        rows = [e for e in self.trace if e.kind == "ready" and e.track.startswith("node-1/web")]
        return (rows[0].time - self.began) / 1000 if rows else None


@cache
def watched(
    *,
    start: float = 1.0,
    startup: Probe | None = None,
    liveness: Probe | None = None,
    readiness: Probe | None = None,
    hang_after: float | None = None,
    until: float = 180.0,
) -> Watched:
    """A pod whose program needs ``start`` seconds, and hangs ``hang_after`` its start."""
    notes = [f'lab-kernel/start-seconds: "{start}"']
    if hang_after is not None:
        notes.append(f'lab-kernel/hang-after: "{hang_after}"')
    kinds = {"startupProbe": startup, "livenessProbe": liveness, "readinessProbe": readiness}
    more = "".join(probe.written(kind) for kind, probe in kinds.items() if probe)
    cluster = Cluster(nodes=1, cpu="1", memory="256Mi")
    cluster.apply(_POD.format(replicas=1, annotations=", ".join(notes), grace=30, more=more))
    cluster.run(until=until)
    tracks = ("pod/web", "node-1/web")  # no more, since it is kept
    trace = cluster.trace.where(lambda event: event.track.startswith(tracks))
    return Watched(trace, trace.where(name="Started").events[0].time)


@dataclass(frozen=True)
class Shutdown:
    """The moments of the race, in seconds from the deletion; ``ended`` of the last process."""

    requests: tuple[Followed, ...]
    pod: str
    out: float  # the store's list has it as not ready any more
    learned: float  # the gateway has heard of it
    sigterm: float
    ended: float

    @property
    def late(self) -> int:
        """How many requests were lost at this pod."""
        return sum(each.lost and each.tries[-1][0] == self.pod for each in self.requests)


@cache
def shutdown(
    *,
    pre_stop: int = 0,
    delay: float = 2.0,
    stop: float = 0.1,
    grace: int = 30,
    ignores: bool = False,
    rate: float = 20.0,
    attempts: int = 1,
    seed: int = 0,
) -> Shutdown:
    """Delete one of two pods; the gateway tries each request only once, unless told otherwise."""
    notes = ['lab-kernel/start-seconds: "1"', f'lab-kernel/stop-seconds: "{stop}"']
    if ignores:
        notes.append('lab-kernel/ignores-sigterm: "true"')
    hook = f"          lifecycle: {{preStop: {{sleep: {{seconds: {pre_stop}}}}}}}\n"
    cluster = Cluster(nodes=1, cpu="2", memory="256Mi", seed=seed)
    cluster.apply(
        _POD.format(
            replicas=2,
            annotations=", ".join(notes),
            grace=grace,
            more=Probe(period=5).written("readinessProbe") + (hook if pre_stop else ""),
        )
    )
    cluster.run(until=DELETED - 5)
    gateway = Gateway(cluster, "web", delay=delay, attempts=attempts, seed=seed)
    pod = cluster.pods("web")[0].metadata.name
    moments: dict[str, float] = {}

    def told(_name: str, thing: Endpoints) -> None:
        if not any(each.pod == pod and each.ready for each in thing.endpoints):
            moments.setdefault("out", cluster.now - DELETED)

    cluster.store.watch(Endpoints, told)
    if rate:
        load(gateway, rate, DELETED - 5, DELETED + 15, seed=seed)
    cluster.at(DELETED, lambda: cluster.delete_pod(pod))
    done = grace if ignores else min(pre_stop + stop, grace)
    longest = max(delay, done, pre_stop) + 3
    cluster.run(until=DELETED + max(longest, 20 if rate else 0))
    row = cluster.trace.where(track=f"node-1/{pod}", kind="stopping")
    ended = max(event.time + event.duration for event in row) / 1000 - DELETED
    signals = cluster.hosts["node-1"].traces[0].where(kind="signal", name="SIGTERM")
    sigterm = signals.events[0].time / 1000 - DELETED
    out = moments["out"]
    seconds = (round(each, 3) for each in (out, out + delay, sigterm, ended))
    return Shutdown(tuple(gateway.requests), pod, *seconds)
