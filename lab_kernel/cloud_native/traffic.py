"""Requests from outside: a gateway sends each to a ready pod of a service, and sees it through.

The gateway has a list of ready endpoints of its own. A change of the store's list reaches it only
after ``delay``: that is kube-proxy on each node, or an ingress controller. Until then it sends to
pods that are no longer there. A request is accepted when the gateway takes it from its client;
from then on it is tried, at most ``attempts`` times, until a pod answers or it is lost.

A try fails when the connection is refused (nobody listens there any more), when it is reset (the
program ended with the request in hand), when the pod answers 503, or when nothing is heard within
``timeout`` (the node has no power, or no network). Being refused is a proof that nothing was done,
so any request may be tried again; after the others only one that may be done twice (``idempotent``,
RFC 9110, section 9.2.2). The next try goes to a pod that has not failed this request yet.

What became of each request is in the cluster's Trace: one event on the track ``gateway/SERVICE``
from acceptance to answer or loss, kind ``answered`` or ``lost``, with the tries in its details.

Left out: connections that are kept open, the body of a request, queues and limits in the gateway
itself, and pods that are asked to stop answering because they fail too often.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab_kernel.clock import Clock
from lab_kernel.cloud_native.listener import REFUSED
from lab_kernel.cloud_native.network import NOBODY, outcome, send
from lab_kernel.cloud_native.objects import Endpoint, Endpoints
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.trace import Trace

if TYPE_CHECKING:
    from lab_kernel.cloud_native.cluster import Cluster


@dataclass
class Followed:
    """One accepted request. ``tries`` are (pod, outcome); ``outcome`` is "" while it is open."""

    number: int
    accepted: int
    idempotent: bool
    tries: list[tuple[str, str]] = field(default_factory=list)
    outcome: str = ""
    ended: int = 0

    @property
    def lost(self) -> bool:
        return self.outcome == "lost"


class Gateway:
    """Sends requests to the pods of ``service``. Times in seconds; chance has its own seed."""

    def __init__(
        self,
        cluster: Cluster,
        service: str,
        *,
        delay: float = 1.0,
        attempts: int = 3,
        timeout: float = 1.0,
        pause: float = 0.05,
        seed: int = 0,
    ) -> None:
        self.cluster, self.clock, self.service = cluster, cluster.clock, service
        self.delay, self.timeout = round(delay * 1000), round(timeout * 1000)
        self.pause, self.attempts = round(pause * 1000), attempts
        for name, value, least in (
            ("delay", delay, 0), ("attempts", attempts, 1), ("timeout", timeout, 0.001),
            ("pause", pause, 0),
        ):  # fmt: skip
            if value < least:
                message = _("{value} is less than {least}").format(value=value, least=least)
                raise BadInput(name, message)
        self.requests: list[Followed] = []
        self.known: tuple[Endpoint, ...] = tuple(cluster.ready(service))
        self._chance = random.Random(f"gateway {seed}")
        cluster.store.watch(Endpoints, self._changed)

    def _changed(self, _name: str, thing: Endpoints) -> None:
        if thing.metadata.name == self.service:
            ready = tuple(each for each in thing.endpoints if each.ready)
            self.clock.after(self.delay, lambda: self._learn(ready))

    def _learn(self, ready: tuple[Endpoint, ...]) -> None:
        self.known = ready

    # The life of a request

    def accept(self, *, idempotent: bool = True) -> Followed:
        """Take a request from a client, and begin to try."""
        request = Followed(len(self.requests) + 1, self.clock.now, idempotent)
        self.requests.append(request)
        self._try(request)
        return request

    def _try(self, request: Followed) -> None:
        failed = {pod for pod, _outcome in request.tries}
        fresh = [each for each in self.known if each.pod not in failed]
        choice = fresh or list(self.known)
        if not choice:
            self._failed(request, "-", NOBODY)
            return
        pod = self._chance.choice(choice)

        def heard(status: int) -> None:
            if status == 200:
                request.tries.append((pod.pod, "200"))
                self._end(request, "answered")
            else:
                self._failed(request, pod.pod, status)

        send(self.cluster, pod, heard, timeout=self.timeout)

    def _failed(self, request: Followed, pod: str, status: int) -> None:
        request.tries.append((pod, outcome(status)))
        again = request.idempotent or status in (REFUSED, NOBODY)
        if again and len(request.tries) < self.attempts:
            self.clock.after(self.pause, lambda: self._try(request))
        else:
            self._end(request, "lost")

    def _end(self, request: Followed, outcome: str) -> None:
        request.outcome, request.ended = outcome, self.clock.now
        self.cluster.record.span(
            f"gateway/{self.service}",
            outcome,
            f"request {request.number}",
            request.accepted,
            tries=[list(each) for each in request.tries],
        )

    # What became of them

    @property
    def lost(self) -> list[Followed]:
        return [each for each in self.requests if each.lost]

    @property
    def open(self) -> list[Followed]:
        return [each for each in self.requests if not each.outcome]

    def retried(self) -> int:
        """How many were answered, but not at the first try."""
        return sum(each.outcome == "answered" and len(each.tries) > 1 for each in self.requests)


def load(
    gateway: Gateway,
    per_second: float,
    begin: float,
    end: float,
    *,
    idempotent: bool = True,
    seed: int = 0,
) -> None:
    """Requests from second ``begin`` to ``end``, at random moments: a Poisson process."""
    if not 0 < per_second <= 1000:
        message = _("{value} is not a number of requests from {low} to {high}")
        raise BadInput("per_second", message.format(value=per_second, low=0, high=1000))
    arrivals(
        gateway.clock, per_second, begin, end, seed, lambda: gateway.accept(idempotent=idempotent)
    )


def arrivals(
    clock: Clock,
    per_second: float,
    begin: float,
    end: float,
    seed: int,
    arrive: Callable[[], object],
) -> None:
    """A Poisson process from second ``begin`` to ``end``: pauses are exponential, at least 1 ms."""
    chance, last = random.Random(f"load {seed}"), round(end * 1000)

    def next_after(moment: int) -> None:
        then = moment + max(1, round(chance.expovariate(per_second) * 1000))
        if then < last:
            clock.at(then, lambda: arrived(then))

    def arrived(moment: int) -> None:
        arrive()
        next_after(moment)

    next_after(round(begin * 1000))


def outcomes(trace: Trace) -> dict[str, int]:
    """What became of requests, read from the Trace alone; nothing when there were none."""
    spans = trace.where(lambda event: event.track.startswith("gateway/"))
    if not len(spans):
        return {}
    kinds = spans.counts()
    again = spans.where(lambda e: e.kind == "answered" and len(e.details["tries"]) > 1)
    return {
        "accepted": len(spans),
        "answered": kinds["answered"],
        "retried": len(again),
        "lost": kinds["lost"],
    }
