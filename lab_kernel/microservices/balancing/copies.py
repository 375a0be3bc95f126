"""A second copy of a request, where the copies themselves are load.

Servers with a queue each, as in ``servers``: Poisson arrivals, times in mean service times. Each
copy has a service time of its own, for what makes one server slow need not be there on another: a
share ``slow`` takes ``pause`` times as long, so the mean is 1 + slow * (pause - 1). With ``same``
both copies take equally long: what is slow then is the request, and not the server.

    plain     one copy, to a server at random
    hedged    a second one to another server when there is no answer after ``after``
    tied      two at once, to two servers; each knows of the other, and the first that begins has
              the other taken out of its queue

The first answer counts. With ``cancel`` a hedged request takes back what is no longer needed, out
of the queue or out of the server's hands; without it the work is done for nothing. News takes no
time here. Dean and Barroso let tied copies start a little apart, because it does: with two idle
servers both would begin.

Source: J. Dean, L. A. Barroso, "The Tail at Scale", CACM 56(2), 2013.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random

from lab_kernel.errors import BadInput
from lab_kernel.language import _

WARM_UP = 0.1  # of the requests
KINDS = ("plain", "hedged", "tied")


@dataclass
class _Copy:
    request: int
    server: int
    work: float
    began: float | None = None
    gone: bool = False  # taken back, or done


@dataclass
class Outcome:
    """``stays`` are the times of the requests in order of arrival, after the warm-up; ``copies``
    is how many were sent for a request on average, ``busy`` the share of their time for which the
    servers worked."""

    stays: list[float] = field(default_factory=list, repr=False)
    copies: float = 0.0
    busy: float = 0.0


@dataclass
class Copies:
    """The servers, and what is under way. ``load`` is without second copies."""

    kind: str = "plain"
    servers: int = 20
    load: float = 0.5
    after: float = 4.0
    slow: float = 0.02
    pause: float = 20.0
    cancel: bool = True
    same: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        self._check()
        self.now = 0.0
        self._chance = Random(f"servers {self.seed}")
        self._queues: list[deque[_Copy]] = [deque() for _server in range(self.servers)]
        self._at_work: list[_Copy | None] = [None] * self.servers
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._sequence = count()
        self._came: list[float] = []
        self._ended: dict[int, float] = {}
        self._sent: list[list[_Copy]] = []
        self._worked = 0.0

    def run(self, requests: int = 10_000) -> Outcome:
        """So many requests come, and all are answered."""
        if not 1 <= requests <= 1_000_000:
            message = _("{value} is not a whole number from {low} to {high}")
            values = {"value": requests, "low": 1, "high": 1_000_000}
            raise BadInput("requests", message.format(**values))
        moments = Random(f"moments {self.seed}")
        mean = 1 + self.slow * (self.pause - 1)
        for _request in range(requests):
            self._to(self.now + moments.expovariate(self.load * self.servers / mean))
            self._arrive()
        until = self.now
        busy = self._worked / (self.servers * until)
        self._to(math.inf)
        stays = [self._ended[n] - came for n, came in enumerate(self._came)]
        sent = sum(map(len, self._sent)) / requests
        return Outcome(stays[round(requests * WARM_UP) :], sent, busy)

    def _to(self, moment: float) -> None:
        """Do what is due until then."""
        while self._due and self._due[0][0] <= moment:
            self.now, _sequence, action = heapq.heappop(self._due)
            action()
        if moment < math.inf:
            self.now = moment

    def _at(self, moment: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._due, (moment, next(self._sequence), action))

    def _arrive(self) -> None:
        request = len(self._came)
        self._came.append(self.now)
        first, second = self._chance.sample(range(self.servers), 2)
        works = [self._work(), self._work()]
        if self.same:
            works[1] = works[0]
        self._sent.append([])
        if self.kind == "tied":
            # both are known before either begins, so that only one does
            pair = [_Copy(request, first, works[0]), _Copy(request, second, works[1])]
            self._sent[request] = pair
            for copy in pair:
                self._enqueue(copy)
            return
        self._send(_Copy(request, first, works[0]))
        if self.kind == "hedged":
            late = _Copy(request, second, works[1])
            self._at(
                self.now + self.after,
                lambda: None if request in self._ended else self._send(late),
            )

    def _work(self) -> float:
        often = self.pause if self._chance.random() < self.slow else 1.0
        return often * self._chance.expovariate(1.0)

    def _send(self, copy: _Copy) -> None:
        self._sent[copy.request].append(copy)
        self._enqueue(copy)

    def _enqueue(self, copy: _Copy) -> None:
        if copy.gone:
            return
        self._queues[copy.server].append(copy)
        self._next(copy.server)

    def _next(self, server: int) -> None:
        """An idle server begins with the first in its queue that is still wanted."""
        queue = self._queues[server]
        while queue and self._at_work[server] is None:
            copy = queue.popleft()
            if copy.gone:
                continue
            self._begin(copy)

    def _begin(self, copy: _Copy) -> None:
        self._at_work[copy.server], copy.began = copy, self.now
        if self.kind == "tied":
            self._take_back(copy)
        self._at(self.now + copy.work, lambda: self._done(copy))

    def _done(self, copy: _Copy) -> None:
        if copy.gone:
            return
        self._ended.setdefault(copy.request, self.now)
        self._release(copy)
        if self.cancel:
            self._take_back(copy)

    def _take_back(self, kept: _Copy) -> None:
        """The other copies of the request are no longer wanted."""
        for copy in self._sent[kept.request]:
            if copy is not kept and not copy.gone:
                if copy.began is None:
                    copy.gone = True
                else:
                    self._release(copy)

    def _release(self, copy: _Copy) -> None:
        """Its server has time for the next."""
        assert copy.began is not None
        copy.gone = True
        self._worked += self.now - copy.began
        self._at_work[copy.server] = None
        self._next(copy.server)

    def _check(self) -> None:
        if self.kind not in KINDS:
            message = _("“{value}” is not one of: {allowed}")
            raise BadInput("kind", message.format(value=self.kind, allowed=", ".join(KINDS)))
        if not 2 <= self.servers <= 1000:
            message = _("{value} is not a whole number from {low} to {high}")
            raise BadInput("servers", message.format(value=self.servers, low=2, high=1000))
        for name, share in (("load", self.load), ("slow", self.slow)):
            if not 0 <= share < 1 or (name == "load" and not share):
                message = _("{value} is not between {low} and {high}")
                raise BadInput(name, message.format(value=share, low=0, high=1))
        for name, value, least in (("after", self.after, 0), ("pause", self.pause, 1)):
            if not least <= value < math.inf:
                message = _("{value} is less than {least}")
                raise BadInput(name, message.format(value=value, least=least))
