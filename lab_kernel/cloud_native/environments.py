"""One specification, three environments: what is the same afterwards, and what is not.

The specification says what is wanted; each environment answers with what it has: nodes of its own
shape and architecture, its own class of storage, its own way in from outside. ``apply`` has the
scheduler place the replicas one by one, and leaves pending what fits nowhere.

An image for one architecture needs a node selector that says so: a scheduler does not look into
images. Left out: time, hybrid clusters that span two of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.cloud_native.objects import Node
from lab_kernel.cloud_native.placement import Scheduler, node, pod
from lab_kernel.errors import BadInput
from lab_kernel.language import _

ARCHITECTURE = "kubernetes.io/arch"  # the label by which a node tells it


@dataclass(frozen=True, slots=True)
class Spec:
    """``cpu`` in millicores and ``memory`` in MiB are requests of one replica.

    ``architectures`` are the platforms that the image's index holds: one, or all there are.
    """

    image: str = "registry.example/cart@sha256:4f1a"
    replicas: int = 3
    cpu: int = 500
    memory: int = 400
    port: int = 8080
    architectures: tuple[str, ...] = ("amd64", "arm64")

    def __post_init__(self) -> None:
        for name in ("replicas", "cpu", "memory", "port"):
            if getattr(self, name) < 1:
                message = _("{value} is less than {least}")
                raise BadInput(name, message.format(value=getattr(self, name), least=1))


@dataclass(frozen=True, slots=True)
class Environment:
    """``way_in`` is how users reach a service, ``storage`` the class of volumes it has."""

    name: str
    nodes: tuple[Node, ...]
    way_in: str
    storage: str


def _node(name: str, cpu: int, gibibytes: int, architecture: str = "amd64") -> Node:
    return node(name, cpu, f"{gibibytes}Gi", labels={ARCHITECTURE: architecture})


PUBLIC = Environment(
    "public",
    (_node("zone-a", 4, 16), _node("zone-b", 4, 16), _node("zone-c", 2, 8, "arm64")),
    "cloud load balancer",
    "network disk",
)
PRIVATE = Environment(
    "private",
    (_node("rack-1", 32, 128), _node("rack-2", 32, 128)),
    "ingress on a fixed address",
    "storage of the data centre",
)
LAPTOP = Environment("laptop", (_node("laptop", 2, 1, "arm64"),), "localhost", "local folder")
ENVIRONMENTS = (PUBLIC, PRIVATE, LAPTOP)


@dataclass(frozen=True, slots=True)
class State:
    """What came of it: ``placed`` node names, one a replica, and how many are ``pending``."""

    environment: Environment
    spec: Spec
    placed: tuple[str, ...]
    pending: int

    @property
    def architectures(self) -> tuple[str, ...]:
        """Of the images that were pulled."""
        labels = {one.metadata.name: one.metadata.labels for one in self.environment.nodes}
        return tuple(sorted({labels[name][ARCHITECTURE] for name in self.placed}))


def apply(spec: Spec, environment: Environment) -> State:
    """Place every replica that fits."""
    scheduler, only = Scheduler(environment.nodes), spec.architectures
    selector = {ARCHITECTURE: only[0]} if len(only) == 1 else {}
    placed = []
    for number in range(spec.replicas):
        replica = pod(f"cart-{number}", f"{spec.cpu}m", f"{spec.memory}Mi", node_selector=selector)
        if name := scheduler.place(replica):
            placed.append(str(name))
    return State(environment, spec, tuple(placed), spec.replicas - len(placed))


def differences(states: Sequence[State]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """(What is the same in all, what is not), by name of the property."""
    rows = {
        "image": [one.spec.image for one in states],
        "replicas wanted": [str(one.spec.replicas) for one in states],
        "port": [str(one.spec.port) for one in states],
        "requests": [f"{one.spec.cpu}m, {one.spec.memory}Mi" for one in states],
        "placed on": [", ".join(one.placed) or "-" for one in states],
        "pending": [str(one.pending) for one in states],
        "architecture": [", ".join(one.architectures) or "-" for one in states],
        "way in": [one.environment.way_in for one in states],
        "storage": [one.environment.storage for one in states],
    }
    same = {name: values[0] for name, values in rows.items() if len(set(values)) == 1}
    return same, {name: values for name, values in rows.items() if name not in same}
