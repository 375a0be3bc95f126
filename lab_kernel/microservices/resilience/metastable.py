"""A metastable failure: a short trouble puts a service down, and retries keep it down.

One pod works ``work`` ms on each request. ``load`` is well below what it can do. Then a trigger:
for some seconds it works ``slower`` times as long, or ``rush`` times the requests come. Tries time
out, are made again, and wait in the queue beside those that nobody waits for any more. When the
trigger is gone, ``attempts`` times the load still comes, all work is for answers that come too
late, and so everybody goes on trying again. Same service, same load, two states that last.

The state is only to be had between capacity / attempts and capacity: below it even all the tries
are less than the pod can do. That is the "vulnerable" range of Bronson et al., "Metastable
Failures in Distributed Systems" (HotOS 2021). Huang et al., "Metastable Failures in the Wild"
(OSDI 2022), found such failures behind at least 4 of 15 major outages of AWS in ten years.

Nothing here is decided in advance: requests, tries and answers are counted from the cluster's
Trace. Times are seconds from the first request, ``work`` and ``timeout`` ms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.resilience.backoff import Backoff
from lab_kernel.microservices.resilience.breaker import CircuitBreaker
from lab_kernel.microservices.resilience.deadline import timely
from lab_kernel.microservices.resilience.guard import Guard, Now
from lab_kernel.microservices.resilience.retry_budget import Budget, RetryBudget, Throttle
from lab_kernel.microservices.resilience.shedding import ControlledDelay
from lab_kernel.microservices.service import Answers, Service
from lab_kernel.microservices.system import System
from lab_kernel.registry import unknown

TRIGGERS = ("slow", "rush", "none")
SHOP = "shop"


def budget(now: Now) -> RetryBudget:
    """A tenth of the calls, and nothing beside it: the load of one client is enough here."""
    return Budget(now, share=0.1, per_second=0)


def throttle(now: Now) -> RetryBudget:
    """gRPC's own example: 10 tokens, a tenth of one for each success."""
    return Throttle()


def breaker(now: Now) -> CircuitBreaker:
    """Smaller than resilience4j's defaults, so that it acts within seconds."""
    return CircuitBreaker(now, window=20, minimum=10, threshold=50, wait=5000, trial=5)


def vulnerable(load: float, capacity: float, attempts: int) -> bool:
    """Whether this load can be done, but not if each request is tried as often as allowed."""
    return load < capacity <= load * attempts


@dataclass(frozen=True, kw_only=True)
class Plan:
    """``calm`` is a pair of seconds between which only ``calm_load`` requests come. BadInput names
    a trigger that there is not, or moments in the wrong order."""

    load: float = 6.0
    work: int = 100
    timeout: int = 1000
    attempts: int = 3
    backoff: Backoff = field(default_factory=lambda: Backoff(base=100, cap=1000))
    budget: Callable[[Now], RetryBudget] | None = None
    breaker: Callable[[Now], CircuitBreaker] | None = None
    queue: int | None = None
    answers: Answers | None = None
    trigger: str = "slow"
    slower: int = 4
    rush: float = 4.0
    begin: float = 10.0
    end: float = 20.0
    calm: tuple[float, float] | None = None
    calm_load: float = 1.0
    seconds: float = 70.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.trigger not in TRIGGERS:
            raise unknown("trigger", self.trigger, TRIGGERS)
        first, last = self.calm or (self.end, self.end)
        if not 0 < self.begin <= self.end <= first <= last <= self.seconds:
            raise BadInput("seconds", _("the moments are not in their order"))

    @property
    def capacity(self) -> float:
        """Requests a second that the pod can do."""
        return 1000 / self.work

    @property
    def vulnerable(self) -> bool:
        return vulnerable(self.load, self.capacity, self.attempts)


@dataclass(frozen=True)
class Second:
    """Requests and tries that began in one second, and the requests of that second that were
    answered in the end."""

    begun: int = 0
    tries: int = 0
    good: int = 0


@dataclass(frozen=True)
class Outcome:
    """``system`` is the cluster after the run, ``began`` its clock in ms at second 0."""

    plan: Plan
    system: System
    began: int

    @cached_property
    def seconds(self) -> list[Second]:
        length = int(self.plan.seconds)
        begun, tries, good = [0] * length, [0] * length, [0] * length
        for asked in self.system.requests:
            begun[self._second(asked.began)] += 1
            good[self._second(asked.began)] += asked.answered
        for span in self.system.trace.where(track="span/client", kind="client"):
            if (second := self._second(span.time)) < length:
                tries[second] += 1
        return [Second(*each) for each in zip(begun, tries, good, strict=True)]

    def _second(self, time: int) -> int:
        return (time - self.began) // 1000

    def goodput(self, begin: float, end: float) -> float:
        """The share of the requests of these seconds that was answered; 1.0 when none came."""
        chosen = self.seconds[int(begin) : int(end)]
        begun = sum(each.begun for each in chosen)
        return sum(each.good for each in chosen) / begun if begun else 1.0

    @property
    def before(self) -> float:
        """In the first half of the time before the trigger: later ones are still tried in it."""
        return self.goodput(0, self.plan.begin / 2)

    @property
    def after(self) -> float:
        """In the last quarter of the time."""
        return self.goodput(self.plan.seconds * 3 / 4, self.plan.seconds)

    @property
    def stuck(self) -> bool:
        return self.before > 0.9 and self.after < 0.5

    @property
    def recovered(self) -> int | None:
        """The second from which on nine in ten were answered, within each five; None: never."""
        length = len(self.seconds)
        last = next((n for n in reversed(range(length - 4)) if self.goodput(n, n + 5) < 0.9), None)
        if last is None:
            return 0
        return None if last == length - 5 else last + 1


def run(plan: Plan) -> Outcome:
    """The same plan always gives the same."""
    system = System(
        [Service(SHOP, work=plan.work, queue=plan.queue, answers=plan.answers)],
        nodes=1,
        seed=plan.seed,
    )
    guard = Guard(
        attempts=plan.attempts, backoff=plan.backoff, budget=plan.budget, breaker=plan.breaker
    )
    call, start = Call(SHOP, plan.timeout, guard), system.now
    first, last = plan.calm or (plan.seconds, plan.seconds)
    for load, begin, end in (
        (plan.load, 0.0, first),
        (plan.calm_load, first, last),
        (plan.load, last, plan.seconds),
        ((plan.rush - 1) * plan.load if plan.trigger == "rush" else 0, plan.begin, plan.end),
    ):
        if load and begin < end:
            seed = plan.seed + round(begin)
            system.load(call, load, begin=start + begin, end=start + end, seed=seed)
    if plan.trigger == "slow":
        slow = plan.work * plan.slower
        system.at(start + plan.begin, lambda: system.change(SHOP, work=slow))
        system.at(start + plan.end, lambda: system.change(SHOP, work=plan.work))
    patience = plan.attempts * (plan.timeout + plan.backoff.cap) / 1000
    system.run(start + plan.seconds + patience + 1)
    return Outcome(plan, system, round(start * 1000))


CURES: dict[str, dict[str, Any]] = {
    "none": {},
    "backoff": {"backoff": Backoff(base=500, cap=8000)},
    "one try": {"attempts": 1},
    "budget": {"budget": budget},
    "throttle": {"budget": throttle},
    "breaker": {"breaker": breaker},
    "bound": {"queue": 5},
    "deadline": {"answers": timely},
    "controlled delay": {"answers": ControlledDelay(interval=800, target=100)},
    "patience": {"timeout": 5000},
    "calm": {"calm": (20.0, 45.0)},
}
