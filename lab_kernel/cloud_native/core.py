"""What makes a cluster: a store, the controllers and the nodes, on one clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from lab_kernel.clock import Clock
from lab_kernel.cloud_native import controllers
from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.controllers.deployment import complete
from lab_kernel.cloud_native.controllers.node_lifecycle import GRACE
from lab_kernel.cloud_native.host import Host
from lab_kernel.cloud_native.kubelet import Kubelet
from lab_kernel.cloud_native.network import Route
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
)
from lab_kernel.cloud_native.objects.nodes import HOSTNAME, ZONE
from lab_kernel.cloud_native.program import Program, server
from lab_kernel.cloud_native.proxy import Proxy, full_name
from lab_kernel.cloud_native.quantity import quantity
from lab_kernel.cloud_native.record import Record
from lab_kernel.cloud_native.store import Store
from lab_kernel.errors import BadInput
from lab_kernel.kernel.machine import Costs
from lab_kernel.language import _
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

MOST_NODES = 2000
MOST_CPUS = 1024  # of a node
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
        controllers.AutoscalerController,
    )
}


class Core:
    """``nodes`` is a number, or the nodes themselves; ``cpu`` and ``memory`` are what pods may use
    of each. ``grace`` is how many seconds a silent node counts as ready. ``programs`` are what
    runs in images of these names (without a tag) in place of ``program.server``; ``costs`` are
    the machines' own; with ``quiet`` they do not write down each system call."""

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
        programs: Mapping[str, Program] | None = None,
        costs: Costs | None = None,
        quiet: bool = False,
    ) -> None:
        self.clock = clock or Clock(seed)
        self.programs, self.costs, self.quiet = dict(programs or {}), costs or Costs(), quiet
        self.chance = random.Random(seed)
        self.store, self.record = Store(self.clock), Record(self.clock)
        self.grace = _ms("grace", grace)
        if isinstance(nodes, int):
            size = {"cpu": _amount("cpu", cpu, 1000), "memory": _amount("memory", memory, 1)}
            if size["cpu"] > MOST_CPUS * 1000:
                message = _("{value} is more than {most}")
                raise BadInput("cpu", message.format(value=cpu, most=MOST_CPUS))
            nodes = _alike(nodes, {**size, "pods": pods})
        self.hosts: dict[str, Host] = {}
        self._places = 0
        self.kubelets: dict[str, Kubelet] = {}
        self.proxies: dict[str, Proxy] = {}
        self.controllers = {name: made(self) for name, made in CONTROLLERS.items()}
        self.store.watch(Pod, self._shown)
        self.store.watch(Node, self._shown)
        for node in nodes:
            self.add_node(node)

    # Looking

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self.clock.now / 1000

    @property
    def trace(self) -> Trace:
        return self.record.trace()

    def pods(self, name: str = "", *, everything: bool = False) -> list[Pod]:
        """The pods of a deployment (or all), without those that are being deleted or over."""
        pods = self.store.all(Pod)
        if name:
            wanted = self._named(Deployment, name)
            sets = self.store.owned(ReplicaSet, wanted)
            pods = [pod for each in sets for pod in self.store.owned(Pod, each)]
        return (
            pods if everything else [p for p in pods if p.metadata.deleted is None and not p.over]
        )

    def deployment(self, name: str) -> Deployment:
        found: Deployment = self._named(Deployment, name)
        return found

    def ready(self, service: str) -> list[Endpoint]:
        """The endpoints of a service that get traffic, as the store has them."""
        found = self.store.get(Endpoints, f"default/{service}")
        return [each for each in found.endpoints if each.ready] if found else []

    def resolve(self, name: str, namespace: str = "default") -> str:
        """The address of a service, by its name in the cluster's DNS."""
        short, there, *_domain = full_name(name, namespace).split(".")
        service: Service = self._named(Service, short, there)
        return service.spec.cluster_ip

    def program(self, image: str) -> Program:
        """What runs in a container of this image, whatever its tag."""
        folder, slash, name = image.rpartition("/")
        return self.programs.get(folder + slash + name.split(":")[0], server)

    def route(self, host: Host, container: str) -> Route:
        """How a program on this node reaches services."""
        chance = random.Random(f"route {container}").random
        return Route(self, self.proxies[host.name], chance, host)

    def converged(self) -> bool:
        """Every deployment says that it has what it wants, and has it."""
        return all(
            complete(each)
            and [pod.status.ready for pod in self.pods(each.metadata.name)]
            == [True] * each.spec.replicas
            for each in self.store.all(Deployment)
        )

    # Time

    def place(self) -> int:
        """A place in the period of what is done again and again, another one for each, in ms."""
        self._places += 1
        return 1300 * self._places

    def run(self, until: float) -> Self:
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

    def add_node(self, node: Node) -> None:
        """A machine joins."""
        made = self.store.create(node)
        name, number = made.metadata.name, len(self.hosts) + 1
        self.hosts[name] = Host(
            name, self.clock, made.status.allocatable, number, self.costs, quiet=self.quiet
        )
        host = self.hosts[name]
        self.kubelets[name] = Kubelet(self, host, number)
        self.proxies[name] = Proxy(self.store, self.clock, lambda: host.up and host.reachable)

    # The rest

    def _host(self, name: str) -> Host:
        if name not in self.hosts:
            raise unknown("node", name, self.hosts)
        return self.hosts[name]

    def _named(self, kind: type, name: str, namespace: str = "default") -> Any:
        found: Any = self.store.get(kind, f"{namespace}/{name}")
        if found is None:
            things: list[Any] = self.store.all(kind)
            there = [each.metadata.name for each in things]
            raise unknown(kind.__name__.lower(), name, there or ["-"])
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
