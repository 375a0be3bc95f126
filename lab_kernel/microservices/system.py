"""A system of services on a simulated cluster: it is brought up, gets a load, and things go wrong.

    system = System([Service("web", calls=("shop",)), Service("shop", work=20, replicas=2)])
    system.load("web", per_second=50, begin=20, end=80)
    system.at(50, lambda: system.change("shop", work=200))
    system.run(until=90)
    system.latencies(), system.failed, system.trace

Each service is a Deployment and a Service of Kubernetes (``manifest``), and its program runs in
their pods. Requests come from a client outside (``outside``). All is in the cluster's Trace.

Moments are in seconds on the cluster's clock, durations in ms. A system call takes no time on
these machines: next to milliseconds it is too short to count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.traffic import arrivals
from lab_kernel.errors import BadInput
from lab_kernel.kernel.machine import Costs
from lab_kernel.language import _
from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.outside import Asked, Outside
from lab_kernel.microservices.program import Program
from lab_kernel.microservices.service import Service
from lab_kernel.microservices.spans import Spans
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

MOST_PER_SECOND = 1000
SLOWEST_START = 120  # seconds until all pods are there


@dataclass(eq=False)
class System:
    """``traced`` is the share of requests whose spans are written down, ``kernel`` whether each
    system call of the nodes' programs is, too. BadInput names a service
    that nobody knows, a circle of calls, and what does not find a place on the nodes."""

    given: Iterable[Service]
    nodes: int = 3
    cpu: str = "16"
    seed: int = 0
    traced: float = 1.0
    kernel: bool = False

    def __post_init__(self) -> None:
        self.services = {service.name: service for service in self.given}
        check(self.services)
        self.cluster = Cluster(
            self.nodes, cpu=self.cpu, seed=self.seed, costs=Costs(call=0), quiet=not self.kernel
        )
        self.spans = Spans(self.cluster.record, self.seed)
        self.outside = Outside(self.cluster, self.spans, self.seed, self.traced)
        for name in self.services:
            self.cluster.programs[f"lab/{name}"] = self._program(name)
        self.cluster.apply(self.manifest())
        while not self._up():
            if self.cluster.now >= SLOWEST_START:
                waiting = ", ".join(p.metadata.name for p in self.cluster.pods() if not p.over)
                raise BadInput("nodes", _("there is no place for {pods}").format(pods=waiting))
            self.cluster.run(self.cluster.now + 1)
        self.cluster.run(self.cluster.now + 2)  # until every proxy has heard of them

    def _program(self, name: str) -> Program:
        return Program(lambda: self.services[name], self.spans, self.seed)

    def _up(self) -> bool:
        return bool(self.cluster.pods()) and self.cluster.converged()

    def manifest(self) -> str:
        """All services, as a file that a real cluster would take, too."""
        return "---\n".join(
            _MANIFEST.format(name=each.name, replicas=each.replicas)
            for each in self.services.values()
        )

    # Requests

    @property
    def requests(self) -> list[Asked]:
        """All from outside so far, in order."""
        return self.outside.requests

    def ask(self, call: str | Call) -> Asked:
        """One request from outside, now."""
        return self.outside.ask(self._known(call))

    def _known(self, call: str | Call) -> Call:
        call = Call(call) if isinstance(call, str) else call
        if call.service not in self.services:
            raise unknown("service", call.service, self.services)
        return call

    def load(
        self,
        call: str | Call,
        per_second: float,
        begin: float | None = None,
        end: float = 0,
        *,
        seed: int = 0,
    ) -> None:
        """Requests at random moments (a Poisson process) from second ``begin`` (now) to ``end``."""
        if not 0 < per_second <= MOST_PER_SECOND:
            message = _("{value} is not a number of requests from {low} to {high}")
            values = {"value": per_second, "low": 0, "high": MOST_PER_SECOND}
            raise BadInput("per_second", message.format(**values))
        begin = self.now if begin is None else begin
        if begin < self.now:
            message = _("second {value} has passed: it is {now}")
            raise BadInput("begin", message.format(value=begin, now=self.now))
        known = self._known(call)
        arrivals(self.cluster.clock, per_second, begin, end, seed, lambda: self.outside.ask(known))

    # What happens to it

    @property
    def now(self) -> float:
        return self.cluster.now

    def at(self, second: float, action: Callable[[], Any]) -> None:
        self.cluster.at(second, action)

    def run(self, until: float) -> Self:
        self.cluster.run(until)
        return self

    def change(self, name: str, **fields: Any) -> Service:
        """From now on the service is like this: ``work=200``, ``fails=0.5``, ``calls=()`` ...

        ``replicas`` scales it. ``workers`` and ``queue`` hold for pods that start after this.
        """
        if name not in self.services:
            raise unknown("service", name, self.services)
        changed = {**self.services, name: replace(self.services[name], **fields)}
        check(changed)
        self.services[name] = changed[name]
        if "replicas" in fields:
            self.cluster.scale(name, fields["replicas"])
        return self.services[name]

    # What became of it

    @property
    def trace(self) -> Trace:
        return self.cluster.trace

    @property
    def answered(self) -> list[Asked]:
        return [each for each in self.requests if each.answered]

    @property
    def failed(self) -> list[Asked]:
        return [each for each in self.requests if each.status is not None and not each.answered]

    def latencies(self, service: str | None = None) -> list[int]:
        """ms of each answered request (to that service), in order of arrival."""
        return [
            each.latency
            for each in self.requests
            if each.answered and each.latency is not None and service in (None, each.service)
        ]


def check(services: dict[str, Service]) -> None:
    """Whom they ask is there, and nobody asks himself in the end."""
    if not services:
        raise BadInput("services", _("there is none"))
    seen: dict[str, bool] = {}  # False while we are below it

    def visit(name: str, caller: str) -> None:
        if name not in services:
            raise unknown(caller, name, services)
        if not seen.setdefault(name, True):
            message = _("{name} would ask itself in the end").format(name=name)
            raise BadInput(caller, message)
        if name in done:
            return
        seen[name] = False
        for call in services[name].asks():
            visit(call.service, name)
        seen[name] = True
        done.add(name)

    done: set[str] = set()
    for name in services:
        visit(name, name)


_MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata:
      labels: {{app: {name}}}
      annotations: {{lab-kernel/start-seconds: "0", lab-kernel/pull-seconds: "0"}}
    spec:
      containers:
        - name: {name}
          image: lab/{name}:1
          ports: [{{containerPort: 8080}}]
          lifecycle: {{preStop: {{sleep: {{seconds: 3}}}}}}
          resources: {{requests: {{cpu: 100m, memory: 64Mi}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80, targetPort: 8080}}]}}
"""
