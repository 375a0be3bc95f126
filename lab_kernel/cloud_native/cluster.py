"""The cluster: a store, the controllers and the nodes, on one clock. The front door.

    cluster = Cluster(nodes=3)
    cluster.apply(text)
    cluster.run(until=60)
    cluster.fail_node("node-2")
    cluster.run(until=600)
    cluster.trace

Times that a person gives are in seconds; ticks are milliseconds. What goes wrong is ordered here,
and nobody in the cluster is told: they have to find out.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from lab_kernel.clock import Clock
from lab_kernel.cloud_native import controllers
from lab_kernel.cloud_native.admission import admit
from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.controllers.deployment import REVISION, complete, revision
from lab_kernel.cloud_native.controllers.naming import HASH
from lab_kernel.cloud_native.controllers.node_lifecycle import GRACE
from lab_kernel.cloud_native.host import Host
from lab_kernel.cloud_native.kubelet import Kubelet
from lab_kernel.cloud_native.manifest import manifest
from lab_kernel.cloud_native.objects import (
    Deployment,
    Endpoint,
    Endpoints,
    Metadata,
    Node,
    NodeStatus,
    Pod,
    ReplicaSet,
    Service,
    key,
)
from lab_kernel.cloud_native.objects.nodes import HOSTNAME, ZONE
from lab_kernel.cloud_native.quantity import quantity
from lab_kernel.cloud_native.record import Record
from lab_kernel.cloud_native.store import Store
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

MOST_NODES = 2000
ZONES = "abc"
CONTROLLERS: Mapping[str, type[Controller]] = {
    each.name: each
    for each in (
        controllers.DeploymentController,
        controllers.ReplicaSetController,
        controllers.SchedulerController,
        controllers.NodeLifecycleController,
        controllers.TaintEvictionController,
        controllers.EndpointsController,
        controllers.GarbageCollector,
    )
}


class Cluster:
    """``nodes`` is a number, or the nodes themselves; ``cpu`` and ``memory`` are what pods may use
    of each. ``grace`` is how many seconds a silent node counts as ready."""

    def __init__(
        self,
        nodes: int | Iterable[Node] = 3,
        *,
        cpu: str = "4",
        memory: str = "8Gi",
        pods: int = 110,
        grace: float = GRACE / 1000,
        seed: int = 0,
        clock: Clock | None = None,
    ) -> None:
        self.clock = clock or Clock(seed)
        self.chance = random.Random(seed)
        self.store, self.record = Store(self.clock), Record(self.clock)
        self.grace = _ms("grace", grace)
        if isinstance(nodes, int):
            size = {"cpu": _amount("cpu", cpu, 1000), "memory": _amount("memory", memory, 1)}
            nodes = _alike(nodes, {**size, "pods": pods})
        self.hosts: dict[str, Host] = {}
        self.kubelets: dict[str, Kubelet] = {}
        self.controllers = {name: made(self) for name, made in CONTROLLERS.items()}
        self.store.watch(Pod, self._shown)
        self.store.watch(Node, self._shown)
        for node in nodes:
            self.add_node(node)

    # What a person does with kubectl

    def apply(self, text: str, name: str = "manifest") -> list[str]:
        """Put the objects of a manifest into the store; a line for each: created, configured ...

        Nothing is stored unless all of them can be.
        """
        return [self.put(thing) for thing in manifest(text, name)]

    def put(self, thing: Any) -> str:
        """The same for one object."""
        old = self.store.get(type(thing), key(thing))
        called = f"{type(thing).__name__.lower()}/{thing.metadata.name}"
        if old is None:
            self.store.create(admit(thing) if isinstance(thing, Pod) else thing)
            return f"{called} created"
        meta = replace(
            old.metadata, labels=thing.metadata.labels, annotations=thing.metadata.annotations
        )
        kept = {"status": old.status} if hasattr(old, "status") else {}
        if isinstance(thing, Pod):
            if admit(thing).spec != replace(old.spec, node_name=thing.spec.node_name):
                message = _("the spec of a pod that exists cannot be changed; delete it first")
                raise BadInput(called, message)
            thing = replace(thing, spec=old.spec)
        new = self.store.update(replace(thing, metadata=meta, **kept))
        return f"{called} {'unchanged' if new is old else 'configured'}"

    def delete(self, kind: str, name: str, namespace: str = "default") -> None:
        kinds = {"deployment": Deployment, "pod": Pod, "service": Service, "replicaset": ReplicaSet}
        if kind.lower() not in kinds:
            raise unknown("kind", kind, kinds)
        self.store.delete(self._named(kinds[kind.lower()], name, namespace))

    def delete_pod(self, name: str, *, force: bool = False) -> None:
        """With ``force`` it is taken out of the store without waiting for its kubelet."""
        pod = self._named(Pod, name)
        (self.store.remove if force else self.store.delete)(pod)

    def scale(self, name: str, replicas: int) -> None:
        """kubectl scale deployment NAME --replicas N"""
        wanted = self._named(Deployment, name)
        if replicas < 0:
            raise BadInput("replicas", _("{value} is less than {least}").format(value=replicas, least=0))
        self.store.update(replace(wanted, spec=replace(wanted.spec, replicas=replicas)))

    def set_image(self, name: str, image: str, **behaviour: str) -> None:
        """kubectl set image deployment NAME; ``behaviour`` is how that image's program behaves,
        by the names of the annotations (``bad_image="true"``)."""
        wanted = self._named(Deployment, name)
        template = wanted.spec.template
        notes = {f"lab-kernel/{each.replace('_', '-')}": word for each, word in behaviour.items()}
        first, *others = template.spec.containers
        template = replace(
            template,
            metadata=replace(
                template.metadata, annotations={**template.metadata.annotations, **notes}
            ),
            spec=replace(template.spec, containers=(replace(first, image=image), *others)),
        )
        self.store.update(replace(wanted, spec=replace(wanted.spec, template=template)))

    def rollout_undo(self, name: str, to_revision: int = 0) -> int:
        """kubectl rollout undo: take the template of an earlier revision (0: the one before)."""
        wanted = self._named(Deployment, name)
        history = self.history(name)
        numbers = sorted(history)
        if not to_revision:
            earlier = [number for number in numbers if number < wanted.status.revision]
            to_revision = earlier[-1] if earlier else 0
        if to_revision not in history:
            raise BadInput(
                "revision",
                _("there is no such revision to go back to; there are: {known}").format(
                    known=", ".join(map(str, numbers)) or "-"
                ),
            )
        template = history[to_revision].spec.template
        labels = {k: v for k, v in template.metadata.labels.items() if k != HASH}
        template = replace(template, metadata=replace(template.metadata, labels=labels))
        self.store.update(replace(wanted, spec=replace(wanted.spec, template=template)))
        return to_revision

    def history(self, name: str) -> dict[int, ReplicaSet]:
        """kubectl rollout history: replica sets by their revision."""
        owned = self.store.owned(ReplicaSet, self._named(Deployment, name))
        return {revision(each): each for each in owned if REVISION in each.metadata.annotations}

    def cordon(self, name: str, on: bool = True) -> None:
        """kubectl cordon, and uncordon: no new pods there."""
        node = self._named(Node, name)
        self.store.update(replace(node, spec=replace(node.spec, unschedulable=on)))

    def drain(self, name: str) -> None:
        """kubectl drain: cordon, then delete all pods on it. Left out: disruption budgets."""
        self.cordon(name)
        for pod in self.store.on(name):
            self.store.delete(pod)

    # Looking

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self.clock.now / 1000

    @property
    def trace(self) -> Trace:
        return self.record.trace()

    def pods(self, name: str = "", *, all: bool = False) -> list[Pod]:
        """The pods of a deployment (or all), without those that are being deleted or over."""
        pods = self.store.all(Pod)
        if name:
            wanted = self._named(Deployment, name)
            sets = self.store.owned(ReplicaSet, wanted)
            pods = [pod for each in sets for pod in self.store.owned(Pod, each)]
        return pods if all else [p for p in pods if p.metadata.deleted is None and not p.over]

    def deployment(self, name: str) -> Deployment:
        return self._named(Deployment, name)

    def ready(self, service: str) -> list[Endpoint]:
        """The endpoints of a service that get traffic, as the store has them."""
        found = self.store.get(Endpoints, f"default/{service}")
        return [each for each in found.endpoints if each.ready] if found else []

    def converged(self) -> bool:
        """Every deployment has what it wants, and only that."""
        return all(complete(each) for each in self.store.all(Deployment))

    # Time

    def run(self, until: float) -> Cluster:
        """Go on until so many seconds after the beginning."""
        end = _ms("until", until)
        if end < self.clock.now:
            message = _("second {value} has passed: it is {now}")
            raise BadInput("until", message.format(value=until, now=self.now))
        self.clock.run(end)
        return self

    def at(self, second: float, action: Callable[[], Any]) -> None:
        """Do something in that second."""
        self.clock.at(_ms("second", second), action)

    # What goes wrong

    def add_node(self, node: Node) -> None:
        """A machine joins."""
        made = self.store.create(node)
        name, number = made.metadata.name, len(self.hosts) + 1
        self.hosts[name] = Host(name, self.clock, made.status.allocatable, number)
        self.kubelets[name] = Kubelet(self, self.hosts[name], number)

    def fail_node(self, name: str) -> None:
        """Its power fails: all that runs there is gone, and nobody is told."""
        host = self._host(name)
        if host.up:
            host.power_off()
            self.kubelets[name].stopped()
            self.record.state(name, "down")

    def restore_node(self, name: str) -> None:
        """Power is back: it boots, and its kubelet looks what is to run there."""
        host = self._host(name)
        if not host.up:
            host.power_on()
            self.record.state(name, "")
            self.kubelets[name].begin()

    def partition(self, *names: str) -> None:
        """These nodes and the rest do not reach each other any more; all go on running."""
        for name in names:
            self._host(name).reachable = False
            self.record.state(f"{name}/network", "partitioned")

    def heal(self) -> None:
        """The network is whole again."""
        for name, host in self.hosts.items():
            if not host.reachable:
                host.reachable = True
                self.record.state(f"{name}/network", "")
                if host.up:
                    self.kubelets[name].reconnected()

    def crash_container(self, pod: str, code: int = 1) -> None:
        """The program in the pod's first container ends by itself: SIGKILL from nobody."""
        found = self._named(Pod, pod)
        kubelet = self.kubelets.get(found.spec.node_name or "")
        worker = kubelet.workers.get(key(found)) if kubelet else None
        if worker is not None and worker.runs[0].sandbox is not None:
            from lab_kernel.kernel.signals import Signum

            worker.runs[0].sandbox.signal(Signum.SIGKILL)

    def stop_controller(self, name: str) -> None:
        if name not in self.controllers:
            raise unknown("controller", name, self.controllers)
        self.controllers[name].crash()

    def start_controller(self, name: str) -> None:
        if name not in self.controllers:
            raise unknown("controller", name, self.controllers)
        self.controllers[name].restart()

    def lose_notices(self, lost: Callable[[type, str], bool] | None) -> None:
        """From now on the notices of changes for which this says so get lost; None: none."""
        self.store.loses = lost

    # The rest

    def _host(self, name: str) -> Host:
        if name not in self.hosts:
            raise unknown("node", name, self.hosts)
        return self.hosts[name]

    def _named(self, kind: type, name: str, namespace: str = "default") -> Any:
        found = self.store.get(kind, f"{namespace}/{name}")
        if found is None:
            raise unknown(
                kind.__name__.lower(), name, [e.metadata.name for e in self.store.all(kind)] or ["-"]
            )
        return found

    def _shown(self, name: str, thing: Any) -> None:
        """What the store says of a pod or a node, as a row of the Trace."""
        now = self.store.get(type(thing), name)
        row = f"{type(thing).__name__.lower()}/{thing.metadata.name}"
        self.record.state(row, "" if now is None else _state(now))


def _state(thing: Any) -> str:
    """A pod or node in one word, as the store knows it."""
    if isinstance(thing, Node):
        return "ready" if thing.status.ready == "True" else "not ready"
    if thing.metadata.deleted is not None:
        return "terminating"
    if thing.over:
        return "over"
    if not thing.spec.node_name:
        return "pending"
    if thing.status.ready:
        return "ready"
    waiting = {each.reason for each in thing.status.containers if each.state == "waiting"}
    return "backoff" if any("BackOff" in each for each in waiting) else "not ready"


def _alike(count: int, allocatable: Mapping[str, int]) -> list[Node]:
    if not 1 <= count <= MOST_NODES:
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("nodes", message.format(value=count, low=1, high=MOST_NODES))
    return [
        Node(
            metadata=Metadata(
                name=f"node-{number}",
                labels={HOSTNAME: f"node-{number}", ZONE: f"zone-{ZONES[(number - 1) % 3]}"},
            ),
            status=NodeStatus(allocatable=allocatable),
        )
        for number in range(1, count + 1)
    ]


def _amount(name: str, word: str, parts: int) -> int:
    amount = quantity(str(word), parts)
    if amount is None or amount < 1:
        message = _("“{value}” is no quantity; it looks like 500m, 2, 1.5, 128Mi or 1Gi")
        raise BadInput(name, message.format(value=word))
    return amount


def _ms(name: str, seconds: float) -> int:
    if not 0 <= seconds <= 10**7:
        message = _("{value} is not a number of seconds from {low} to {high}")
        raise BadInput(name, message.format(value=seconds, low=0, high=10**7))
    return round(seconds * 1000)
