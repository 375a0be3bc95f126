"""A circuit breaker at work: a service fails for some seconds, and is called less for it.

The client outside asks a service that answers 500 between two moments, and has a breaker of its
own. Of each request is known whether it was answered, failed, or was not sent at all. Times are
seconds from the first request, the breaker's ``wait`` ms.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.microservices.calls import BUSY, Call
from lab_kernel.microservices.resilience.breaker import CircuitBreaker
from lab_kernel.microservices.resilience.guard import Guard, Now
from lab_kernel.microservices.service import Service
from lab_kernel.microservices.system import System

ANSWERED, FAILED, NOT_SENT = "answered", "failed", "not sent"


@dataclass(frozen=True, kw_only=True)
class Plan:
    window: int = 10
    minimum: int = 5
    threshold: int = 50
    wait: int = 5000
    trial: int = 3
    failing: int = 100  # per cent of the requests, while it fails
    rate: float = 4.0
    begin: float = 8.0
    end: float = 20.0
    seconds: float = 40.0
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """``requests`` are (ms, what became of it); ``states`` (ms, the breaker's state from then)."""

    plan: Plan
    requests: list[tuple[int, str]]
    states: list[tuple[int, str]]

    def count(self, outcome: str) -> int:
        return sum(one == outcome for _time, one in self.requests)


def run(plan: Plan) -> Outcome:
    """The same plan always gives the same."""
    made: list[CircuitBreaker] = []

    def breaker(now: Now) -> CircuitBreaker:
        made.append(
            CircuitBreaker(
                now,
                window=plan.window,
                minimum=plan.minimum,
                threshold=plan.threshold,
                wait=plan.wait,
                trial=plan.trial,
            )
        )
        return made[0]

    system = System([Service("shop", work=10)], nodes=1, seed=plan.seed)
    start = system.now
    call = Call("shop", 1000, Guard(attempts=1, breaker=breaker))
    system.load(call, plan.rate, begin=start, end=start + plan.seconds, seed=plan.seed)
    failing = plan.failing / 100
    system.at(start + plan.begin, lambda: system.change("shop", fails=failing))
    system.at(start + plan.end, lambda: system.change("shop", fails=0.0))
    system.run(start + plan.seconds + 2)
    began = round(start * 1000)
    requests = [
        (
            asked.began - began,
            ANSWERED if asked.answered else NOT_SENT if asked.status == BUSY else FAILED,
        )
        for asked in system.requests
    ]
    states = [(max(0, time - began), state) for time, state in made[0].changes]
    return Outcome(plan, requests, states)
