"""One specification, three environments: what is the same afterwards, and what is not.

The specification says what is wanted; each environment answers with what it has: nodes of its own
shape and architecture, its own class of storage, its own way in from outside. ``apply`` places the
replicas one by one on the node that would be the least full, and leaves pending what fits nowhere.

Left out: everything else that a scheduler looks at (the chapter on placement), time, hybrid
clusters that span two of these.
Source of the score: kube-scheduler's LeastAllocated, an integer mean over CPU and memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _


@dataclass(frozen=True, slots=True)
class Spec:
    """``cpu`` in millicores and ``memory`` in MiB are requests of one replica.

    ``architectures`` are the platforms that the image's index holds.
    """

    image: str = "registry.example/cart@sha256:4f1a"
    replicas: int = 3
    cpu: int = 500
    memory: int = 256
    port: int = 8080
    architectures: tuple[str, ...] = ("amd64", "arm64")

    def __post_init__(self) -> None:
        for name in ("replicas", "cpu", "memory", "port"):
            if getattr(self, name) < 1:
                message = _("{value} is less than {least}")
                raise BadInput(name, message.format(value=getattr(self, name), least=1))


@dataclass(frozen=True, slots=True)
class Node:
    """Allocatable: ``cpu`` in millicores, ``memory`` in MiB."""

    name: str
    cpu: int
    memory: int
    architecture: str = "amd64"


@dataclass(frozen=True, slots=True)
class Environment:
    """``way_in`` is how users reach a service, ``storage`` the class of volumes it has."""

    name: str
    nodes: tuple[Node, ...]
    way_in: str
    storage: str


PUBLIC = Environment(
    "public",
    (Node("zone-a", 4000, 16384), Node("zone-b", 4000, 16384), Node("zone-c", 2000, 8192, "arm64")),
    "cloud load balancer",
    "network disk",
)
PRIVATE = Environment(
    "private",
    (Node("rack-1", 32000, 131072), Node("rack-2", 32000, 131072)),
    "ingress on a fixed address",
    "storage of the data centre",
)
LAPTOP = Environment("laptop", (Node("laptop", 1400, 2048, "arm64"),), "localhost", "local folder")
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
        kinds = {node.name: node.architecture for node in self.environment.nodes}
        return tuple(sorted({kinds[name] for name in self.placed}))


def score(node: Node, cpu: int, memory: int) -> int:
    """LeastAllocated for what would be requested of the node in all."""
    parts = ((node.cpu, cpu), (node.memory, memory))
    shares = [(have - want) * 100 // have if want <= have else 0 for have, want in parts]
    return sum(shares) // len(shares)


def apply(spec: Spec, environment: Environment) -> State:
    """Place every replica that fits; of equal nodes the first."""
    used = {node.name: 0 for node in environment.nodes}
    placed: list[str] = []
    for _replica in range(spec.replicas):
        fits = [
            node
            for node in environment.nodes
            if node.architecture in spec.architectures
            and (used[node.name] + 1) * spec.cpu <= node.cpu
            and (used[node.name] + 1) * spec.memory <= node.memory
        ]
        if not fits:
            break
        best = max(
            fits,
            key=lambda node: score(
                node, (used[node.name] + 1) * spec.cpu, (used[node.name] + 1) * spec.memory
            ),
        )
        used[best.name] += 1
        placed.append(best.name)
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
