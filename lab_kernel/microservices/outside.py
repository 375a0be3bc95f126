"""The client outside of the cluster: asks services, and remembers what became of each request.

It finds ready pods as every node's proxy does, and keeps to the policy of the call. Each request
begins a trace (``spans``). What became of it is in the Trace: one event on the track
``load/SERVICE``, kind ``answered`` or ``failed``. Times are in ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.network import Route
from lab_kernel.cloud_native.proxy import Proxy
from lab_kernel.microservices.calls import OK, Call, Client, Desk, Loop, Send, Wake
from lab_kernel.microservices.spans import Spans

OUTSIDE = "client"


@dataclass
class Asked:
    """One request from outside; ``ended`` is None while it is open. Times in ms."""

    number: int
    service: str
    trace: str
    began: int
    ended: int | None = None
    status: int | None = None

    @property
    def answered(self) -> bool:
        return self.status == OK

    @property
    def latency(self) -> int | None:
        return None if self.ended is None else self.ended - self.began


class Outside:
    """``traced`` is the share of requests whose spans are written down."""

    def __init__(self, cluster: Cluster, spans: Spans, seed: int, traced: float) -> None:
        self.requests: list[Asked] = []
        self._cluster, self._spans, self._traced = cluster, spans, traced
        clock, chance = cluster.clock, Random(f"client {seed}")
        proxy = Proxy(cluster.store, clock, lambda: True)
        self._route = Route(cluster, proxy, chance.random)
        self._sampling = Random(f"sampling {seed}")
        self._desk = Desk(OUTSIDE, OUTSIDE, lambda: clock.now, chance, spans, {})

    def ask(self, call: Call) -> Asked:
        """One request, now."""
        context = self._spans.root(self._sampling.random() < self._traced)
        now, number = self._cluster.clock.now, len(self.requests) + 1
        asked = Asked(number, call.service, f"{context.trace:032x}", now)
        self.requests.append(asked)
        client = Client(self._desk, call, context, {})
        loop = Loop(self._desk)
        self._do(loop, loop.begin(call.policy.ask(client)), asked)
        return asked

    def _do(self, loop: Loop, wishes: Iterable[Send | Wake], asked: Asked) -> None:
        """Fulfil what a policy wishes; when it wishes no more, the request is over."""
        for wish in wishes:
            self._fulfil(loop, wish, asked)
        if loop.running or asked.status is not None:
            return
        asked.status, asked.ended = loop.results[0], self._cluster.clock.now
        self._cluster.record.span(
            f"load/{asked.service}",
            "answered" if asked.answered else "failed",
            f"request {asked.number}",
            asked.began,
            trace=asked.trace,
            status=asked.status,
        )

    def _fulfil(self, loop: Loop, wish: Send | Wake, asked: Asked) -> None:
        clock = self._cluster.clock

        def over(status: int) -> None:
            self._do(loop, loop.over(wish.ticket, status, clock.now), asked)

        if isinstance(wish, Send):
            self._route.ask(wish.service, over, wish.timeout, wish.headers)
        else:
            clock.after(wish.pause, lambda: over(0))
