"""From a change to its user, and DORA's five metrics.

The metrics' names and definitions: dora.dev, "DORA's software delivery performance metrics" and
"A history of DORA's software delivery metrics", both of January 2026. The golden log is worked
out by hand below.
"""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.cloud_native.delivery import (
    Change,
    Deployment,
    Plan,
    changes,
    damage,
    deliver,
    lasting,
    mean_days,
)
from lab_kernel.cloud_native.delivery_metrics import Metrics, measure
from lab_kernel.errors import BadInput

A, B, C, D = Change(0, 0, 0), Change(10, 0, 1), Change(20, 0, 2, bad=True), Change(30, 0, 3)
E = Change(50, 0, 4)
GOLDEN = [
    Deployment(12, 0, (A, B)),
    Deployment(32, 0, (C, D), failed=True, recovered=35),
    Deployment(44, 0, (C, D), unplanned=True),
    Deployment(60, 0, (E,), unplanned=True),  # mends an old defect: rework, and nothing had failed
]


def test_five_metrics_of_a_log_worked_out_by_hand() -> None:
    """Fact N05. Lead times 12, 2, 24, 14, 10: median 12, mean 12.4. Four in two days."""
    assert measure(GOLDEN, days=2) == Metrics(
        lead_time=12,
        mean_lead_time=12.4,
        frequency=2,
        recovery=3,
        fail_rate=0.25,
        rework_rate=0.5,
    )
    assert measure(GOLDEN[:1], days=1).recovery is None


def test_no_plan_without_failures_has_anything_to_recover() -> None:
    found = measure(deliver(Plan(bad=0.0)), 120)
    assert (found.recovery, found.fail_rate, found.rework_rate) == (None, 0, 0)


def test_one_release_by_hand() -> None:
    """Two changes, the second bad: committed at 24 and 48, deployed 50, noticed 54, found in one
    step of halving at 55, fixed 61, deployed again 63."""
    plan = Plan(teams=1, batch=2, train=False, days=2, bad=1.0)
    first, second = deliver(plan)
    assert (first.at, first.failed, first.recovered) == (50, True, 54)
    assert (second.at, second.unplanned, second.failed) == (63, True, False)
    assert mean_days([first, second]) == pytest.approx((39 + 15) / 2 / 24)


def test_without_bad_changes_a_change_waits_for_half_of_its_release() -> None:
    """(batch - 1) / 2 changes of a day each, and two hours of pipeline."""
    for batch in (1, 2, 4, 8):
        for train in (True, False):
            log = deliver(Plan(batch=batch, train=train, bad=0.0))
            assert mean_days(log) == pytest.approx((batch - 1) / 2 + 2 / 24)


plans = st.builds(
    Plan,
    teams=st.integers(1, 5),
    batch=st.sampled_from((2, 4, 8)),
    train=st.booleans(),
    every=st.integers(16, 60),
    bad=st.sampled_from((0.0, 0.03, 0.1, 0.3, 1.0)),
    days=st.just(80),
)


@given(plan=plans, seed=st.integers(0, 20))
def test_halving_the_batch_never_lengthens_the_way(plan: Plan, seed: int) -> None:
    """Fact N02, where a failed release is repaired before the next change is there."""
    filled = plan.every * 8 * (80 * 24 // plan.every // 8)  # hours of whole releases of eight
    whole = replace(plan, days=filled // 24 + 1)
    log, halved = deliver(whole, seed), deliver(replace(whole, batch=plan.batch // 2), seed)
    ours = lasting(log)
    both = {one: at for one, at in lasting(halved).items() if one in ours}
    assert set(both) == set(ours)
    mean, better = (sum(found.values()) / len(ours) for found in (ours, both))
    assert better <= mean
    if plan.bad == 0:
        assert better < mean


@given(plan=plans, seed=st.integers(0, 20))
def test_a_train_takes_more_good_changes_along(plan: Plan, seed: int) -> None:
    train, alone = replace(plan, train=True), replace(plan, train=False)
    logs = deliver(train, seed), deliver(alone, seed)
    withdrawn = [
        sum(not one.bad for each in log if each.failed for one in each.changes) for log in logs
    ]
    assert withdrawn[0] >= withdrawn[1]
    reached = [lasting(log) for log in logs]
    assert set(reached[0]) == set(reached[1])
    assert all(reached[0][one] >= at for one, at in reached[1].items())


@given(plan=plans, seed=st.integers(0, 20))
def test_every_failure_is_repaired_and_nothing_is_delivered_twice(plan: Plan, seed: int) -> None:
    log = deliver(plan, seed)
    assert sum(each.failed for each in log) == sum(each.unplanned for each in log)
    good = [one for each in log if not each.failed for one in each.changes]
    assert len(good) == len(set(good))
    for pipeline in {each.pipeline for each in log}:
        times = [each.at for each in log if each.pipeline == pipeline]
        assert len(set(times)) == len(times)
    assert all(at > one.committed for one, at in lasting(log).items())


def test_what_the_page_says() -> None:
    train, alone = deliver(Plan(batch=8, train=True)), deliver(Plan(batch=1, train=False))
    assert round(mean_days(train), 1) == 4.3 and round(mean_days(alone), 1) == 0.1
    assert (round(damage(train), 1), damage(alone)) == (15.8, 0)
    assert [round(mean_days(deliver(Plan(batch=n))), 1) for n in (8, 4, 2, 1)] == [
        4.3,
        2.1,
        0.9,
        0.3,
    ]


def test_the_same_changes_are_bad_in_every_plan() -> None:
    one, other = changes(Plan(batch=1, train=False)), changes(Plan(batch=8))
    assert one == other and any(each.bad for each in one)
    assert changes(Plan(), seed=2) != one


@pytest.mark.parametrize("name", ["teams", "batch", "every", "days"])
def test_bad_input_names_what_is_wrong(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        Plan(**{name: 0})
    assert caught.value.argument == name
    assert name in {field.name for field in fields(Plan)}


def test_a_log_with_nothing_in_it_is_bad_input() -> None:
    with pytest.raises(BadInput, match="bad"):
        Plan(bad=1.5)
    for log in ([], GOLDEN[1:2]):
        with pytest.raises(BadInput, match="log"):
            measure(log, days=1)
    with pytest.raises(BadInput, match="days"):
        measure(GOLDEN, days=0)
    with pytest.raises(BadInput, match="days"):
        mean_days([])
