"""One service of the shop under watch: it is updated, slow or down, while requests come in.

What is counted comes after the event, when the news has gone round (``SETTLED`` seconds). Services
are judged by the answers that they gave, and pods by their names: a pod that was replaced has
another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from lab_kernel.microservices.calls import OK
from lab_kernel.microservices.shop import ENTRY, NAMES, shop
from lab_kernel.microservices.system import System
from lab_kernel.microservices.tracing.tree import trees

EVENTS = ("update", "slow", "down")
PER_SECOND, SETTLED, WATCHED = 5, 5, 8  # seconds
SLOW = 400  # ms of work


@dataclass(frozen=True)
class Outcome:
    """``broken`` services answer with errors, ``idle`` ones are asked no more; ``pods`` were there
    before, ``replaced`` of them are not there any more."""

    asked: int
    answered: int
    latency: int  # ms, of the middle one of those answered; 0 without one
    broken: tuple[str, ...]
    idle: tuple[str, ...]
    pods: int
    replaced: tuple[str, ...]


@cache
def mishap(event: str, service: str, optional: bool = True) -> Outcome:
    """The event happens to this service; requests go to the shop all the time."""
    system = System(shop(optional=optional, timeout=60))
    begin = system.now
    before = {pod.metadata.name: pod.metadata.labels["app"] for pod in system.cluster.pods()}
    system.load(ENTRY, PER_SECOND, end=begin + 2 + SETTLED + WATCHED)
    system.at(begin + 2, lambda: _happen(system, event, service))
    system.run(begin + 2 + SETTLED + WATCHED + 5)
    since = round((begin + 2 + SETTLED) * 1000)
    after = {pod.metadata.name for pod in system.cluster.pods()}
    counted = [each for each in system.requests if each.began >= since or event == "update"]
    good = sorted(each.latency for each in counted if each.answered and each.latency is not None)
    served: dict[str, list[bool]] = {name: [] for name in NAMES}
    for root in trees(system.trace):
        for node in root.walk():
            if node.kind == "server" and node.begin >= since:
                served[node.service].append(node.status == OK)
    return Outcome(
        len(counted),
        len(good),
        good[len(good) // 2] if good else 0,
        tuple(name for name, each in served.items() if each and not any(each)),
        tuple(
            name for name, each in served.items() if not each and (name, event) != (service, "down")
        ),
        len(before),
        tuple(app for name, app in before.items() if name not in after),
    )


def _happen(system: System, event: str, service: str) -> None:
    if event == "update":
        system.cluster.set_image(service, f"lab/{service}:2")
    elif event == "slow":
        system.change(service, work=SLOW)
    else:
        system.change(service, replicas=0)
