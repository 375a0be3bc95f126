"""Autoscaling against the Kubernetes documentation and its source.

Sources: the pages "Horizontal Pod Autoscaling" (algorithm details, configurable scaling behavior)
and its worked examples; pkg/controller/podautoscaler (horizontal.go, replica_calculator.go);
cluster-autoscaler/FAQ.md.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.cloud_native.autoscale import (
    ClusterAutoscaler,
    HorizontalAutoscaler,
    Loop,
    Memory,
    NodeGroup,
    Reading,
    State,
    Tolerance,
    advise,
    desired,
    shapes,
)
from lab_kernel.cloud_native.autoscale.pace import DOWN, SECOND, UP
from lab_kernel.cloud_native.objects import Pod
from lab_kernel.cloud_native.objects.scaling import (
    AutoscalerSpec,
    Behavior,
    Metric,
    MetricName,
    PodsMetric,
    ResourceMetric,
    ScaleTarget,
    ScalingPolicy,
    ScalingRules,
    Target,
)
from lab_kernel.cloud_native.placement import Scheduler, node, pod


@pytest.mark.parametrize(
    ("replicas", "metric", "target", "answer"),
    [
        (1, 200, 100, 2),  # "200m and 100m: doubled"
        (4, 50, 100, 2),  # "50m: halved"
        (50, 90, 75, 60),  # the example of the page on tolerance: 1.2
        (3, 100, 100, 3),
        (10, 109, 100, 10),  # within a tenth
        (10, 110, 100, 10),  # the edge belongs to it
        (10, 111, 100, 12),
        (10, 90, 100, 10),
        (10, 89, 100, 9),
        (3, 1, 100, 1),  # rounded up
    ],
)
def test_the_rule(replicas: int, metric: int, target: int, answer: int) -> None:
    assert desired(replicas, metric, target) == answer


def test_a_tolerance_of_one_twentieth() -> None:
    """The same page: 50 replicas at 90% against 75%, and what 5% would still ignore."""
    narrow = Tolerance(Fraction(1, 20), Fraction(1, 20))
    assert desired(50, 78, 75, narrow) == 50 and desired(50, 80, 75, narrow) == 54
    assert desired(50, 80, 75) == 50


def readings(*values: int, **states: int) -> list[Reading]:
    """Pods of 100m each: these values, and so many of another state."""
    more = [Reading(0, 100, State(name)) for name, count in states.items() for _n in range(count)]
    return [Reading(value, 100) for value in values] + more


@pytest.mark.parametrize(
    ("pods", "target", "answer"),
    [
        (readings(100, 100), 50, 4),
        # a missing pod: 0 on the way up. 200 of 300 are 66%: 66 / 50 = 1.32, times 3
        (readings(100, 100, missing=1), 50, 4),
        # a pod not ready: the same, only on the way up
        (readings(100, 100, unready=1), 50, 4),
        # without its 0 it would be ceil(2.4 * 1) of one pod; with it 60% of 2
        (readings(120, unready=1), 50, 3),
        # missing on the way down: 100%. (20 + 20 + 100) / 300 = 46% of 50: within the tolerance
        (readings(20, 20, missing=1), 50, 3),
        # not ready on the way down: not counted at all
        (readings(20, 20, unready=1), 50, 1),
        # a target above 100%: the missing one counts as the target, so this may still go down
        (readings(100, missing=1), 200, 2),
        # it would turn round: 100 and 0 and 0 against 50 is less than 1, so nothing happens
        (readings(100, missing=2), 50, 3),
    ],
)
def test_pods_that_are_missing_or_not_ready(pods: list[Reading], target: int, answer: int) -> None:
    assert advise(len(pods), pods, target).replicas == answer


def test_without_a_request_nothing_is_done() -> None:
    advice = advise(2, [Reading(500, 100), Reading(500, None)], 50)
    assert advice.replicas is None and "request" in advice.why
    assert advise(2, readings(unready=2), 50).replicas is None
    assert advise(2, [Reading(300), Reading(100)], 100, utilization=False).replicas == 4


def spec(low: int = 1, high: int = 100, target: int = 50, **more: Any) -> AutoscalerSpec:
    share = Target(type="Utilization", average_utilization=target)
    metrics = (Metric(type="Resource", resource=ResourceMetric(name="cpu", target=share)),)
    more.setdefault("metrics", metrics)
    return AutoscalerSpec(
        scale_target_ref=ScaleTarget(kind="Deployment", name="web"),
        min_replicas=low,
        max_replicas=high,
        **more,
    )


def test_of_several_metrics_the_largest() -> None:
    """And one that cannot be had keeps the number from falling, not from rising."""
    each = Target(type="AverageValue", average_value=1000)
    queries = Metric(type="Pods", pods=PodsMetric(metric=MetricName(name="queries"), target=each))
    both = spec(metrics=(*spec().metrics, queries))

    def decided(cpu: list[Reading], values: list[Reading]) -> int:
        return HorizontalAutoscaler(both).decide(0, 4, [cpu, values]).replicas

    assert decided(readings(100, 100, 100, 100), [Reading(1500)] * 4) == 8
    assert decided(readings(50, 50, 50, 50), [Reading(1500)] * 4) == 6
    unknown = [Reading(0, None, State.MISSING)] * 4
    assert decided(readings(100, 100, 100, 100), unknown) == 8
    assert decided(readings(10, 10, 10, 10), unknown) == 4


def test_zero_replicas_switch_it_off_and_the_bounds_hold_at_once() -> None:
    scaler = HorizontalAutoscaler(spec(2, 6))
    assert scaler.decide(0, 0, [readings()]).held == "off"
    assert scaler.decide(0, 1, [readings(1)]).replicas == 2
    assert scaler.decide(0, 9, [readings(1)]).replicas == 6
    decision = scaler.decide(0, 4, [readings(100, 100, 100, 100)])
    assert (decision.replicas, decision.wanted, decision.held) == (6, 8, "bounded")


NO_WINDOW = ScalingRules(stabilization_window_seconds=0)


def follow(
    behavior: Behavior, start: int, wanted: int, rounds: int, every: int = 15, low: int = 1
) -> list[int]:
    memory, current, told = Memory(), start, [start]
    for number in range(rounds):
        now = number * every * SECOND
        current = memory.follow(now, current, wanted, low, 1000, behavior).replicas
        told.append(current)
    return told


def test_up_by_the_larger_of_four_and_double() -> None:
    assert follow(Behavior(), 1, 500, 6) == [1, 5, 10, 20, 40, 80, 160]
    assert follow(Behavior(), 3, 500, 1) == [3, 7]


def test_down_by_a_tenth_or_four() -> None:
    """The documentation's example: from 80, first 8, then 8 of 72 (7.2 rounded up); 4 below 40."""
    rules = ScalingRules(
        stabilization_window_seconds=0,
        policies=(
            ScalingPolicy(type="Pods", value=4, period_seconds=60),
            ScalingPolicy(type="Percent", value=10, period_seconds=60),
        ),
    )
    told = follow(Behavior(scale_down=rules), 80, 10, 20, 60)
    assert told[:3] == [80, 72, 64]
    assert all(a - b == 4 for a, b in pairwise(told) if 14 <= a <= 40)
    assert told[-1] == 10
    few = ScalingRules(stabilization_window_seconds=0, policies=rules.policies, select_policy="Min")
    assert follow(Behavior(scale_down=few), 80, 10, 2, 60) == [80, 76, 72]
    never = ScalingRules(stabilization_window_seconds=0, select_policy="Disabled")
    assert follow(Behavior(scale_down=never), 80, 10, 2, 60) == [80, 80, 80]


def test_a_policy_counts_within_its_period() -> None:
    """At most 5 pods a minute, asked every 15 s: 5 at once, then none until the minute is over."""
    rules = ScalingRules(policies=(ScalingPolicy(type="Pods", value=5, period_seconds=60),))
    told = follow(Behavior(scale_up=rules), 10, 100, 6)
    assert told == [10, 15, 15, 15, 15, 20, 20]


def test_down_only_to_the_highest_of_the_last_300_seconds() -> None:
    memory, current = Memory(), 10
    told = []
    for now, wanted in (
        (0, 10),
        (15, 2),
        (150, 6),
        (300, 2),
        (314, 2),
        (315, 2),
        (450, 2),
        (451, 2),
    ):
        pace = memory.follow(now * SECOND, current, wanted, 1, 100, Behavior())
        current = pace.replicas
        told.append(current)
    assert told == [10, 10, 10, 6, 6, 6, 2, 2]


def test_up_only_to_the_lowest_within_a_window() -> None:
    rules = ScalingRules(stabilization_window_seconds=60)
    memory, told = Memory(), []
    for now, wanted in ((0, 2), (15, 9), (30, 5), (45, 9), (60, 9), (90, 9)):
        told.append(
            memory.follow(now * SECOND, 2, wanted, 1, 100, Behavior(scale_up=rules)).replicas
        )
    assert told == [2, 2, 2, 2, 5, 6]


def test_the_defaults_are_kubernetes() -> None:
    assert (UP.stabilization_window_seconds, DOWN.stabilization_window_seconds) == (0, 300)
    assert [(p.type, p.value, p.period_seconds) for p in UP.policies] == [
        ("Pods", 4, 15),
        ("Percent", 100, 15),
    ]
    assert [(p.type, p.value) for p in DOWN.policies] == [("Percent", 100)]


@given(
    st.integers(1, 60),
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 80)), min_size=1, max_size=30),
)
def test_no_step_is_larger_than_it_may_be(start: int, asked: list[tuple[int, int]]) -> None:
    memory, current, now = Memory(), start, 0
    history, counts = list[tuple[int, int]](), list[tuple[int, int]]()
    for wait, wanted in asked:
        now += wait * SECOND
        before, current = current, memory.follow(now, current, wanted, 1, 60, Behavior()).replicas
        history.append((now, wanted))
        counts.append((now - wait * SECOND, before))
        recent = [w for time, w in history if time > now - 300 * SECOND]
        assert 1 <= current <= max(60, start)
        if current > before:
            assert current <= wanted
        if current < before:
            assert current >= min(60, max(recent))
        # four more or twice as many as there were at some time of the last 15 s
        largest = max(n for time, n in [*counts, (now, before)] if time > now - 16 * SECOND)
        earlier = [n for time, n in counts if time <= now - 15 * SECOND]
        largest = max(largest, *earlier[-1:], before)
        assert current <= max(largest + 4, 2 * largest)


@given(st.integers(1, 50), st.integers(1, 400), st.integers(1, 100))
def test_after_the_rule_the_target_is_kept(replicas: int, metric: int, target: int) -> None:
    """Work that is shared out evenly: with the new number each pod has at most the target, and one
    pod fewer would have more, unless it is within the tolerance."""
    wanted = desired(replicas, metric, target)
    if not Tolerance().covers(Fraction(metric, target)):
        assert Fraction(replicas * metric, wanted) <= target
        assert wanted == 1 or Fraction(replicas * metric, wanted - 1) > target
        assert wanted == math.ceil(Fraction(replicas * metric, target))


# Nodes

MINUTE = 60 * SECOND


def fleet(count: int, high: int = 10) -> tuple[NodeGroup, Scheduler]:
    group = NodeGroup(node("pool", 4, "16Gi"), low=1, high=high)
    return group, Scheduler([group.node(n) for n in range(1, count + 1)], "MostAllocated")


def test_as_many_nodes_as_the_pending_pods_need() -> None:
    group, scheduler = fleet(1)
    pending = [pod(f"p{n}", "1500m", "1Gi") for n in range(7)]
    waiting = [one for one in pending if not scheduler.place(one)]
    assert len(waiting) == 5
    assert ClusterAutoscaler(group).plan(0, scheduler, waiting).add == 3
    assert ClusterAutoscaler(group).plan(0, scheduler, waiting, coming=2).add == 1
    assert ClusterAutoscaler(group).plan(0, scheduler, waiting, coming=3).add == 0
    small, scheduler = fleet(1, high=2)
    assert ClusterAutoscaler(small).plan(0, scheduler, pending).add == 1


def test_a_pod_that_fits_no_new_node_gets_none() -> None:
    group, scheduler = fleet(1)
    assert ClusterAutoscaler(group).plan(0, scheduler, [pod("big", 5)]).add == 0
    assert (
        ClusterAutoscaler(group).plan(0, scheduler, [pod("p", node_selector={"a": "b"})]).add == 0
    )


def bound(scheduler: Scheduler, name: str, *cpu: int) -> list[Pod]:
    pods = [pod(f"{name}-{n}", f"{amount}m") for n, amount in enumerate(cpu)]
    for one in pods:
        scheduler.bind(one, name)
    return pods


def test_an_unneeded_node_goes_after_ten_minutes() -> None:
    group, scheduler = fleet(2)
    bound(scheduler, "pool-1", 1000)
    bound(scheduler, "pool-2", 1500)
    scaler = ClusterAutoscaler(group)
    assert scaler.plan(0, scheduler, []).unneeded == (("pool-1", 0),)  # both would be one too many
    assert scaler.plan(10 * MINUTE - 1, scheduler, []).remove == ()
    assert scaler.plan(10 * MINUTE, scheduler, []).remove == ("pool-1",)


def test_a_node_is_needed_if_it_is_half_full_or_its_pods_have_no_other_place() -> None:
    group, scheduler = fleet(3)
    bound(scheduler, "pool-1", 2000)  # half: not below the threshold
    bound(scheduler, "pool-2", 1900)
    bound(scheduler, "pool-3", 3000)
    scaler = ClusterAutoscaler(group)
    assert scaler.plan(0, scheduler, []).unneeded == (("pool-2", 0),)
    scheduler.bind(pod("more", "200m"), "pool-1")
    assert scaler.plan(5 * MINUTE, scheduler, []).unneeded == ()
    assert scaler.plan(20 * MINUTE, scheduler, []).remove == ()


def test_never_below_the_minimum_and_not_soon_after_adding() -> None:
    group, scheduler = fleet(1)
    scaler = ClusterAutoscaler(group)
    scaler.plan(0, scheduler, [])
    assert scaler.plan(60 * MINUTE, scheduler, []).remove == ()
    group, scheduler = fleet(3)
    scaler = ClusterAutoscaler(group)
    scaler.plan(0, scheduler, [])
    wide = [pod(f"w{n}", 4) for n in range(4)]
    assert scaler.plan(9 * MINUTE, scheduler, wide).add == 1
    assert scaler.plan(18 * MINUTE, scheduler, []).remove == ()  # unneeded counts anew
    assert scaler.plan(28 * MINUTE, scheduler, []).remove == ("pool-1", "pool-2")


# The loop

CPU_50 = spec(2, 20)


def test_steady_load_finds_its_number_and_stays() -> None:
    """1.5 CPUs of work, half of 200m for each pod: 15 pods, or near enough."""
    run = Loop(shapes.constant(1500), CPU_50).run(1800)
    last = run.moments[-1]
    assert last.replicas == last.ready and 14 <= last.replicas <= 17
    assert run.moments[-1].replicas == run.moments[600].replicas
    assert run.turns == 0


def test_a_spike_is_followed_late_and_left_later() -> None:
    """Nothing before the metric shows it; ready only after the start; down not for five minutes."""
    run = Loop(shapes.step(200, 1600, 300, 900), CPU_50, startup=30).run(2400)
    grows = next(m.second for m in run.moments if m.replicas > 2)
    helps = next(m.second for m in run.moments if m.ready > 2)
    falls = next(m.second for m in run.moments[900:] if m.replicas < 10)
    assert 300 < grows <= 345 and helps == grows + 30
    assert falls >= 900 + 300
    assert run.unserved > 0


def test_a_node_must_boot_before_the_pods_start() -> None:
    group = NodeGroup(node("pool", 2, "8Gi"), low=1, high=6, boot=120_000)
    run = Loop(shapes.step(200, 3000, 300), CPU_50, request=400, group=group).run(1800)
    (order, *_more) = run.trace.where(kind="order").events
    (join, *_others) = run.trace.where(kind="join").events
    assert join.time - order.time == 120
    assert any(m.pending for m in run.moments)
    assert all(not m.pending for m in run.moments[-300:])
    busy = run.moments[-1]
    assert busy.served == busy.load


def test_nodes_go_when_the_load_is_over() -> None:
    group = NodeGroup(node("pool", 2, "8Gi"), low=1, high=6, boot=60_000)
    load = shapes.step(200, 3000, 120, 600)
    run = Loop(load, CPU_50, request=400, group=group).run(3600)
    assert max(m.nodes for m in run.moments) > 1
    assert run.moments[-1].nodes == 1 and run.moments[-1].pending == 0
    assert run.trace.where(kind="remove").events[0].time >= 120 + 600


@given(st.integers(0, 3), st.integers(200, 4000), st.integers(1, 90), st.booleans())
def test_the_loop_serves_no_more_than_there_is(
    shape: int, high: int, startup: int, nodes: bool
) -> None:
    loads = (
        shapes.constant(high),
        shapes.step(100, high, 60, 200),
        shapes.wave(100, high, 400),
        shapes.ramp(100, high, 50, 100),
    )
    group = NodeGroup(node("pool", 2, "8Gi"), low=1, high=3, boot=45_000) if nodes else None
    run = Loop(loads[shape], CPU_50, startup=startup, group=group).run(420)
    for m in run.moments:
        assert 0 <= m.served <= min(m.load, m.ready * 400)
        assert m.ready + m.pending <= m.replicas and 2 <= m.replicas <= 20
        assert not nodes or 1 <= m.nodes + m.booting <= 3
