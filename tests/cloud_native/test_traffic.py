"""Requests during a rolling update: what is promised, and that without its conditions it fails.

Rules of the update: Kubernetes documentation, "Deployments" (maxSurge is rounded up, maxUnavailable
down) and "Pod Lifecycle" (termination: endpoints and SIGTERM at the same time).
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.manifest import manifest
from lab_kernel.cloud_native.rollout import CHANGED, Plan, Update, update
from lab_kernel.cloud_native.traffic import Gateway, load
from lab_kernel.errors import BadInput

QUICK = [Phase.explicit, Phase.generate]  # a counterexample is shown as found: a run is not cheap
BRIEF = {"rate": 6.0, "until": 100.0}  # enough requests to lose some, few enough to be quick


def followed(done: Update) -> None:
    """The Trace has each accepted request once, from its acceptance to its end."""
    spans = done.trace.where(track="gateway/web")
    assert sorted(event.name for event in spans) == sorted(
        f"request {each.number}" for each in done.gateway.requests
    )
    by_name = {event.name: event for event in spans}
    for each in done.gateway.requests:
        event = by_name[f"request {each.number}"]
        assert (event.time, event.time + event.duration) == (each.accepted, each.ended)
        assert event.kind == each.outcome and len(each.tries) <= done.plan.attempts
        assert event.details["tries"] == [list(one) for one in each.tries]
        assert (each.tries[-1][1] == "200") == (each.outcome == "answered")


@settings(max_examples=8, phases=QUICK)
@given(
    seed=st.integers(0, 1000),
    kill=st.floats(CHANGED - 4, CHANGED + 30),
    node=st.sampled_from(["node-1", "node-2", "node-3"]),
)
def test_an_update_with_a_node_lost_in_its_middle_loses_no_accepted_request(
    seed: int, kill: float, node: str
) -> None:
    done = update(Plan(seed=seed, kill=kill, node=node, **BRIEF))
    assert len(done.gateway.requests) > 200
    assert done.gateway.lost == [] and done.gateway.open == []
    assert done.trace.where(track=node, kind="down")
    followed(done)


def test_and_it_comes_to_its_end() -> None:
    """Pods on the lost node are given up after 40 s and 300 s, then the update goes on."""
    done = update(Plan(kill=55, rate=1.0, until=600.0))
    assert done.finished is not None and 340 < done.finished < 420
    assert done.gateway.lost == []
    pods = done.cluster.pods("web")
    assert {pod.spec.containers[0].image for pod in pods} == {"shop/web:2"}
    assert "node-2" not in {pod.spec.node_name for pod in pods}


@pytest.mark.parametrize(
    ("without", "outcomes"),
    [
        ({"attempts": 1, "kill": 55.0}, {"timeout"}),
        ({"attempts": 1, "readiness": False}, {"refused"}),
        ({"attempts": 1, "pre_stop": 0, "rate": 40.0}, {"refused", "reset"}),
        ({"idempotent": False, "kill": 55.0}, {"timeout"}),
        ({"idempotent": False, "pre_stop": 0, "rate": 40.0}, {"reset"}),
        ({"attempts": 1, "pre_stop": 2, "delay": 4.0}, {"refused"}),
    ],
)
def test_without_them_some_are_lost(without: dict[str, Any], outcomes: set[str]) -> None:
    done = update(Plan(**{**BRIEF, "rate": 20.0, **without}))
    assert done.gateway.lost
    last = Counter(each.tries[-1][1] for each in done.gateway.lost)
    assert outcomes <= set(last)
    followed(done)


def test_a_planned_update_needs_no_retry_if_the_pause_is_longer_than_the_news() -> None:
    """preStop sleeps longer than the endpoints take to arrive; readiness keeps the others out."""
    for idempotent in (True, False):
        done = update(Plan(attempts=1, idempotent=idempotent, **BRIEF))
        assert done.gateway.lost == [] and done.gateway.retried() == 0
        assert done.finished is not None


SHARES = st.integers(0, 100).map(lambda n: f"{n}%")
NUMBERS = st.integers(0, 4).map(str)


@settings(max_examples=15, phases=QUICK)
@given(st.integers(1, 8), SHARES | NUMBERS, SHARES | NUMBERS)
def test_never_more_and_never_fewer_than_the_strategy_allows(
    replicas: int, surge: str, unavailable: str
) -> None:
    """The rounding of the documentation, worked out here once more in its own words."""

    def pods(value: str, rounded: Any) -> int:
        if value.endswith("%"):
            return int(rounded(replicas * int(value[:-1]) / 100))
        return int(value)

    text = Plan(replicas=replicas, surge=surge, unavailable=unavailable).manifest()
    if not int(surge.strip("%")) and not int(unavailable.strip("%")):
        with pytest.raises(BadInput):  # as the API server does
            manifest(text)
        return
    more, fewer = pods(surge, math.ceil), pods(unavailable, math.floor)
    if not more and not fewer:
        fewer = 1  # a share that was rounded down to nothing
    done = update(Plan(replicas=replicas, surge=surge, unavailable=unavailable, rate=0, until=130))
    assert done.finished is not None
    assert done.most <= replicas + more
    assert done.least >= max(0, replicas - fewer)
    # With room for at least one more the first step takes all of it.
    assert done.most == replicas + min(more, replicas) or not more


def test_a_broken_version_stops_the_update_and_can_be_taken_back() -> None:
    done = update(Plan(broken=True, attempts=1, **BRIEF))
    assert done.finished is None and done.least == 4 and done.gateway.lost == []
    cluster = done.cluster
    assert cluster.rollout_undo("web") == 1
    cluster.run(until=cluster.now + 60)
    assert cluster.converged()
    assert cluster.deployment("web").status.revision == 3


def test_the_same_plan_gives_the_same() -> None:
    one, two = update(Plan(seed=3, kill=50, **BRIEF)), update(Plan(seed=3, kill=50, **BRIEF))
    assert one.trace == two.trace
    assert update(Plan(seed=4, kill=50, **BRIEF)).trace != one.trace


def test_who_is_cut_off_does_not_answer_either() -> None:
    cluster = Cluster(nodes=2)
    cluster.apply(Plan(replicas=2).manifest())
    cluster.run(until=20)
    gateway = Gateway(cluster, "web", attempts=1)
    cluster.partition("node-1", "node-2")
    gateway.accept()
    cluster.run(until=30)
    assert gateway.requests[0].tries[0][1] == "timeout"
    cluster.heal()
    cluster.run(until=40)
    gateway.accept()
    cluster.run(until=45)
    assert gateway.requests[1].outcome == "answered"


def test_nobody_there() -> None:
    cluster = Cluster(nodes=1)
    cluster.apply(Plan(replicas=0).manifest())
    cluster.run(until=5)
    gateway = Gateway(cluster, "web", attempts=2)
    gateway.accept()
    cluster.run(until=10)
    assert gateway.requests[0].tries == [("-", "no endpoint")] * 2 and gateway.requests[0].lost


@pytest.mark.parametrize(
    ("name", "value"), [("delay", -1), ("attempts", 0), ("timeout", 0), ("pause", -0.1)]
)
def test_bad_gateways(name: str, value: float) -> None:
    with pytest.raises(BadInput) as caught:
        Gateway(Cluster(nodes=1), "web", **{name: value})
    assert caught.value.argument == name


@pytest.mark.parametrize("rate", [0, -1, 1001])
def test_bad_loads(rate: float) -> None:
    with pytest.raises(BadInput, match="per_second"):
        load(Gateway(Cluster(nodes=1), "web"), rate, 0, 1)
