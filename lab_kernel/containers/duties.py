"""Who may change what: a deployment's specification as the contract of two teams.

Development describes what it built (``Build``), operations writes where and how often it runs, and
the specification between them is a Deployment as Kubernetes reads it. Every field of it has an
owner: ``dev``, ``ops``, or ``both`` where neither can know the right value alone.

    change(CONTRACT, "ops", "replicas", 5)    accepted: nothing of development's changes
    change(CONTRACT, "ops", "port", 9090)     needs the other: the program listens on 8080

That a change is its owner's says nothing about whether it is right: ``disagreements`` compares the
specification with what the build says of itself.
Modelled: one container, a dozen fields. Left out: who may approve what in a real organisation; the
owners here are a proposal, not a property of containers.
Source: Kubernetes API, apps/v1 Deployment (the names and the places of the fields).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.registry import unknown

DEV, OPS, BOTH = "dev", "ops", "both"
ROLES = (DEV, OPS)
_CONTAINER = ("spec", "template", "spec", "containers", 0)


@dataclass(frozen=True, slots=True)
class Field:
    """Where it stands in the Deployment, whose it is, and why (a source string)."""

    path: tuple[str | int, ...]
    owner: str
    why: str


FIELDS: Mapping[str, Field] = {
    "image": Field((*_CONTAINER, "image"), DEV, N_("only who built it knows what is in it")),
    "args": Field((*_CONTAINER, "args"), DEV, N_("the program's own options")),
    "port": Field(
        (*_CONTAINER, "ports", 0, "containerPort"),
        BOTH,
        N_("the program listens there, and traffic is sent there"),
    ),
    "readiness path": Field(
        (*_CONTAINER, "readinessProbe", "httpGet", "path"),
        BOTH,
        N_("the program answers it, and its answer decides who gets traffic"),
    ),
    "readiness port": Field(
        (*_CONTAINER, "readinessProbe", "httpGet", "port"),
        BOTH,
        N_("the probe must ask where the program listens"),
    ),
    "failure threshold": Field(
        (*_CONTAINER, "readinessProbe", "failureThreshold"),
        BOTH,
        N_("how long it may stay silent depends on the program and on the traffic"),
    ),
    "memory request": Field(
        (*_CONTAINER, "resources", "requests", "memory"),
        BOTH,
        N_("the program's need, and the node's room"),
    ),
    "memory limit": Field(
        (*_CONTAINER, "resources", "limits", "memory"), OPS, N_("how much a neighbour may take")
    ),
    "setting": Field(
        (*_CONTAINER, "env", 0, "name"), BOTH, N_("the program reads the name that is supplied")
    ),
    "value": Field(
        (*_CONTAINER, "env", 0, "value"), OPS, N_("each environment has a value of its own")
    ),
    "replicas": Field(("spec", "replicas"), OPS, N_("how much traffic there is")),
    "node": Field(
        ("spec", "template", "spec", "nodeSelector", "disk"), OPS, N_("which machines there are")
    ),
}


@dataclass(frozen=True, slots=True)
class Build:
    """What development says of what it built. ``memory`` is what it uses at its peak, in MiB."""

    image: str = "registry.example/cart:1.4"
    port: int = 8080
    health: str = "/ready"
    setting: str = "DATABASE_URL"
    memory: int = 180


def deployment() -> dict[str, Any]:
    """The specification both begin with."""
    port = 8080
    container = {
        "name": "cart",
        "image": "registry.example/cart:1.4",
        "args": ["--workers=2"],
        "ports": [{"containerPort": port}],
        "env": [{"name": "DATABASE_URL", "value": "postgres://db.test.example/cart"}],
        "readinessProbe": {"httpGet": {"path": "/ready", "port": port}, "failureThreshold": 3},
        "resources": {"requests": {"memory": "192Mi"}, "limits": {"memory": "256Mi"}},
    }
    labels = {"app": "cart"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "cart"},
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"nodeSelector": {"disk": "ssd"}, "containers": [container]},
            },
        },
    }


@dataclass(frozen=True, slots=True)
class Contract:
    """The two sides, and the specification between them."""

    build: Build
    spec: Mapping[str, Any]

    def get(self, name: str) -> Any:
        """A field's value; BadInput names the fields there are."""
        found: Any = self.spec
        for part in field(name).path:
            found = found[part]
        return found

    def set(self, name: str, value: Any) -> Contract:
        """A contract with this field changed, and nothing else."""
        *above, last = field(name).path
        spec = copy.deepcopy(dict(self.spec))
        place: Any = spec
        for part in above:
            place = place[part]
        place[last] = value
        return replace(self, spec=spec)


CONTRACT = Contract(Build(), deployment())


@dataclass(frozen=True, slots=True)
class Ruling:
    """``status``: ``accepted``, ``together`` (the other must agree) or ``refused`` (it is theirs).

    ``contract`` is what holds afterwards, changed only if accepted; ``broken`` names the fields
    that would no longer fit what the build says.
    """

    status: str
    contract: Contract
    broken: tuple[str, ...] = ()


def field(name: str) -> Field:
    if name not in FIELDS:
        raise unknown("field", name, FIELDS)
    return FIELDS[name]


def written(name: str) -> str:
    """The field as Kubernetes names it, from the container or the specification on."""
    path = field(name).path
    own = path[len(_CONTAINER) :] if path[: len(_CONTAINER)] == _CONTAINER else path[1:]
    own = own[2:] if own[:2] == ("template", "spec") else own
    return ".".join(str(part) for part in own if part != 0)


def owner(name: str) -> str:
    return field(name).owner


def seen_by(role: str) -> list[str]:
    """The fields that this role has to look at: its own and those of both."""
    _known(role)
    return [name for name, one in FIELDS.items() if one.owner in (role, BOTH)]


def change(contract: Contract, role: str, name: str, value: Any) -> Ruling:
    """What becomes of a change that one side proposes to the specification alone."""
    _known(role)
    proposed = contract.set(name, value)
    broken = tuple(disagreements(proposed))
    if owner(name) == BOTH:
        return Ruling("together", contract, broken)
    if owner(name) != role:
        return Ruling("refused", contract, broken)
    if broken:
        return Ruling("together", contract, broken)
    return Ruling("accepted", proposed)


def rebuild(contract: Contract, **built: Any) -> Ruling:
    """Development builds anew: accepted if the specification still fits but for the image."""
    build = replace(contract.build, **built)
    proposed = replace(contract, build=build).set("image", build.image)
    broken = tuple(disagreements(proposed))
    return Ruling("together", contract, broken) if broken else Ruling("accepted", proposed)


def disagreements(contract: Contract) -> Iterator[str]:
    """The fields in which the specification and the build contradict each other."""
    build, get = contract.build, contract.get
    fits: Mapping[str, Callable[[Any], bool]] = {
        "image": lambda image: image == build.image,
        "port": lambda port: port == build.port,
        "readiness path": lambda path: path == build.health,
        "readiness port": lambda port: port == build.port,
        "setting": lambda name: name == build.setting,
        "memory request": lambda size: mebibytes(size) <= mebibytes(get("memory limit")),
        "memory limit": lambda size: mebibytes(size) >= build.memory,
    }
    for name, good in fits.items():
        if not good(get(name)):
            yield name


def mebibytes(quantity: str) -> int:
    """``256Mi`` or ``1Gi``, as Kubernetes writes memory; BadInput for anything else."""
    number, unit = quantity[:-2], quantity[-2:]
    if unit not in ("Mi", "Gi") or not number.isdecimal():
        message = _("“{quantity}” is not an amount of memory such as 256Mi or 1Gi")
        raise BadInput("memory", message.format(quantity=quantity))
    return int(number) * (1024 if unit == "Gi" else 1)


def _known(role: str) -> None:
    if role not in ROLES:
        raise unknown("role", role, ROLES)
