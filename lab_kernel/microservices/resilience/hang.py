"""One dependency hangs, and takes along pages that do not need it.

A service ``page`` serves two kinds of requests. Prices ask ``prices``, which is well; reports ask
``reports``, which for some time waits for something and answers nobody. Each report holds one of
the page's workers until it times out. If reports come faster than they are given up, all workers
are soon held, and prices wait behind them.

Worked out by Little's law: reports hold rate x timeout workers, here 4 x 3 = 12 of 8. Times are
seconds from the first request, durations ms.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.kernel.syscalls import Nanosleep
from lab_kernel.microservices.calls import Asking, Call, Client, Policy
from lab_kernel.microservices.program import Handling, answer
from lab_kernel.microservices.resilience.breaker import CircuitBreaker
from lab_kernel.microservices.resilience.guard import Guard, Now
from lab_kernel.microservices.service import Service
from lab_kernel.microservices.system import System

KINDS = ("prices", "reports")
PATIENCE = 1000  # ms until a reader gives up


@dataclass(frozen=True)
class Wanted(Policy):
    """From outside: which page is wanted stands in a header. ``seen`` collects them in order."""

    kind: str
    seen: list[str]

    def ask(self, client: Client) -> Asking:
        self.seen.append(self.kind)
        return (yield from client.ask(kind=self.kind))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``places`` is the bulkhead of each dependency (None: none)."""

    workers: int = 8
    timeout: int = 3000
    places: int | None = None
    breaker: Callable[[Now], CircuitBreaker] | None = None
    prices: float = 15.0
    reports: float = 4.0
    begin: float = 5.0
    end: float = 20.0
    seconds: float = 30.0
    seed: int = 0

    @property
    def held(self) -> float:
        """Workers that reports hold while they hang, if there are as many."""
        return self.reports * self.timeout / 1000


@dataclass(frozen=True)
class Outcome:
    plan: Plan
    system: System
    began: int
    kinds: list[str]  # of each request

    def answered(self, kind: str, begin: float, end: float) -> float:
        """The share of these pages, asked for between these seconds, that came."""
        chosen = [
            asked.answered
            for asked, of in zip(self.system.requests, self.kinds, strict=True)
            if of == kind and begin <= (asked.began - self.began) / 1000 < end
        ]
        return sum(chosen) / len(chosen) if chosen else 1.0


def run(plan: Plan) -> Outcome:
    """The same plan always gives the same."""
    guard = Guard(attempts=1, places=plan.places, breaker=plan.breaker)
    calls = {kind: Call(kind, plan.timeout, guard) for kind in KINDS}

    def page(service: Service, handling: Handling) -> Generator[Any, Any, int]:
        yield from handling.work(service.work)
        (status,) = yield from handling.ask(calls[handling.headers["kind"]])
        return status

    start = 0

    def hanging(service: Service, handling: Handling) -> Generator[Any, Any, int]:
        now = handling.desk.now() - start
        if plan.begin * 1000 <= now < plan.end * 1000:
            yield Nanosleep(round(plan.end * 1000 - now))
        return (yield from answer(service, handling))

    system = System(
        [
            Service("page", work=2, workers=plan.workers, answers=page, calls=tuple(KINDS)),
            Service("prices", work=10, workers=4),
            Service("reports", work=40, workers=100, answers=hanging),
        ],
        nodes=2,
        seed=plan.seed,
    )
    start = round(system.now * 1000)
    seen: list[str] = []
    begin, end = system.now, system.now + plan.seconds
    for number, (kind, rate) in enumerate(zip(KINDS, (plan.prices, plan.reports), strict=True)):
        call = Call("page", PATIENCE, Wanted(kind, seen))
        system.load(call, rate, begin=begin, end=end, seed=plan.seed + number)
    system.run(end + plan.timeout / 1000 + 2)
    return Outcome(plan, system, start, seen)
