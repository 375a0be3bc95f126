"""The closed loop: load, pods, metrics, the two autoscalers, and the delays between them.

A tick is a second. The load is shared evenly among the ready pods, each of which does at most its
limit; what is more than that is not served. Metrics are means over ``scrape`` seconds, taken every
``scrape`` seconds, so what the autoscaler sees is old by then. A new pod waits for a node with
room, then starts for ``startup`` seconds; a new node boots. While a pod starts it uses
nothing (many real ones use most of their CPU just then). Nothing waits in a queue: what is not
served is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from lab_kernel.cloud_native.autoscale.horizontal import PERIOD, HorizontalAutoscaler
from lab_kernel.cloud_native.autoscale.nodes import SCAN, ClusterAutoscaler, NodeGroup
from lab_kernel.cloud_native.autoscale.pace import SECOND
from lab_kernel.cloud_native.autoscale.rule import Reading, State
from lab_kernel.cloud_native.autoscale.shapes import Load
from lab_kernel.cloud_native.objects import Pod
from lab_kernel.cloud_native.objects.scaling import AutoscalerSpec
from lab_kernel.cloud_native.placement import Scheduler, pod
from lab_kernel.trace import Trace

SCRAPE = 15  # seconds: metrics-server's --metric-resolution


@dataclass
class _Replica:
    """A pod in the loop: when its start began (None: Pending) and its use as last measured."""

    pod: Pod
    starts: int | None = None
    used: int = 0  # thousandths times seconds, since the last scrape
    seconds: int = 0  # of being ready, since the last scrape
    measured: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """One second: thousandths of a CPU, and numbers of pods and nodes. ``utilization`` is what the
    autoscaler would read now, in percent of the requests (None: nothing)."""

    second: int
    load: int
    served: int
    replicas: int
    ready: int
    pending: int
    nodes: int
    booting: int
    utilization: int | None


@dataclass
class Run:
    """What happened: every second, and a Trace, a tick a second, of what was decided.

    Its kinds: ``scale`` (replicas from now on), ``order`` (nodes ordered, until they are there),
    ``join`` and ``remove`` (a node).
    """

    moments: list[Moment] = field(default_factory=list)
    trace: Trace = field(default_factory=Trace)

    @property
    def unserved(self) -> float:
        """The part of the load that was lost."""
        load = sum(one.load for one in self.moments)
        return 1 - sum(one.served for one in self.moments) / load if load else 0.0

    @property
    def pod_seconds(self) -> int:
        return sum(one.replicas for one in self.moments)

    @property
    def node_seconds(self) -> int:
        """Booting ones are paid for, too."""
        return sum(one.nodes + one.booting for one in self.moments)

    @property
    def rescales(self) -> int:
        """How often the number of replicas was changed."""
        return len(self.trace.where(kind="scale"))

    @property
    def turns(self) -> int:
        """How often a change went the other way than the one before."""
        steps = [event.details["by"] for event in self.trace.where(kind="scale")]
        return sum(a * b < 0 for a, b in pairwise(steps))


@dataclass
class Loop:
    """A deployment of equal pods under a load. Without ``group`` there is always room.

    ``request`` and ``limit`` are a pod's, in thousandths of a CPU; ``memory`` its request.
    """

    load: Load
    spec: AutoscalerSpec
    request: int = 200
    limit: int = 400
    memory: str = "256Mi"
    startup: int = 20
    scrape: int = SCRAPE
    group: NodeGroup | None = None
    unneeded: int = 600_000

    def run(self, seconds: int) -> Run:
        """From its minimum of replicas, all of them ready."""
        state = _State(self)
        for second in range(seconds):
            state.tick(second)
        return state.run


class _State:
    """One run of a loop."""

    def __init__(self, loop: Loop) -> None:
        self.loop, self.run = loop, Run()
        self.horizontal = HorizontalAutoscaler(loop.spec)
        group = loop.group
        self.cluster = ClusterAutoscaler(group, unneeded=loop.unneeded) if group else None
        self.scheduler = Scheduler(
            [group.node(n + 1) for n in range(group.low)] if group else [], "MostAllocated"
        )
        self.named = group.low if group else 0
        self.booting: list[int] = []  # when each is there
        self.replicas: list[_Replica] = []
        self.made = 0
        self._scale(loop.spec.min_replicas, -loop.startup)

    def tick(self, second: int) -> None:
        loop = self.loop
        if second and second * SECOND % PERIOD == 0:
            self._decide(second)
        self._nodes(second)
        for one in self.replicas:
            self._try(one, second)
        ready = [one for one in self.replicas if self._ready(one, second)]
        load = loop.load(second)
        served = self._serve(ready, load)
        if second % loop.scrape == loop.scrape - 1:
            self._measure(second)
        self.run.moments.append(
            Moment(
                second,
                load=load,
                served=served,
                replicas=len(self.replicas),
                ready=len(ready),
                pending=sum(one.starts is None for one in self.replicas),
                nodes=len(self.scheduler.nodes),
                booting=len(self.booting),
                utilization=self._utilization(),
            )
        )

    def _ready(self, one: _Replica, second: int) -> bool:
        return one.starts is not None and second - one.starts >= self.loop.startup

    def _try(self, one: _Replica, second: int) -> None:
        """Place a Pending pod, if there is room."""
        if one.starts is None and (self.cluster is None or self.scheduler.place(one.pod)):
            one.starts = second

    def _serve(self, ready: list[_Replica], load: int) -> int:
        """Share the load out evenly; a pod does no more than its limit."""
        for number, one in enumerate(ready):
            share = load // len(ready) + (number < load % len(ready))
            one.used += min(share, self.loop.limit)
            one.seconds += 1
        return min(load, len(ready) * self.loop.limit)

    def _measure(self, second: int) -> None:
        for one in self.replicas:
            if one.seconds:
                one.measured = one.used // one.seconds
            one.used = one.seconds = 0

    def _readings(self) -> list[Reading]:
        readings = []
        for one in self.replicas:
            if one.measured is not None:
                readings.append(Reading(one.measured, self.loop.request))
            else:
                state = State.MISSING if one.seconds else State.UNREADY
                readings.append(Reading(0, self.loop.request, state))
        return readings

    def _utilization(self) -> int | None:
        values = [one.measured for one in self.replicas if one.measured is not None]
        return sum(values) * 100 // (len(values) * self.loop.request) if values else None

    def _decide(self, second: int) -> None:
        decision = self.horizontal.decide(second * SECOND, len(self.replicas), [self._readings()])
        if decision.replicas != len(self.replicas):
            by = decision.replicas - len(self.replicas)
            self.run.trace.add(second, "pods", "scale", f"{decision.replicas}", by=by)
            self._scale(decision.replicas, second)

    def _scale(self, replicas: int, second: int) -> None:
        """Make pods, or end some: Pending ones first, then the youngest."""
        while len(self.replicas) < replicas:
            self.made += 1
            one = _Replica(pod(f"web-{self.made}", f"{self.loop.request}m", self.loop.memory))
            self.replicas.append(one)
            self._try(one, second)
        ending = sorted(self.replicas, key=lambda one: (one.starts is not None, -self._born(one)))
        for one in ending[: len(self.replicas) - replicas]:
            self.replicas.remove(one)
            self.scheduler.release(one.pod)

    def _born(self, one: _Replica) -> int:
        return int(one.pod.metadata.name.removeprefix("web-"))

    def _nodes(self, second: int) -> None:
        """Nodes that have booted join; every ten seconds the cluster autoscaler decides."""
        if self.cluster is None:
            return
        for _there in [time for time in self.booting if time <= second]:
            self.named += 1
            node = self.cluster.group.node(self.named)
            self.scheduler.add(node)
            self.run.trace.add(second, "nodes", "join", node.metadata.name)
        self.booting = [time for time in self.booting if time > second]
        if second * SECOND % SCAN:
            return
        pending = [one.pod for one in self.replicas if one.starts is None]
        plan = self.cluster.plan(second * SECOND, self.scheduler, pending, len(self.booting))
        if plan.add:
            boot = self.cluster.group.boot // SECOND
            self.booting += [second + boot] * plan.add
            self.run.trace.add(second, "nodes", "order", f"+{plan.add}", boot, nodes=plan.add)
        for name in plan.remove:
            self._drain(name, second)

    def _drain(self, name: str, second: int) -> None:
        """The node goes; its pods start again elsewhere."""
        gone = {one.metadata.name for one in self.scheduler.remove(name)}
        self.run.trace.add(second, "nodes", "remove", name)
        for one in self.replicas:
            if one.pod.metadata.name in gone:
                one.starts, one.measured, one.used, one.seconds = None, None, 0, 0
                self._try(one, second)
