"""Backoff, retry budgets, breaker, bulkhead and amplification, each by itself.

Sources of the figures: gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs" and
"Exponential Backoff"; Finagle, RetryBudget.scala; Brooker, "Exponential Backoff And Jitter" (AWS
Architecture Blog, 2015) and the simulator that its author published (aws-samples,
aws-arch-backoff-simulator, src/backoff_simulator.py); resilience4j documentation, "CircuitBreaker";
Beyer et al., "Site Reliability Engineering", chapter 22.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.microservices.resilience.amplification import Layers
from lab_kernel.microservices.resilience.backoff import JITTERS, Backoff
from lab_kernel.microservices.resilience.breaker import CLOSED, HALF_OPEN, OPEN, CircuitBreaker
from lab_kernel.microservices.resilience.bulkhead import Bulkhead
from lab_kernel.microservices.resilience.contention import contend
from lab_kernel.microservices.resilience.retry_budget import Budget, Throttle


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


# Backoff


def test_ceilings_of_the_grpc_example() -> None:
    """A6: initialBackoff .1 s, maxBackoff 1 s, backoffMultiplier 2: the n-th retry comes within
    min(initialBackoff * backoffMultiplier^(n-1), maxBackoff)."""
    ceilings = Backoff(base=100, cap=1000).ceilings()
    assert list(islice(ceilings, 6)) == [100, 200, 400, 800, 1000, 1000]
    pauses = Backoff(base=100, cap=1000, jitter="none").pauses(random.Random(0))
    assert list(islice(pauses, 6)) == [100, 200, 400, 800, 1000, 1000]


@settings(deadline=None, max_examples=50)
@given(
    base=st.floats(0, 1e6),
    more=st.floats(0, 1e6),
    jitter=st.sampled_from(JITTERS),
    multiplier=st.floats(1, 10),
    seed=st.integers(0, 999),
)
def test_a_pause_stays_in_its_interval(
    base: float, more: float, jitter: str, multiplier: float, seed: int
) -> None:
    """The blog's formulas, as intervals."""
    backoff = Backoff(base=base, cap=base + more, jitter=jitter, multiplier=multiplier)
    pauses = [base, *islice(backoff.pauses(random.Random(seed)), 12)]
    for ceiling, (before, pause) in zip(backoff.ceilings(), pairwise(pauses), strict=False):
        assert ceiling <= backoff.cap
        low, high = {
            "none": (ceiling, ceiling),
            "full": (0, ceiling),
            "equal": (ceiling / 2, ceiling),
            "decorrelated": (base, min(backoff.cap, max(base, before * 3))),
        }[jitter]
        assert low <= pause <= high or math.isclose(pause, high) or math.isclose(pause, low)


@pytest.mark.parametrize(
    ("jitter", "mean"), [("none", 100), ("full", 50), ("equal", 75), ("decorrelated", 200)]
)
def test_the_first_pause_on_average(jitter: str, mean: float) -> None:
    """Uniform over 0..100, 50..100, and 100..300."""
    first = [
        next(Backoff(base=100, jitter=jitter).pauses(random.Random(seed))) for seed in range(2000)
    ]
    assert sum(first) / len(first) == pytest.approx(mean, rel=0.05)


# Mean time in ms and mean calls of 400 runs of the published simulator (base 5, counted from 1, so
# our base is 10; cap 2000), with their standard deviations.
PUBLISHED = {
    (20, "none"): ((14505, 2840), (150.6, 14.0)),
    (20, "decorrelated"): ((827, 171), (101.0, 5.0)),
    (20, "equal"): ((1608, 459), (107.7, 4.0)),
    (20, "full"): ((994, 251), (100.2, 3.4)),
    (20, "no pause"): ((604, 54), (153.0, 12.5)),
}


@pytest.mark.parametrize(("clients", "jitter"), PUBLISHED)
def test_contention_as_the_published_simulator_has_it(clients: int, jitter: str) -> None:
    runs = 40
    base = 5 if jitter == "decorrelated" else 10
    backoff = None if jitter == "no pause" else Backoff(base=base, cap=2000, jitter=jitter)
    done = [contend(clients, backoff, seed) for seed in range(runs)]
    (time, time_sd), (calls, calls_sd) = PUBLISHED[clients, jitter]
    # Five standard errors of a mean of so many runs.
    assert sum(one.seconds * 1000 for one in done) / runs == pytest.approx(
        time, abs=5 * time_sd / math.sqrt(runs) + 20
    )
    assert sum(len(one.calls) for one in done) / runs == pytest.approx(
        calls, abs=5 * calls_sd / math.sqrt(runs)
    )


def test_without_chance_they_come_together() -> None:
    """The blog's point: backoff alone keeps the crowd together, jitter spreads it."""
    together, spread = (
        contend(100, Backoff(base=10, cap=2000, jitter=j)) for j in ("none", "full")
    )
    assert len(spread.calls) < len(together.calls) / 2 and spread.seconds < together.seconds / 4


# Budgets


def test_throttle_by_the_rules_of_a6() -> None:
    """maxTokens 10, tokenRatio 0.1: nothing is retried at 5 tokens or fewer; every failure takes
    one, every success gives 0.1, and the count stays between 0 and 10."""
    throttle = Throttle(10, 0.1)
    allowed = []
    for _failure in range(12):
        throttle.ended(success=False)
        allowed.append(throttle.allows())
    assert allowed == [True] * 4 + [False] * 8 and throttle.tokens == 0
    for _success in range(50):
        throttle.ended(success=True)
    assert throttle.tokens == 5 and not throttle.allows()
    throttle.ended(success=True)
    assert throttle.allows()
    for _success in range(100):
        throttle.ended(success=True)
    assert throttle.tokens == 10


@given(st.lists(st.booleans(), max_size=300), st.integers(1, 20), st.sampled_from([0.05, 0.1, 0.5]))
def test_a_throttle_never_lets_more_through_than_its_share(
    results: list[bool], tokens: int, ratio: float
) -> None:
    """Failures that were followed by a retry are paid by half of the tokens and by successes."""
    throttle = Throttle(tokens, ratio)
    retried = 0
    for success in results:
        throttle.ended(success)
        assert 0 <= throttle.tokens <= tokens
        retried += not success and throttle.allows()
    assert retried <= tokens / 2 + ratio * sum(results) + 1e-9


def test_finagles_default() -> None:
    """RetryBudget.apply(): ttl 10 s, 10 retries a second as a reserve, and 20% of the calls."""
    watch = Watch()
    budget = Budget(watch)
    assert budget.balance == 100
    for _call in range(50):
        budget.called()
    assert budget.balance == 110
    assert sum(budget.allows() for _retry in range(200)) == 110
    watch.now = 10_001
    assert budget.balance == 100


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["call", "retry"])), max_size=200),
    st.sampled_from([0.0, 0.1, 0.2, 2.0]),
    st.integers(0, 3),
)
def test_a_budget_never_lets_more_through_than_its_share(
    steps: list[tuple[int, str]], share: float, per_second: int
) -> None:
    """In the ttl up to each retry: no more than the reserve and the share of the calls."""
    watch, ttl = Watch(), 1000
    budget = Budget(watch, share=share, per_second=per_second, ttl=ttl)
    calls: list[int] = []
    retries: list[int] = []
    for pause, what in steps:
        watch.now += pause
        if what == "call":
            calls.append(watch.now)
            budget.called()
        elif budget.allows():
            retries.append(watch.now)
            recent = [sum(t > watch.now - ttl for t in times) for times in (calls, retries)]
            assert recent[1] <= per_second * ttl / 1000 + share * recent[0] + 1e-9


# The breaker


def fed(breaker: CircuitBreaker, results: Iterable[bool]) -> None:
    for success in results:
        permit = breaker.permit()
        assert permit is not None
        breaker.record(permit, success)


def test_defaults_of_resilience4j() -> None:
    """failureRateThreshold 50, minimumNumberOfCalls 100, slidingWindowSize 100,
    waitDurationInOpenState 60 s, permittedNumberOfCallsInHalfOpenState 10."""
    watch = Watch()
    breaker = CircuitBreaker(watch)
    fed(breaker, [False] * 99)
    assert breaker.state == CLOSED  # too few to say
    fed(breaker, [True])
    assert breaker.state == OPEN
    watch.now = 59_999
    assert breaker.permit() is None
    watch.now = 60_000
    permits = [breaker.permit() for _call in range(11)]
    assert breaker.state == HALF_OPEN and permits[-1] is None and None not in permits[:-1]
    for number, permit in enumerate(permits[:-1]):
        assert permit is not None
        breaker.record(permit, number % 2 == 0)
    assert breaker.state == OPEN  # "equal or greater"


def test_the_threshold_is_reached_when_equal() -> None:
    breaker = CircuitBreaker(Watch(), window=10, minimum=10, threshold=50)
    fed(breaker, [False] * 4 + [True] * 6)
    assert breaker.state == CLOSED and breaker.failures == 40
    fed(breaker, [True] * 4)  # the failures leave the window
    assert breaker.state == CLOSED and breaker.failures == 0
    fed(breaker, [False] * 5)
    assert breaker.state == OPEN


def test_a_result_from_before_says_nothing_about_the_trial() -> None:
    watch = Watch()
    breaker = CircuitBreaker(watch, window=2, minimum=2, wait=10, trial=2)
    late = breaker.permit()
    fed(breaker, [False, False])
    watch.now = 10
    first = breaker.permit()
    assert late is not None and first is not None
    breaker.record(late, False)
    breaker.record(first, True)
    fed(breaker, [True])
    assert breaker.state == CLOSED


@given(
    st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=200),
    st.integers(1, 10), st.integers(1, 10), st.integers(1, 100), st.integers(1, 200),
    st.integers(1, 5),
)  # fmt: skip
def test_a_breaker_keeps_its_promises(
    steps: list[tuple[int, bool]], window: int, minimum: int, threshold: int, wait: int, trial: int
) -> None:
    """It lets nothing through before ``wait`` is over, at most ``trial`` in a trial, and is never
    closed while as many of its results as matter are failures."""
    watch = Watch()
    breaker = CircuitBreaker(
        watch, window=window, minimum=minimum, threshold=threshold, wait=wait, trial=trial
    )
    let: dict[int, int] = {}
    for pause, success in steps:
        watch.now += pause
        opened = breaker.changes[-1][0] if breaker.state == OPEN else None
        permit = breaker.permit()
        if opened is not None:
            assert (permit is not None) == (watch.now - opened >= wait)
        if permit is not None:
            let[permit] = let.get(permit, 0) + 1
            state = breaker.changes[permit - 1][1]
            assert state != OPEN and (state == CLOSED or let[permit] <= trial)
            breaker.record(permit, success)
        if breaker.state == CLOSED and len(breaker._results) >= breaker.minimum:
            assert breaker.failures < threshold
    for (_time, before), (_later, after) in pairwise(breaker.changes):
        assert (before, after) in {
            (CLOSED, OPEN), (OPEN, HALF_OPEN), (HALF_OPEN, OPEN), (HALF_OPEN, CLOSED),
        }  # fmt: skip


# The bulkhead


@given(st.lists(st.booleans(), max_size=100), st.integers(1, 5))
def test_a_bulkhead_is_never_fuller_than_its_places(steps: list[bool], places: int) -> None:
    bulkhead = Bulkhead(places)
    for enter in steps:
        if enter:
            full = bulkhead.inside == places
            assert bulkhead.enter() == (not full)
        elif bulkhead.inside:
            bulkhead.leave()
        assert 0 <= bulkhead.inside <= places


# Amplification


def test_three_layers_of_three_tries() -> None:
    """27, and the book's 4 tries in each of 3 layers: 64."""
    assert Layers(3, 3, 1.0).worst == 27 and Layers(3, 4, 1.0).worst == 64
    assert Layers(3, 3, 1.0).request(random.Random(0)) == ([3, 9, 27], False)
    assert Layers(3, 3, 1.0).expected() == [3, 9, 27]
    assert Layers(3, 3, 0.0).expected() == [1, 1, 1]


@pytest.mark.parametrize("failing", [0.1, 0.5, 0.8, 0.95])
def test_expected_calls_as_they_are_counted(failing: float) -> None:
    """The sum of the series (1 - p^k) / (1 - p) at the bottom, and the same above with p^k."""
    layers, chance, requests = Layers(2, 3, failing), random.Random(1), 20_000
    done = [layers.request(chance) for _request in range(requests)]
    bottom = (1 - failing**3) / (1 - failing)
    above = (1 - failing**9) / (1 - failing**3)
    assert layers.expected() == pytest.approx([above, above * bottom])
    for layer, expected in enumerate(layers.expected()):
        counted = sum(counts[layer] for counts, _success in done) / requests
        assert counted == pytest.approx(expected, rel=0.03)
    lost = sum(not success for _counts, success in done) / requests
    assert layers.failed() == pytest.approx(failing**9)
    assert lost == pytest.approx(layers.failed(), abs=0.01)


# Bad input


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Backoff(jitter="some"), "jitter"),
        (lambda: Backoff(base=-1), "base"),
        (lambda: Backoff(base=10, cap=5), "cap"),
        (lambda: Backoff(multiplier=0.5), "multiplier"),
        (lambda: Throttle(0), "tokens"),
        (lambda: Throttle(10, 0.0001), "ratio"),
        (lambda: Budget(Watch(), share=-1), "share"),
        (lambda: Budget(Watch(), per_second=-1), "per_second"),
        (lambda: CircuitBreaker(Watch(), window=0), "window"),
        (lambda: CircuitBreaker(Watch(), threshold=101), "threshold"),
        (lambda: Bulkhead(0), "places"),
        (lambda: contend(0, None), "clients"),
    ],
)
def test_bad_input_names_what_is_wrong(make: Any, argument: str) -> None:
    with pytest.raises(BadInput) as caught:
        make()
    assert caught.value.argument == argument
