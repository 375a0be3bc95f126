"""Services that call each other, one that hangs, and how far its failure spreads.

Every service has a few workers. A request takes one, works a tick, calls the next services in
turn and gives the worker back. A hung service takes a request and never answers, so whoever waits
for it keeps a worker; without a timeout for ever. How a call is made decides what happens then:

    sync       wait for the answer, however long
    timeout    wait ``patience`` ticks for each level below, then fail: the worker is free again
    fallback   wait as long, then answer without it
    queue      hand it to a broker that keeps it, and do not wait

Left out: retries and breakers (the section on microservices), speed of the network, a broker that
fails. A tick has no length.
Source for the chain: availability of independent serial parts is the product of theirs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lab_kernel.clock import Clock
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.registry import unknown

SYNC, TIMEOUT, FALLBACK, QUEUE = "sync", "timeout", "fallback", "queue"
HOWS = (SYNC, TIMEOUT, FALLBACK, QUEUE)
OK, DEGRADED, FAILED, UNANSWERED = "ok", "degraded", "failed", "unanswered"
_WORSE = (OK, DEGRADED, FAILED)
Answered = Callable[[str], None]
Graph = Mapping[str, tuple[str, ...]]

SHOP: Graph = {
    "front": (),
    "catalogue": ("prices",),
    "checkout": ("payment", "stock", "mail"),
    "prices": (),
    "payment": ("fraud",),
    "stock": (),
    "fraud": (),
    "mail": (),
}
"""Who calls whom. ``front`` calls what the user asks for: the catalogue or the checkout."""
WISHES = ("catalogue", "checkout")
MIXED: Mapping[tuple[str, str], str] = {
    ("checkout", "mail"): QUEUE,  # a letter may come later
    ("payment", "fraud"): FALLBACK,  # small sums are let through
    ("catalogue", "prices"): FALLBACK,  # yesterday's price is shown
}
"""Each call as it can be; the others with a timeout."""


def chain(services: int, each: float = 0.999) -> float:
    """Availability of so many in a row, each available ``each`` of the time, independently."""
    if services < 0 or not 0 <= each <= 1:
        raise BadInput("availability", _("{value} is not a share of time").format(value=each))
    return each**services


def affected(graph: Graph, ways: Mapping[tuple[str, str], str], dead: str) -> set[str]:
    """Who fails somebody when ``dead`` hangs: whoever needs it, by calls that are no fallback and
    no queue, directly or by others. What worker shortage does beyond that, ``Shop`` shows."""
    found = {dead}
    while more := {
        name
        for name, calls in graph.items()
        for callee in calls
        if callee in found and ways[name, callee] not in (FALLBACK, QUEUE) and name not in found
    }:
        found |= more
    return found - {dead}


@dataclass(slots=True)
class Service:
    """``got`` counts the requests it was given, ``answers`` how they ended."""

    name: str
    workers: int
    hung: bool = False
    waiting: deque[Callable[[], None]] = field(default_factory=deque)
    got: int = 0
    answers: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_WORSE, 0))

    @property
    def unanswered(self) -> int:
        return self.got - sum(self.answers.values())

    @property
    def failing(self) -> bool:
        """Somebody was not answered, or was answered with a failure."""
        return bool(self.unanswered or self.answers[FAILED])


@dataclass(slots=True)
class Outcome:
    """``users``: how the users' requests ended, by wish; "unanswered" is one of the ends."""

    services: dict[str, Service]
    users: dict[str, dict[str, int]]
    kept: int

    def failing(self, but: str = "") -> list[str]:
        """The services that failed somebody, without the one that was made to hang."""
        return [name for name, one in self.services.items() if one.failing and name != but]

    def bad(self, wish: str) -> int:
        return self.users[wish][FAILED] + self.users[wish][UNANSWERED]


class Shop:
    """``how`` is the way every call is made, except those that ``ways`` names as (caller, callee).

    ``front`` has twice the workers of the others.
    """

    def __init__(
        self,
        graph: Graph = SHOP,
        *,
        how: str = SYNC,
        ways: Mapping[tuple[str, str], str] | None = None,
        workers: int = 4,
        patience: int = 3,
    ) -> None:
        self.clock, self.graph, self.patience = Clock(), graph, patience
        self.how, self.ways = how, dict(ways or {})
        for way in (how, *self.ways.values()):
            if way not in HOWS:
                raise unknown("how", way, HOWS)
        self.services = {
            name: Service(name, workers * (2 if name == "front" else 1)) for name in graph
        }
        self.kept: dict[str, int] = {}

    def run(self, dead: str = "", requests: int = 60, every: int = 2) -> Outcome:
        """Users ask for the wishes in turn, one each ``every`` ticks, while ``dead`` hangs."""
        if dead and dead not in self.services:
            raise unknown("service", dead, self.services)
        if dead:
            self.services[dead].hung = True
        wishes = [WISHES[n % len(WISHES)] for n in range(requests)]
        users = {wish: dict.fromkeys((*_WORSE, UNANSWERED), 0) for wish in WISHES}
        for n, wish in enumerate(wishes):
            users[wish][UNANSWERED] += 1
            self.clock.at(n * every, self._asks(wish, users[wish]))
        self.clock.run()
        return Outcome(self.services, users, sum(self.kept.values()))

    def _asks(self, wish: str, ends: dict[str, int]) -> Callable[[], None]:
        def answered(end: str) -> None:
            ends[UNANSWERED] -= 1
            ends[end] += 1

        return lambda: self._take("front", (wish,), answered)

    def _take(self, name: str, calls: tuple[str, ...], answered: Answered) -> None:
        """A request arrives: work begins as soon as a worker is free."""
        service = self.services[name]
        service.got += 1

        def begin() -> None:
            service.workers -= 1
            if not service.hung:
                self.clock.after(1, lambda: self._next(service, calls, OK, answered))

        if service.workers:
            begin()
        else:
            service.waiting.append(begin)

    def _next(
        self, service: Service, calls: tuple[str, ...], so_far: str, answered: Answered
    ) -> None:
        """Make the first of the calls that are left, or answer."""
        if so_far == FAILED or not calls:
            service.answers[so_far] += 1
            service.workers += 1
            if service.waiting:
                service.waiting.popleft()()
            answered(so_far)
            return
        callee, rest = calls[0], calls[1:]
        how = self.ways.get((service.name, callee), self.how)
        if service.name == "front" and how == QUEUE:
            how = TIMEOUT  # a user waits for an answer; only what needs none can be queued
        if how == QUEUE:
            self._keep(callee)
            self._next(service, rest, so_far, answered)
            return
        done = False

        def returned(end: str) -> None:
            nonlocal done
            if done:
                return  # it comes too late: nobody waits any more
            done = True
            if end == FAILED and how == FALLBACK:
                end = DEGRADED
            self._next(service, rest, max(so_far, end, key=_WORSE.index), answered)

        self._take(callee, self.graph[callee], returned)
        if how != SYNC:
            self.clock.after(self._patience(callee), lambda: returned(FAILED))

    def _patience(self, callee: str) -> int:
        """A caller waits longer than those it calls, else their fallback comes too late."""
        return self.patience + max((self._patience(one) for one in self.graph[callee]), default=0)

    def _keep(self, callee: str) -> None:
        """The broker holds a message until the service has worked on it; a hung one never does."""
        self.kept[callee] = self.kept.get(callee, 0) + 1

        def worked(_end: str) -> None:
            self.kept[callee] -= 1

        self._take(callee, self.graph[callee], worked)
