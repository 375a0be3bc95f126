"""The parts at work on the simulated cluster: retry storms, deadlines, bulkheads, sales.

Sources: Bronson et al., "Metastable Failures in Distributed Systems" (HotOS 2021); Huang et al.,
"Metastable Failures in the Wild" (OSDI 2022); RFC 9110, section 9.2.2; IETF,
draft-ietf-httpapi-idempotency-key-header; Kleinrock, "Queueing Systems" I, 3.6 (M/M/1/K); Little.
The recording was made by ``tools/record/retries.py``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from lab_kernel import host
from lab_kernel.cloud_native.listener import REFUSED
from lab_kernel.cloud_native.network import TIMEOUT
from lab_kernel.errors import BadInput
from lab_kernel.microservices.calls import BUSY, FAILED, GATEWAY_TIMEOUT, OK, Call, Policy
from lab_kernel.microservices.resilience import breaking, hang, sales
from lab_kernel.microservices.resilience.backoff import Backoff
from lab_kernel.microservices.resilience.breaker import CircuitBreaker
from lab_kernel.microservices.resilience.bulkhead import Bulkhead
from lab_kernel.microservices.resilience.deadline import timely
from lab_kernel.microservices.resilience.guard import Guard
from lab_kernel.microservices.resilience.metastable import CURES, Outcome, Plan, run
from lab_kernel.microservices.resilience.payments import CONFLICT, OTHER, Ledger
from lab_kernel.microservices.resilience.retry_budget import Budget
from lab_kernel.microservices.resilience.shedding import ControlledDelay
from lab_kernel.microservices.service import Exponential, Service
from lab_kernel.microservices.system import System

SOON = Backoff(base=10, cap=10)


@cache
def outcome(cure: str = "none", **fields: Any) -> Outcome:
    return run(Plan(**{**CURES[cure], **fields}))


# Metastable failure


def test_two_states_at_the_same_load() -> None:
    """Same service, same load, same policy; only a trouble that is long over differs."""
    untouched, hit = outcome(trigger="none"), outcome()
    assert [each.begun for each in untouched.seconds] == [each.begun for each in hit.seconds]
    assert untouched.before == untouched.after == 1.0
    assert hit.before == 1.0 and hit.after == 0.0 and hit.stuck and hit.recovered is None


def test_it_depends_neither_on_the_trigger_nor_on_chance() -> None:
    assert outcome(trigger="rush", seed=1).stuck


@pytest.mark.parametrize(("load", "attempts"), [(3, 3), (4, 3), (6, 1), (6, 2)])
def test_the_vulnerable_range(load: int, attempts: int) -> None:
    """Bronson et al.: it is stuck where the load that sustains it, load x attempts, is more than
    the capacity; below it comes back by itself."""
    done = outcome(load=float(load), attempts=attempts, seconds=90.0)
    assert done.stuck == done.plan.vulnerable == (load * attempts >= 10)


def test_calm_must_last_until_the_queue_is_gone() -> None:
    assert outcome("calm", calm=(20.0, 30.0)).stuck and not outcome("calm").stuck


def test_tries_are_bounded_by_attempts_and_by_the_budget() -> None:
    plain, limited, once = outcome(), outcome("budget"), outcome("one try")
    begun, tries = zip(*((s.begun, s.tries) for s in plain.seconds), strict=True)
    assert 2.5 * sum(begun) < sum(tries) <= 3 * sum(begun)
    begun, tries = zip(*((s.begun, s.tries) for s in limited.seconds), strict=True)
    assert sum(begun) < sum(tries) <= 1.1 * sum(begun)
    assert all(each.tries == each.begun for each in once.seconds)


def test_goodput_at_overload_is_what_a_bounded_queue_lets_through() -> None:
    """M/M/1/K: of Poisson arrivals at rho = 1.2, K = 5 in the pod, (1-rho) rho^K / (1-rho^(K+1))
    are turned away."""
    system = System([Service("shop", work=Exponential(100), queue=4)], nodes=1, traced=0)
    begin = system.now
    system.load("shop", 12, begin=begin, end=begin + 200)
    system.run(begin + 210)
    rho, most = 1.2, 5
    blocked = (1 - rho) * rho**most / (1 - rho ** (most + 1))
    assert len(system.failed) / len(system.requests) == pytest.approx(blocked, abs=0.03)
    assert {asked.status for asked in system.failed} == {BUSY}


def test_the_recording_shows_the_same_as_the_simulator() -> None:
    """A real server on the loopback and the simulated one, with the same numbers: the same three
    endings, and about as many tries."""
    found = host.recording("retries")
    meta, data = found.metadata, found.data
    assert (meta["work_ms"], meta["rate"], meta["timeout_ms"]) == (20, 30, 400)
    for case, more in (
        ("plain", {}),
        ("budget", {"budget": lambda now: Budget(now, share=0.1, per_second=0)}),
        ("bounded", {"queue": meta["bound"]}),
    ):
        begin, end = meta["trouble"]
        plan = Plan(
            load=30.0, work=20, timeout=400, attempts=meta["attempts"], slower=meta["slower"],
            backoff=Backoff(base=50, cap=200), begin=begin, end=end, seconds=15.0,
            **more,  # type: ignore[arg-type]
        )  # fmt: skip
        simulated, real = run(plan).seconds, data[case]["seconds"]
        ends = [sum(good) / sum(begun) for begun, good in (
            ([s.begun for s in simulated[12:]], [s.good for s in simulated[12:]]),
            ([s[0] for s in real[12:]], [s[2] for s in real[12:]]),
        )]  # fmt: skip
        assert ends == ([0, 0] if case == "plain" else [1, 1]), case
        shares = (
            sum(s.tries for s in simulated) / sum(s.begun for s in simulated),
            sum(s[1] for s in real) / sum(s[0] for s in real),
        )
        assert shares[0] == pytest.approx(shares[1], rel=0.15), case


# The guard


def chain(**fields: Any) -> System:
    """client -> gateway -> shop -> stock, which fails; each has a guard."""
    guard = Guard(attempts=3, backoff=SOON, **fields)
    return System(
        [
            Service("gateway", work=1, calls=(Call("shop", policy=guard),)),
            Service("shop", work=1, calls=(Call("stock", policy=guard),)),
            Service("stock", work=1, fails=1.0),
        ],
        nodes=1,
    )


def calls(system: System) -> Counter[str]:
    """How often each service was called."""
    return Counter(span.name for span in system.trace if span.kind == "client")


def test_three_layers_of_three_tries_are_27_calls() -> None:
    system = chain()
    system.ask(Call("gateway", policy=Guard(attempts=3, backoff=SOON)))
    system.run(system.now + 5)
    assert calls(system) == {"gateway": 3, "shop": 9, "stock": 27}


def test_retrying_in_one_layer_only() -> None:
    system = chain()
    system.ask("gateway")
    system.run(system.now + 5)
    assert calls(system) == {"gateway": 1, "shop": 3, "stock": 9}


class Scripted:
    """A client that answers as it was told, for a policy that is tested alone."""

    def __init__(self, statuses: list[int], took: int = 10, timeout: int | None = 100) -> None:
        self.statuses, self.took, self.timeout = statuses, took, timeout
        self.now, self.memory, self.headers = 0, dict[str, Any](), dict[str, str]()
        self.sent: list[dict[str, Any]] = []
        self.chance = Random(1)

    def ask(self, timeout: int | None = None, **headers: str) -> Any:
        self.sent.append({"at": self.now, "timeout": timeout, **headers})
        self.now += self.took
        return self.statuses[len(self.sent) - 1]
        yield

    def sleep(self, pause: int) -> Any:
        self.now += pause
        return
        yield


def asked(policy: Policy, client: Scripted) -> int:
    job = policy.ask(client)  # type: ignore[arg-type]
    with pytest.raises(StopIteration) as over:
        next(job)
    status: int = over.value.value
    return status


@pytest.mark.parametrize(
    ("first", "safe"), [(REFUSED, True), (BUSY, True), (TIMEOUT, False), (FAILED, False)]
)
def test_what_is_not_idempotent_is_tried_again_only_when_nothing_was_done(
    first: int, safe: bool
) -> None:
    """RFC 9110, 9.2.2."""
    client = Scripted([first, OK])
    assert asked(Guard(idempotent=False), client) == (OK if safe else first)
    assert asked(Guard(), Scripted([first, OK])) == OK


def test_a_deadline_covers_tries_and_pauses_together() -> None:
    guard = Guard(attempts=9, within=220, backoff=Backoff(base=50, cap=50, jitter="none"))
    client = Scripted([TIMEOUT] * 9, took=100)
    assert asked(guard, client) == TIMEOUT
    assert [(try_["at"], try_["timeout"], try_["left"]) for try_ in client.sent] == [
        (0, 100, "100"),
        (150, 70, "70"),
    ]


def test_the_tries_of_one_call_carry_one_key() -> None:
    client = Scripted([TIMEOUT, OK])
    asked(Guard(key=True), client)
    first, second = (try_["key"] for try_ in client.sent)
    assert first == second
    asked(Guard(key=True), again := Scripted([OK]))
    assert again.sent[0]["key"]


def test_a_full_bulkhead_and_an_open_breaker_send_nothing() -> None:
    client = Scripted([])
    guard = Guard(places=1)
    client.memory["bulkhead"] = full = hang_on(guard)
    assert asked(guard, client) == BUSY and not client.sent and full.rejected == 1
    opened = Guard(attempts=1, breaker=breaker_that_is_open)
    client = Scripted([])
    assert asked(opened, client) == BUSY and not client.sent


def test_a_call_that_is_too_late_takes_no_permit_of_a_trial() -> None:
    client = Scripted([])
    breaker = CircuitBreaker(lambda: client.now, window=1, minimum=1, wait=5, trial=1)
    breaker.record(breaker.permit() or 0, success=False)
    client.now = 5
    client.memory["breaker"] = breaker
    assert asked(Guard(within=0, breaker=breaker_that_is_open), client) == BUSY
    assert breaker.permit() is not None


def hang_on(guard: Guard) -> Bulkhead:
    bulkhead = Bulkhead(guard.places or 1)
    assert bulkhead.enter()
    return bulkhead


def breaker_that_is_open(now: Callable[[], int]) -> CircuitBreaker:
    breaker = CircuitBreaker(now, window=1, minimum=1)
    breaker.record(breaker.permit() or 0, success=False)
    return breaker


# Deadlines and shedding


def test_a_deadline_travels_and_saves_the_work_that_nobody_waits_for() -> None:
    """Two stages of 80 ms do not fit into 100: the second is not begun when it knows."""
    ends = {}
    for name, answers in (("blind", None), ("timely", timely)):
        inner = Call("stock", policy=Guard(attempts=1))
        system = System(
            [
                Service("shop", work=80, calls=(inner,), answers=answers),
                Service("stock", work=80, answers=answers),
            ],
            nodes=1,
        )
        asking = system.ask(Call("shop", 100, Guard(attempts=1, within=100)))
        system.run(system.now + 1)
        assert asking.status == (GATEWAY_TIMEOUT if answers else TIMEOUT)
        work = [s.duration for s in system.trace if s.kind == "server" and s.name == "stock"]
        ends[name] = work
    assert ends == {"blind": [80], "timely": [0]}


def test_controlled_delay_by_facebooks_rule() -> None:
    """Fail at Scale: M = 5 ms when the queue was last empty more than N = 100 ms ago, else N."""
    rule = ControlledDelay()
    assert rule.limit(now=1000, empty=900) == 100
    assert rule.limit(now=1000, empty=899) == 5


# Breaker, bulkhead, sales


def test_a_breaker_on_the_cluster() -> None:
    """It opens at five failures, and from then on three at most get through each five seconds."""
    done = breaking.run(breaking.Plan())
    states = [state for _time, state in done.states]
    assert states == ["closed", "open", "half open", "open", "half open", "closed"]
    times = [time for time, _state in done.states]
    assert all(later - earlier >= 5000 for earlier, later in pairwise(times[1:3]))
    assert done.count(breaking.FAILED) == 5 + 3
    assert done.count(breaking.NOT_SENT) > 30
    never = breaking.run(breaking.Plan(threshold=100, failing=60))
    assert [state for _time, state in never.states] == ["closed"]


def test_one_dependency_takes_the_other_along_unless_there_is_a_bulkhead() -> None:
    """Little's law: 4 reports a second for 3 s hold 12 workers of 8."""
    shares = {}
    for name, plan in {
        "plain": hang.Plan(),
        "places": hang.Plan(places=3),
        "timeout": hang.Plan(timeout=300),
    }.items():
        done = hang.run(plan)
        shares[name] = done.answered("prices", 10, 20)
        assert done.answered("reports", 7, 15) < 0.1
        assert done.answered("prices", 0, 5) == done.answered("reports", 0, 5) == 1.0
        assert (plan.held > plan.workers) == (name in ("plain", "places"))
    assert shares.pop("plain") < 0.5 and set(shares.values()) == {1.0}


def test_who_pays_twice() -> None:
    """The draft: a key makes a retry safe; and where the keys are decides whether it does."""
    plain, own, shared = (
        sales.run(sales.Plan(key=key, shared=shared))
        for key, shared in ((False, True), (True, False), (True, True))
    )
    assert plain.sales == own.sales == shared.sales
    assert plain.twice > own.twice > shared.twice == 0
    assert shared.unknown == 0 and not shared.system.failed
    assert sales.run(sales.Plan(attempts=1)).twice == 0


def test_the_statuses_of_the_draft() -> None:
    """409 while the first is being done, 422 for another sale, and the same answer afterwards."""
    ledger = Ledger()
    assert ledger.begin("tea", "k1") is None
    assert ledger.begin("tea", "k1") == CONFLICT == 409
    assert ledger.end("tea", "k1") == OK
    assert ledger.begin("tea", "k1") == OK and ledger.charged == ["tea"]
    assert ledger.begin("coffee", "k1") == OTHER == 422
    assert ledger.begin("tea", None) is None  # without a key each is a new one


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Plan(trigger="storm"), "trigger"),
        (lambda: Plan(begin=30.0, end=20.0), "seconds"),
        (lambda: Plan(calm=(10.0, 15.0)), "seconds"),
        (lambda: Guard(attempts=0), "attempts"),
        (lambda: Guard(places=0), "places"),
    ],
)
def test_bad_input_names_what_is_wrong(make: Any, argument: str) -> None:
    with pytest.raises(BadInput) as caught:
        make()
    assert caught.value.argument == argument
