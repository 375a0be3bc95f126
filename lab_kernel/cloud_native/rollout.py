"""A rolling update while requests come in, and what may go wrong in the middle of it.

A ``Plan`` says how the update is set up, ``update`` runs it on a cluster and returns what became
of pods and requests. Everything is done by the cluster's own controllers and kubelets; here is
only the order of the day: the old version runs, requests begin, the image is changed, perhaps a
node loses its power, the requests end.

Times in seconds. Counts over time are read from the Trace: ``available`` from the rows that the
store's pods have there.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.objects import Deployment
from lab_kernel.cloud_native.traffic import Gateway, load
from lab_kernel.trace import Event, Trace

NAME = "web"
NEW = "shop/web:2"
CHANGED = 40.0  # when the image is changed
QUIET = 5.0  # requests begin so long before


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``surge`` and ``unavailable`` as in a manifest: a number or a share ("25%"). ``pre_stop`` is
    0 for no hook; ``kill`` is the second in which ``node`` loses its power."""

    replicas: int = 4
    surge: str = "1"
    unavailable: str = "0"
    nodes: int = 3
    start: float = 3.0
    stop: float = 0.1
    readiness: bool = True
    pre_stop: int = 5
    grace: int = 30
    delay: float = 1.0
    attempts: int = 4
    timeout: float = 1.0
    rate: float = 20.0
    idempotent: bool = True
    kill: float | None = None
    node: str = "node-2"
    broken: bool = False
    until: float = 120.0
    seed: int = 0

    def manifest(self) -> str:
        """The deployment and its service, as a file that a real cluster would take, too."""
        lines = [_HEAD.format(**vars(self))]
        if self.readiness:
            lines.append(_PROBE)
        if self.pre_stop:
            lines.append(_HOOK.format(seconds=self.pre_stop))
        return "\n".join([*lines, _SERVICE])


_HEAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  strategy: {{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}
  template:
    metadata:
      labels: {{app: web}}
      annotations:
        lab-kernel/start-seconds: "{start}"
        lab-kernel/stop-seconds: "{stop}"
        lab-kernel/work-ms: "20"
    spec:
      terminationGracePeriodSeconds: {grace}
      containers:
        - name: web
          image: shop/web:1
          ports: [{{containerPort: 8080}}]"""
_PROBE = """\
          readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 2}"""
_HOOK = """\
          lifecycle: {{preStop: {{sleep: {{seconds: {seconds}}}}}}}"""
_SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""


@dataclass(frozen=True)
class Update:
    """What came of it."""

    plan: Plan
    cluster: Cluster
    gateway: Gateway
    trace: Trace

    def pods(self) -> Trace:
        """What the store said of each pod from just before the change on."""
        begin = round((CHANGED - QUIET) * 1000)
        return Trace(
            Event(max(e.time, begin), e.time + e.duration - max(e.time, begin), *_rest(e))
            for e in self.trace.where(lambda event: event.track.startswith("pod/web-"))
            if e.duration and e.time + e.duration > begin
        )

    def counts(self, *kinds: str) -> list[tuple[int, int]]:
        """(ms, pods in one of these states) at each moment at which the number changes."""
        changes: dict[int, int] = {}
        end = max((e.time + e.duration for e in self.pods()), default=0)
        for event in self.pods():
            if event.kind in kinds:
                changes[event.time] = changes.get(event.time, 0) + 1
                if event.time + event.duration < end:
                    over = event.time + event.duration
                    changes[over] = changes.get(over, 0) - 1
        total, points = 0, []
        for time in sorted(changes):
            total += changes[time]
            if changes[time]:
                points.append((time, total))
        return points

    @property
    def most(self) -> int:
        """The most pods there were at once, those being deleted left out."""
        return max(number for _time, number in self.counts("pending", "not ready", "ready"))

    @property
    def least(self) -> int:
        """The fewest ready pods there were."""
        return min(number for _time, number in self.counts("ready"))

    @property
    def finished(self) -> float | None:
        """The second in which the new version was all there was; None if it is not yet."""
        done: Deployment = self.cluster.deployment(NAME)
        if not self.cluster.converged() or done.spec.template.spec.containers[0].image != NEW:
            return None
        return done.status.progressed / 1000


def update(plan: Plan) -> Update:
    """Run the plan; the same plan always gives the same."""
    cluster = Cluster(nodes=plan.nodes, seed=plan.seed)
    cluster.apply(plan.manifest())
    cluster.run(until=CHANGED - QUIET)
    gateway = Gateway(
        cluster,
        NAME,
        delay=plan.delay,
        attempts=plan.attempts,
        timeout=plan.timeout,
        seed=plan.seed,
    )
    if plan.rate:  # the last ones are over before the end
        end = plan.until - max(10.0, plan.attempts * (plan.timeout + 0.1))
        begin = CHANGED - QUIET
        load(gateway, plan.rate, begin, end, idempotent=plan.idempotent, seed=plan.seed)
    behaviour = {"bad_image": "true"} if plan.broken else {}
    cluster.at(CHANGED, lambda: cluster.set_image(NAME, NEW, **behaviour))
    if plan.kill is not None:
        cluster.at(plan.kill, lambda: cluster.fail_node(plan.node))
    cluster.run(until=plan.until)
    return Update(plan, cluster, gateway, cluster.trace)


def _rest(event: Event) -> tuple[str, str, str]:
    return event.track, event.kind, event.name
