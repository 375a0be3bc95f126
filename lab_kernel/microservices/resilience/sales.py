"""Sales while the service that charges is slow for some seconds: who pays twice?

Two pods charge cards. Each try is given up after ``timeout`` and made again. In the slow seconds
the charge comes later than that, so the client tries again although the card was charged, and the
next try may come to the other pod. Times are seconds from the first sale, durations ms.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.resilience.backoff import Backoff
from lab_kernel.microservices.resilience.guard import Guard
from lab_kernel.microservices.resilience.payments import Ledger, Payments
from lab_kernel.microservices.service import Service
from lab_kernel.microservices.system import System

WORK = 50


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``key``: each sale carries an idempotency key. ``shared``: both pods see the same keys."""

    key: bool = False
    shared: bool = True
    attempts: int = 4
    timeout: int = 250
    slower: int = 6
    rate: float = 2.0
    begin: float = 5.0
    end: float = 10.0
    seconds: float = 20.0
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    system: System
    ledger: Ledger

    @property
    def sales(self) -> int:
        return len(self.system.requests)

    @property
    def twice(self) -> int:
        """Charges that were one too many."""
        return self.ledger.twice

    @property
    def unknown(self) -> int:
        """Charged, and the client does not know it: no try was answered in time."""
        charged = set(self.ledger.charged)
        return sum(asked.trace in charged for asked in self.system.failed)


def run(plan: Plan) -> Outcome:
    """The same plan always gives the same."""
    ledger = Ledger()
    system = System(
        [
            Service(
                "payments",
                work=WORK,
                replicas=2,
                workers=4,
                answers=Payments(ledger, shared=plan.shared),
            )
        ],
        nodes=2,
        seed=plan.seed,
    )
    guard = Guard(attempts=plan.attempts, backoff=Backoff(base=100, cap=1000), key=plan.key)
    start = system.now
    call = Call("payments", plan.timeout, guard)
    system.load(call, plan.rate, begin=start, end=start + plan.seconds, seed=plan.seed)
    system.at(start + plan.begin, lambda: system.change("payments", work=WORK * plan.slower))
    system.at(start + plan.end, lambda: system.change("payments", work=WORK))
    system.run(start + plan.seconds + plan.attempts * (plan.timeout / 1000 + 1))
    return Outcome(system, ledger)
