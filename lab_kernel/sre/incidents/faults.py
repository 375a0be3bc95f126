"""What can be made to go wrong in a running shop, by name, and how each is taken back.

The shop: a gateway asks catalog and stock, each of three replicas on three nodes; stock may fail
without harm if it is ``optional``. A fault is put in by one call and taken back by another, so
that an experiment can be stopped. A killed pod is not taken back: the cluster does that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab_kernel.language import N_
from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.service import Service
from lab_kernel.microservices.system import System

REPLICAS, WORKERS = 3, 4


def shop(timeout: int | None = None, *, optional: bool = False, seed: int = 0) -> System:
    """The shop, up and running. ``timeout`` in ms is the gateway's for each call."""
    calls = (Call("catalog", timeout), Call("stock", timeout, optional=optional))
    return System(
        [
            Service("gateway", work=2, replicas=REPLICAS, workers=2 * WORKERS, calls=calls),
            Service("catalog", work=5, replicas=REPLICAS, workers=WORKERS),
            Service("stock", work=8, replicas=REPLICAS, workers=WORKERS),
        ],
        seed=seed,
        traced=0,
    )


@dataclass(frozen=True)
class Fault:
    """``title`` is a source string. ``begin`` puts it into a system, ``end`` takes it back."""

    name: str
    title: str
    begin: Callable[[System], object]
    end: Callable[[System], object]


def _kill(system: System) -> None:
    system.cluster.crash_container(system.cluster.pods("stock")[0].metadata.name)


def _node(system: System) -> str:
    return system.cluster.pods("stock")[0].spec.node_name or ""


def _restore(system: System) -> None:
    for name, host in system.cluster.hosts.items():
        if not host.up:
            system.cluster.restore_node(name)


def _nothing(_system: System) -> None:
    """The cluster mends it."""


FAULTS: dict[str, Fault] = {
    each.name: each
    for each in (
        Fault("kill a pod", N_("a pod of stock is killed"), _kill, _nothing),
        Fault(
            "lose a node",
            N_("the node of a pod of stock loses its power"),
            lambda system: system.cluster.fail_node(_node(system)),
            _restore,
        ),
        Fault(
            "slow dependency",
            N_("stock takes 400 ms instead of 8"),
            lambda system: system.change("stock", work=400),
            lambda system: system.change("stock", work=8),
        ),
        Fault(
            "bad version",
            N_("a third of what stock answers are errors"),
            lambda system: system.change("stock", fails=0.33),
            lambda system: system.change("stock", fails=0.0),
        ),
        Fault(
            "lost dependency",
            N_("stock answers nothing but errors"),
            lambda system: system.change("stock", fails=1.0),
            lambda system: system.change("stock", fails=0.0),
        ),
    )
}
