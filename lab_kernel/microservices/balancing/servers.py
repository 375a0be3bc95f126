"""Servers with a queue each, and a balancer in front of them, request by request.

    run = simulate(Choices(2), servers=100, load=0.9, requests=20_000, seed=1)
    run.stays, run.at_least(3), run.longest

Requests come as a Poisson process, ``load`` for each server and mean service time; the service is
exponential with mean 1, so every time here is in mean service times. A request stays where it was
sent, and is served in order of arrival.

The balancer looks at the queues every ``age`` and decides by what it saw until it looks again
(Mitzenmacher, "How Useful Is Old Information?", 2000: the periodic update model). With age 0 it
knows everything at every moment. If it ``remembers``, it adds to what it saw what it has sent
itself since then. A server that runs idle says so at once, whatever the age.

All servers are empty at first. Before the requests a fifth as many come as a warm-up: no figure
counts them. Close to a load of 1 that is not enough, and figures come out too small.
"""

from __future__ import annotations

import heapq
import math
import statistics
from random import Random

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.balancing.policies import Policy

WARM_UP = 0.2  # of the requests
MOST, MOST_REQUESTS = 1000, 1_000_000
_LOOK = -1  # the balancer itself, among those who leave


class Run:
    """``stays`` are the times of the requests, wait and service, in order of arrival; ``longest``
    is how many requests one server had at the most; ``seen`` are (moment, how many each of the
    first ``watched`` servers has) at every change. All of it after the warm-up."""

    def __init__(self, servers: int, watched: int = 0) -> None:
        self.servers, self.watched = servers, watched
        self.lengths = [0] * servers
        self.stays: list[float] = []
        self.seen: list[tuple[float, tuple[int, ...]]] = []
        self.longest = 0
        self._began = self._now = 0.0
        # for each number: how many servers have at least so many, since when, and the area so far
        self._level: list[tuple[int, float, float]] = []

    def begin(self, now: float) -> None:
        """The warm-up is over."""
        self._level = [(count, now, 0.0) for count, _since, _area in self._level]
        self._began, self.seen = now, []
        self.longest = max(self.lengths)

    def change(self, now: float, server: int, step: int) -> None:
        """A request has come to this server, or left it."""
        after = self.lengths[server] = self.lengths[server] + step
        number = after if step > 0 else after + 1  # so many are there on one side of it only
        if number > len(self._level):
            self._level.append((0, now, 0.0))
        count, since, area = self._level[number - 1]
        self._level[number - 1] = (count + step, now, area + count * (now - since))
        self.longest = max(self.longest, after)
        self._now = now
        if server < self.watched:
            self.seen.append((now, tuple(self.lengths[: self.watched])))

    @property
    def mean(self) -> float:
        """The average stay."""
        return statistics.fmean(self.stays)

    def at_least(self, customers: int) -> float:
        """The share of the servers that have at least so many requests, on average over time."""
        if customers > len(self._level):
            return 0.0
        count, since, area = self._level[customers - 1]
        area += count * (self._now - since)
        return area / (self.servers * (self._now - self._began))


def simulate(
    policy: Policy,
    servers: int = 100,
    load: float = 0.9,
    requests: int = 20_000,
    age: float = 0.0,
    remembers: bool = False,
    watched: int = 0,
    seed: int = 0,
) -> Run:
    """So many requests come, and all are served. The same seed gives the same moments and the same
    work to every policy. BadInput: numbers out of range."""
    _check(servers, load, requests, age)
    chance = Random(f"balancer {seed}")
    moments, work = Random(f"moments {seed}"), Random(f"work {seed}")
    run = Run(servers, watched)
    known: list[int] = run.lengths
    free = [0.0] * servers  # when each has done what it was given
    due: list[tuple[float, int]] = [(0.0, _LOOK)] if age else []  # who goes when, and from where
    now = 0.0
    for number in range(-round(requests * WARM_UP), requests):
        now += moments.expovariate(load * servers)
        while due and due[0][0] <= now:
            moment, server = heapq.heappop(due)
            if server == _LOOK:
                known = list(run.lengths)
                heapq.heappush(due, (moment + age, _LOOK))
                continue
            run.change(moment, server, -1)
            if not run.lengths[server]:
                policy.idle(server)
        if number == 0:
            run.begin(now)
        server = policy.pick(known, chance)
        if age and remembers:
            known[server] += 1
        end = free[server] = max(now, free[server]) + work.expovariate(1.0)
        heapq.heappush(due, (end, server))
        run.change(now, server, 1)
        if number >= 0:
            run.stays.append(end - now)
    return run


def _check(servers: int, load: float, requests: int, age: float) -> None:
    for name, value, high in (("servers", servers, MOST), ("requests", requests, MOST_REQUESTS)):
        if not 1 <= value <= high:
            message = _("{value} is not a whole number from {low} to {high}")
            raise BadInput(name, message.format(value=value, low=1, high=high))
    if not 0 < load < 1:
        message = _("{value} is not between {low} and {high}")
        raise BadInput("load", message.format(value=load, low=0, high=1))
    if not 0 <= age < math.inf:
        raise BadInput("age", _("{value} is less than {least}").format(value=age, least=0))
