"""A system that stays up, on which one declaration after another is tried with single requests.

Bringing up a cluster costs far more than a request, so it is done once for each set of names, and
what its services do is changed in between. Every worker is idle when a request comes. Left as it
began: one pod for each service, eight workers in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from lab_kernel.microservices.service import Service
from lab_kernel.microservices.system import System, check
from lab_kernel.microservices.tracing.tree import Node, trees
from lab_kernel.trace import Trace


@cache
def _up(names: tuple[str, ...]) -> System:
    return System([Service(name, 0, workers=8) for name in names], nodes=1)


def declared(services: Sequence[Service]) -> System:
    """The system of these names, whose services do from now on what is declared here."""
    system = _up(tuple(sorted(each.name for each in services)))
    wanted = {each.name: each for each in services}
    check(wanted)
    system.services.update(wanted)
    return system


def request(services: Sequence[Service], name: str = "") -> Node:
    """The tree of one request, to the first of them unless named."""
    system = declared(services)
    written = len(system.cluster.record)
    asked = system.ask(name or services[0].name)
    while asked.ended is None:
        system.run(system.now + 0.5)
    system.run(system.now + 1)  # what a caller has given up goes on
    spans = system.cluster.record.since(written)
    return next(tree for tree in trees(Trace(spans)) if tree.trace == asked.trace)


def status(services: Sequence[Service], name: str) -> int:
    """What one request to this service is answered."""
    answered = request(services, name).status
    assert answered is not None
    return answered
