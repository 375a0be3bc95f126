"""Drills of SRE in practice: canary, capacity, runbook, triage, operations tests, duties.

Figures: SRE book, chapter 1 (eight duties), chapter 17 (testing for reliability); Fisher's tea;
Erlang's C formula; Clopper and Pearson; the rule of three (Hanley and Lippman-Hand 1983).
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.microservices.queueing.formulas import erlang_c, mmc
from lab_kernel.microservices.queueing.queue import simulate
from lab_kernel.microservices.queueing.times import Exponential
from lab_kernel.sre.practice.canary import (
    CONFIGS,
    LEVEL,
    PERIOD,
    PODS,
    RATE,
    STAGES,
    budget,
    fisher,
    roll,
)
from lab_kernel.sre.practice.capacity import needed, waits_longer
from lab_kernel.sre.practice.duties import DUTIES
from lab_kernel.sre.practice.reliability import OPERATIONS, bound, failover, trials
from lab_kernel.sre.practice.runbook import ALERT, BAD, STEPS, respond, tries
from lab_kernel.sre.practice.runbook import RATE as ASKED
from lab_kernel.sre.practice.triage import SERVICES, case, investigate, links
from lab_kernel.trace import Event, Trace

SLO = Fraction(999, 1000)


def test_a_bad_configuration_stops_at_one_per_cent() -> None:
    """Every request of the canary bad: share x seconds / ((1 - SLO) x 30 days), in the mean."""
    for config in ("slow", "hang"):
        done = roll(config)
        (stage,) = done.stages
        assert done.ready and not done.done and stage.stopped
        assert stage.share == Fraction(1, 100) and stage.control.bad == 0
        assert stage.canary.bad == stage.canary.requests
        expected = Fraction(1, 100) * 60 / ((1 - SLO) * PERIOD)
        # a Poisson number of requests: 300 +- 17
        assert float(done.spent(SLO)) == pytest.approx(float(expected), rel=0.2)


def test_all_at_once_costs_a_hundred_times_as_much() -> None:
    staged, at_once = roll("slow"), roll("slow", stages=STAGES[-1:])
    assert at_once.cost == 100 * staged.cost
    assert at_once.spent(SLO) == Fraction(at_once.cost) / budget(SLO)
    assert budget(SLO) == PODS * RATE * PERIOD // 1000


def test_what_the_first_stage_does_not_see_the_second_does() -> None:
    done = roll("late")
    assert [stage.stopped for stage in done.stages] == [False, True]
    assert done.stages[0].cost == 0 < done.cost
    # stages that are long enough see it at 1%
    assert len(roll("late", seconds=100).stages) == 1


def test_a_good_one_reaches_everybody_and_one_without_an_image_nobody() -> None:
    done = roll("good")
    assert done.done and [stage.share for stage in done.stages] == list(STAGES)
    never = roll("image")
    assert not never.ready and not never.done and never.cost == 0
    with pytest.raises(BadInput, match="config"):
        roll("best")
    assert set(CONFIGS) == {"good", "slow", "hang", "late", "image"}


def test_fishers_tea() -> None:
    """The Design of Experiments, 1935: 4 of 4 right by chance 1/70, 3 or more 17/70."""
    assert fisher(4, 4, 0, 4) == pytest.approx(1 / 70)
    assert fisher(3, 4, 1, 4) == pytest.approx(17 / 70)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_the_gate_is_monotone(of: int, other: int, data: st.DataObject) -> None:
    bad, others = data.draw(st.integers(0, of)), data.draw(st.integers(0, other))
    chance = fisher(bad, of, others, other)
    assert 0 < chance <= 1 and fisher(0, of, others, other) == 1
    if bad < of:
        assert fisher(bad + 1, of, others, other) <= chance + 1e-12
    if others < other:
        assert fisher(bad, of, others + 1, other) >= chance - 1e-12


def test_a_good_change_is_taken_back_as_rarely_as_the_level_says() -> None:
    """Alike, 1 of 100 bad: the chance of a false alarm, summed over all outcomes."""
    n, p = 100, 0.01
    binomial = [math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(20)]
    wrong = sum(
        binomial[a] * binomial[b]
        for a in range(20)
        for b in range(20)
        if fisher(a, n, b, n) < LEVEL
    )
    assert 0 < wrong < LEVEL


def test_erlangs_c_formula() -> None:
    """C(2, load 1) = 1/3, C(3, load 2) = 4/9, C(10, load 5) = .0361054."""
    assert erlang_c(2, 1) == pytest.approx(1 / 3)
    assert erlang_c(3, 2) == pytest.approx(4 / 9)
    assert erlang_c(10, 5) == pytest.approx(0.0361054, abs=1e-6)
    assert erlang_c(1, 0.8) == pytest.approx(0.8)  # M/M/1
    assert mmc(0.8, 1, 1).wait == pytest.approx(4)  # rho / (mu - lambda)
    assert erlang_c(3, 3) == waits_longer(3, 30, 0.1, 1) == 1 and mmc(30, 0.1, 3).wait == math.inf


@pytest.mark.parametrize(("servers", "rate"), [(1, 7.0), (3, 25.0), (6, 45.0)])
def test_the_curve_by_a_simulated_queue(servers: int, rate: float) -> None:
    waits = simulate(rate, Exponential(0.1), servers, customers=60_000, seed=2).waits
    assert sum(waits) / len(waits) == pytest.approx(mmc(rate, 0.1, servers).wait, rel=0.2)
    late = sum(wait > 0.05 for wait in waits) / len(waits)
    assert late == pytest.approx(waits_longer(servers, rate, 0.1, 0.05), rel=0.2)


@settings(max_examples=60)
@given(st.floats(1, 100), st.sampled_from([0.02, 0.1, 0.2]), st.floats(0, 0.5))
def test_n_is_the_fewest(rate: float, service: float, limit: float) -> None:
    fewest = needed(rate, service, limit)
    assert waits_longer(fewest, rate, service, limit) <= 0.05 + 1e-12
    assert fewest == 1 or waits_longer(fewest - 1, rate, service, limit) > 0.05
    assert waits_longer(fewest + 1, rate, service, limit) <= waits_longer(
        fewest, rate, service, limit
    )


def test_too_much_for_any_number() -> None:
    with pytest.raises(BadInput, match="rate"):
        needed(20_000, 0.1, 0.05)


def test_the_runbook_by_hand_and_as_code() -> None:
    code = respond(by_hand=False)
    assert len(STEPS) == len(code.took) == 7 and code.slips == 0
    assert code.notes["back to"] == 1 and code.notes["revisions"] == [1, 2]
    assert code.notes["before"] == 1 and code.notes["after"] == 0
    for seed in range(2):
        hand = respond(by_hand=True, seed=seed)
        assert {**hand.notes, "lost": 0} == {**code.notes, "lost": 0}  # the steps are the same
        # four steps of at least half a minute
        assert hand.seconds >= 120 > 10 > code.seconds
        # what it costs is the time: from the release to the way back, and until pods are ready
        for each in (hand, code):
            assert each.before == code.before < each.lost
            assert each.lost / ASKED == pytest.approx(ALERT - BAD + each.seconds, rel=0.15)


def test_a_person_needs_minutes_and_slips() -> None:
    """Half a minute to two and a half; one try more in 0.15 / 0.85 of the steps."""
    nights = [tries(seed) for seed in range(400)]
    every = [pause for night in nights for pauses in night for pause in pauses]
    assert min(every) >= 30 and max(every) <= 150
    assert sum(every) / len(every) == pytest.approx(90, rel=0.03)
    assert len(every) / 400 / 7 == pytest.approx(1 / 0.85, rel=0.03)


def test_triage_finds_the_release_and_every_link() -> None:
    for seed in range(3):
        given_, found = case(seed), investigate(case(seed).trace)
        assert all(links(given_, found).values()), seed
        (innocent,) = set(given_.changes) - {given_.guilty}
        assert innocent in SERVICES
        # the answer alone is not enough
        lucky = replace(found, replica_set="", since=0.0)
        assert links(given_, lucky) == {
            "service": True,
            "since": False,
            "pods": False,
            "change": True,
        }
        blamed = replace(found, service=innocent, changed=given_.changes[innocent])
        assert not links(given_, blamed)["service"]


def test_triage_blames_the_change_before_and_not_the_one_after() -> None:
    said = "Scaled up replica set web-{} from 0 to 1"
    rows = [
        Event(moment, 0, "deployment/web", "Normal", "ScalingReplicaSet", {"message": each})
        for moment, each in ((40_000, said.format("a")), (60_000, said.format("b")))
    ]
    lost = Event(50_000, 9, "gateway/web", "lost", "request 1", {"tries": [["web-a-x", "reset"]]})
    found = investigate(Trace([*rows, lost]))
    assert (found.service, found.since, found.replica_set) == ("web", 50, "web-a")
    assert found.changed == 40


def test_how_many_trials() -> None:
    """ln 0.05 / ln 0.999 = 2994.2; tables: 59 for 95%, 299 for 99%."""
    assert [trials(r) for r in (0.95, 0.99, 0.999)] == [59, 299, 2995]
    assert trials(0.9, 0.9) == 22 and trials(0.5, 0.5) == 1


@given(st.floats(0.5, 0.9999), st.floats(0.5, 0.999))
def test_the_least_number_of_trials(reliability: float, confidence: float) -> None:
    n = trials(reliability, confidence)
    assume(abs(reliability**n - (1 - confidence)) > 1e-9)
    assert reliability**n <= 1 - confidence
    assert n == 1 or reliability ** (n - 1) > 1 - confidence


def test_the_bound() -> None:
    """No failure: 1 - 0.05^(1/n), about 3/n. One of ten: 39.42% (Clopper and Pearson 1934)."""
    for n in (1, 10, 100, 3000):
        assert bound(n) == pytest.approx(1 - 0.05 ** (1 / n), rel=1e-9)
    assert bound(1000) == pytest.approx(3 / 1000, rel=0.01)
    assert bound(2995) <= 0.001 < bound(2994)
    assert bound(10, 1) == pytest.approx(0.3942, abs=5e-5)
    assert bound(7, 7) == 1


@given(st.integers(1, 300), st.data())
def test_a_failure_loosens_the_bound_and_a_trial_tightens_it(n: int, data: st.DataObject) -> None:
    failures = data.draw(st.integers(0, min(n, 10)))
    assert bound(n + 1, failures) <= bound(n, failures) + 1e-12
    if failures < n:
        assert bound(n, failures + 1) >= bound(n, failures)
    assert bound(n, failures) >= failures / n


@pytest.mark.parametrize(("value", "kind"), [(0, "reliability"), (1, "reliability")])
def test_what_no_number_of_trials_shows(value: float, kind: str) -> None:
    with pytest.raises(BadInput, match=kind):
        trials(value)
    with pytest.raises(BadInput, match="confidence"):
        trials(0.9, value)
    with pytest.raises(BadInput, match="failures"):
        bound(3, 4)


@pytest.mark.parametrize("name", list(OPERATIONS))
def test_the_operations_tests_pass(name: str) -> None:
    assert all(OPERATIONS[name](seed) for seed in range(2))


def test_an_operations_test_can_fail() -> None:
    assert not failover(0, attempts=1)


def test_the_eight_duties() -> None:
    """SRE book, chapter 1, in its order."""
    assert [duty.name for duty in DUTIES] == [
        "availability",
        "latency",
        "performance",
        "efficiency",
        "change management",
        "monitoring",
        "emergency response",
        "capacity planning",
    ]
    assert sum(duty.founding for duty in DUTIES) == 5
