"""A disk with one head: it moves, it serves, and requests wait.

``seek`` ticks for every cylinder that the head crosses, then ``service`` ticks for the transfer
(rotation included). One request at a time; while the head is on its way it does not stop for
those that arrive meanwhile. Left out: acceleration, several heads and platters, the drive's cache.
A flash drive has no head: there the order hardly matters, and one with several queues (NVMe) has
``none`` as Linux's default.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from lab_kernel.clock import Clock
from lab_kernel.errors import BadInput
from lab_kernel.kernel.elevator import ELEVATORS, Elevator, Request
from lab_kernel.language import _
from lab_kernel.registry import unknown
from lab_kernel.trace import Trace

MOST_REQUESTS = 5_000  # a policy looks at all that wait
MOST_CYLINDERS = MOST_TICKS = 1_000_000
_REQUEST = re.compile(r"([0-9]{1,7})(w?)(?:@([0-9]{1,7}))?")
_DONE, _ARRIVE = range(2)  # of the same instant: the head is free before the next request comes


@dataclass(frozen=True, slots=True)
class Served:
    """A request that has been served: ``path`` is where the head turned, from ``begun`` on."""

    request: Request
    begun: int
    finish: int
    path: tuple[int, ...]

    @property
    def distance(self) -> int:
        return crossed(self.path)

    @property
    def waiting(self) -> int:
        """From its arrival until the head set out for it."""
        return self.begun - self.request.arrival


@dataclass(frozen=True, slots=True)
class Run:
    """All requests in the order in which they were served."""

    policy: str
    served: tuple[Served, ...]
    trace: Trace

    @property
    def distance(self) -> int:
        """Cylinders that the head crossed in all."""
        return sum(one.distance for one in self.served)

    @property
    def mean_waiting(self) -> float:
        return sum(one.waiting for one in self.served) / len(self.served)

    @property
    def path(self) -> list[int]:
        """The head's way from turning point to turning point."""
        way = [self.served[0].path[0]]
        for one in self.served:
            way += one.path[1:]
        return way


def serve(
    requests: Iterable[Request],
    policy: str | Elevator = "fcfs",
    *,
    head: int = 53,
    cylinders: int = 200,
    rising: bool = True,
    seek: int = 1,
    service: int = 0,
) -> Run:
    """Serve every request. BadInput names what is not on the disk."""
    known = [
        replace(one, number=n)
        for n, one in enumerate(sorted(requests, key=lambda one: one.arrival))
    ]
    if not known:
        raise BadInput("requests", _("there is no request"))
    elevator = (
        policy if isinstance(policy, Elevator) else new_elevator(policy, cylinders, rising=rising)
    )
    _on_disk("head", head, elevator.last)
    for one in known:
        _on_disk("requests", one.cylinder, elevator.last)
    clock, trace, served = Clock(), Trace(), []
    place, busy = head, False

    def arrive(request: Request) -> None:
        elevator.add(request)
        clock.at(clock.now, go, _ARRIVE)  # once all of this instant have come

    def go() -> None:
        nonlocal busy, place
        if busy or not elevator.waiting:
            return
        move = elevator.pick(place, clock.now)
        path = (place, *move.by, move.request.cylinder)
        sought = crossed(path) * seek
        end = clock.now + sought + service
        served.append(Served(move.request, clock.now, end, path))
        name = f"{'W' if move.request.write else 'R'} {move.request.cylinder}"
        trace.add(clock.now, "disk", "seek", name, sought, path=list(path))
        trace.add(end - service, "disk", "transfer", name, service)
        place, busy = move.request.cylinder, True
        clock.at(end, free, _DONE)

    def free() -> None:
        nonlocal busy
        busy = False
        clock.at(clock.now, go, _ARRIVE)

    for one in known:
        clock.at(one.arrival, lambda one=one: arrive(one), _ARRIVE)  # type: ignore[misc]
    clock.run()
    return Run(elevator.name, tuple(served), trace)


def crossed(path: Iterable[int]) -> int:
    """Cylinders on the way from turning point to turning point."""
    return sum(abs(there - here) for here, there in pairwise(path))


def parse_requests(line: str) -> list[Request]:
    """``CYLINDER``, or ``CYLINDERw`` for a write, each with ``@ARRIVAL`` if it comes later.

    Separated by commas. BadInput names the part that is none.
    """
    parts = [part.strip() for part in line.split(",")]
    if len(parts) > MOST_REQUESTS:
        message = _("{count} requests; at most {most} are possible")
        raise BadInput("requests", message.format(count=len(parts), most=MOST_REQUESTS))
    requests = []
    for part in parts:
        match = _REQUEST.fullmatch(part)
        arrival = int(match[3] or 0) if match else 0
        if match is None or arrival > MOST_TICKS:
            message = _("“{part}” is no request; write CYLINDER, CYLINDERw or CYLINDER@ARRIVAL")
            raise BadInput("requests", message.format(part=part[:40]))
        requests.append(Request(int(match[1]), arrival, match[2] == "w"))
    return requests


def new_elevator(name: str, cylinders: int = 200, *, rising: bool = True) -> Elevator:
    """The policy by this name."""
    if name not in ELEVATORS:
        raise unknown("policy", name, ELEVATORS)
    return ELEVATORS[name](cylinders, rising=rising)


def _on_disk(argument: str, cylinder: int, last: int) -> None:
    if not 0 <= cylinder <= last:
        message = _("cylinder {cylinder} is not on the disk; it has 0 to {last}")
        raise BadInput(argument, message.format(cylinder=cylinder, last=last))
