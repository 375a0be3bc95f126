"""What runs in the pods of a service: processes that take a request, compute, ask, and answer.

The first process of a pod opens the socket and forks the workers; all of them read it, and each
request wakes one. A worker asks other services by system calls (``calls.together``), and answers
when it is done. What was asked for and fails is answered 502, or 504 when it was the time that ran
out, at once and without the stages after it.

A request that the full socket turns away has no server span: no program has seen it. Left out:
what requests and answers carry, connections, and that a client's timeout stops the work for which
it no longer waits.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lab_kernel.cloud_native.listener import BACKLOG
from lab_kernel.cloud_native.program import Place, Steps
from lab_kernel.kernel.open_file import O_RDWR
from lab_kernel.kernel.program import Compute, Signal
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import (
    Exit,
    Fork,
    Ioctl,
    Nanosleep,
    Open,
    Pause,
    Read,
    Rt_sigaction,
    Write,
)
from lab_kernel.microservices.calls import FAILED, OK, Call, Client, Desk, together
from lab_kernel.microservices.service import Group, Service, Work
from lab_kernel.microservices.spans import Context, Spans


@dataclass
class Handling:
    """One request in a worker's hands."""

    desk: Desk
    network: int  # the descriptor
    context: Context
    headers: Mapping[str, str]
    notes: dict[str, Any] = field(default_factory=dict)  # for the span

    def work(self, work: Work) -> Steps:
        """Compute for so long."""
        amount = work(self.desk.chance) if callable(work) else work
        if ticks := round(amount):
            yield Compute(ticks)
        return None

    def ask(self, *calls: Call) -> Generator[Any, Any, list[int]]:
        """Make these calls side by side; their statuses."""
        clients = [Client(self.desk, call, self.context, self.headers) for call in calls]
        jobs = [client.call.policy.ask(client) for client in clients]
        return (yield from together(self.desk, self.network, jobs))


def answer(service: Service, handling: Handling) -> Generator[Any, Any, int]:
    """What a service does for a request; the status."""
    yield from handling.work(service.work)
    if service.fails and handling.desk.chance.random() < service.fails:
        return FAILED
    for stage in service.stages():
        if not isinstance(stage, Group):
            yield from handling.work(stage)
            continue
        statuses = yield from handling.ask(*stage.calls)
        if any(status != OK for status in statuses):
            handling.notes["missing"] = [
                call.service
                for call, status in zip(stage.calls, statuses, strict=True)
                if status != OK
            ]
        if (status := stage.status(statuses)) != OK:
            return status
    return OK


class Program:
    """What runs in the pods of a service. ``current`` is asked anew for each request, so a service
    can be changed while it runs."""

    def __init__(self, current: Callable[[], Service], spans: Spans, seed: int) -> None:
        self._current, self._spans, self._seed = current, spans, seed

    def __call__(self, place: Place) -> Steps:
        """The first process: fork the workers, and stay until SIGTERM."""
        service = self._current()
        yield Rt_sigaction(Signum.SIGTERM, "catch")
        if place.does.start:
            yield Nanosleep(place.does.start)
        fd = yield Open(place.socket, O_RDWR)
        if service.queue is not None:
            yield Ioctl(fd, BACKLOG, service.queue)
        memory: dict[Any, Any] = {}
        for number in range(service.workers):
            chance = Random(f"{self._seed} {place.pod} {number}")
            desk = Desk(service.name, place.pod, place.now, chance, self._spans, memory)
            yield Fork(self._worker, desk, place.network, fd)
        try:
            while True:
                yield Pause()
        except Signal:
            yield Nanosleep(max(1, place.does.stop))  # the workers go on so long
            yield Exit(0)
        return 0

    def _worker(self, desk: Desk, path: str, fd: int) -> Steps:
        network = yield Open(path, O_RDWR)
        while True:
            number, kind, _work, *words = (yield Read(fd, 400)).decode().split()
            if kind != "get":  # a probe
                yield Write(fd, f"{number} {OK}".encode())
                continue
            headers = dict(word.split("=", 1) for word in words)
            service = self._current()
            waited = int(headers.pop("waited", "0"))
            header = headers.get("traceparent")
            parent = Context.read(header) if header else self._spans.root()
            span = self._spans.begin(
                "server", desk.name, desk.pod, desk.name, desk.now(), parent, waited=waited
            )
            handling = Handling(desk, network, span.context, headers, span.details)
            status = yield from (service.answers or answer)(service, handling)
            self._spans.end(span, status, desk.now())
            yield Write(fd, f"{number} {status}".encode())
