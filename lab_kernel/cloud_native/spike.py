"""A rush of requests that is soon over, and what a liveness probe makes of it.

Three pods answer what comes, then for some seconds there is more than they can do. Requests wait
in the pods, and so does the probe's question. A probe that is not answered in time cannot tell a
program that hangs from one that is busy: the kubelet restarts it, and what waited there is lost.
While it starts, its share falls to the others.

So it was at GitLab on 18 May 2023 (incident 14451 of its production tracker): busy workers, failed
probes, restarts, an outage of more than an hour; six replicas instead of three and no liveness
probe ended it. Rates here are ours. Times in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.traffic import Followed, Gateway, load

START, RUSH, END = 25, 30, 85  # requests begin, the rush begins, requests end
WORK = 0.2  # seconds of CPU for one request: a pod answers five in a second
PATIENCE = 20.0  # seconds that a client waits
_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata:
      labels: {{app: web}}
      annotations: {{lab-kernel/start-seconds: "10", lab-kernel/work-ms: "200"}}
    spec:
      containers:
        - name: web
          image: shop/web:1
          ports: [{{containerPort: 8080}}]
          readinessProbe: {{tcpSocket: {{port: 8080}}, periodSeconds: 5}}
{liveness}---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec: {{selector: {{app: web}}, ports: [{{port: 80, targetPort: 8080}}]}}
"""
_LIVENESS = """\
          livenessProbe:
            httpGet: {{path: /live, port: 8080}}
            initialDelaySeconds: 12
            periodSeconds: 5
            timeoutSeconds: {timeout}
            failureThreshold: {failures}
"""


@dataclass(frozen=True, kw_only=True)
class Rush:
    """``usual`` and ``more`` are requests in a second; ``more`` are added for ``seconds``."""

    replicas: int = 3
    liveness: bool = True
    timeout: int = 1
    failures: int = 3
    usual: float = 12.0
    more: float = 8.0
    seconds: int = 20
    seed: int = 0

    def manifest(self) -> str:
        probe = _LIVENESS.format(timeout=self.timeout, failures=self.failures)
        return _MANIFEST.format(replicas=self.replicas, liveness=probe if self.liveness else "")


@dataclass(frozen=True)
class Outcome:
    """What became of it."""

    cluster: Cluster
    gateway: Gateway

    @property
    def restarts(self) -> int:
        pods = self.cluster.pods("web")
        return sum(each.restarts for pod in pods for each in pod.status.containers)

    def answered(self, every: int = 5) -> list[tuple[int, float]]:
        """(second, per cent of the requests accepted in the ``every`` seconds from then on)."""
        groups: dict[int, list[Followed]] = {}
        for each in self.gateway.requests:
            groups.setdefault(each.accepted // (every * 1000) * every, []).append(each)
        return [
            (second, 100 * sum(e.outcome == "answered" for e in group) / len(group))
            for second, group in sorted(groups.items())
        ]


def rush(plan: Rush) -> Outcome:
    """Run it; the same plan always gives the same."""
    cluster = Cluster(nodes=3, seed=plan.seed)
    cluster.apply(plan.manifest())
    cluster.run(until=START)
    _forget(cluster)
    gateway = Gateway(cluster, "web", attempts=1, timeout=PATIENCE, seed=plan.seed)
    load(gateway, plan.usual, START, END, seed=plan.seed)
    load(gateway, plan.more, RUSH, RUSH + plan.seconds, seed=plan.seed + 1)
    cluster.run(until=END + PATIENCE + 1)
    return Outcome(cluster, gateway)


def _forget(cluster: Cluster) -> None:
    """Every second drop what the machines wrote of their own CPUs: much, and not looked at here."""
    for host in cluster.hosts.values():
        if host.booted:
            host.machine.trace.events.clear()
    cluster.clock.after(1000, lambda: _forget(cluster))
