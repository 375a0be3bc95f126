"""Placement against kube-scheduler's arithmetic, and the quick scheduler against the plain one.

Sources: Kubernetes, pkg/scheduler/framework/plugins (noderesources, tainttoleration,
podtopologyspread, nodeunschedulable) and its tests; the documentation on taints and tolerations
and on topology spread constraints.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.cloud_native.objects import Affinity, Node, Pod, Taint, Toleration
from lab_kernel.cloud_native.objects.nodes import HOSTNAME, UNSCHEDULABLE, ZONE
from lab_kernel.cloud_native.objects.placing import (
    NodeAffinity,
    NodeRequirement,
    NodeSelector,
    NodeTerm,
)
from lab_kernel.cloud_native.placement import (
    Profile,
    Scheduler,
    balance_score,
    best,
    leaves,
    node,
    pod,
    spread_by,
    strategy_score,
)
from lab_kernel.errors import BadInput

EVEN = {"cpu": 1, "memory": 1}
MI = 1 << 20


@pytest.mark.parametrize(
    ("strategy", "requested", "capacity", "weights", "points"),
    [
        # least_allocated_test.go: requested (3000, 5000)
        ("LeastAllocated", (3000, 5000), (4000, 10000), (1, 1), 37),
        ("LeastAllocated", (3000, 5000), (6000, 10000), (1, 1), 50),
        ("LeastAllocated", (3000, 5000), (4000, 10000), (2, 1), 33),  # (2 * 25 + 50) / 3
        ("LeastAllocated", (0, 0), (4000, 10000), (1, 1), 100),
        ("LeastAllocated", (5000, 5000), (4000, 10000), (1, 1), 25),  # more than there is: 0
        # most_allocated_test.go: the same nodes
        ("MostAllocated", (3000, 5000), (4000, 10000), (1, 1), 62),
        ("MostAllocated", (3000, 5000), (6000, 10000), (1, 1), 50),
        ("MostAllocated", (5000, 5000), (4000, 10000), (1, 1), 75),  # more than there is: 100
        ("LeastAllocated", (3000, 0), (4000, 0), (1, 1), 25),  # a node without it: left out
    ],
)
def test_points_of_a_strategy(
    strategy: str,
    requested: tuple[int, int],
    capacity: tuple[int, int],
    weights: tuple[int, int],
    points: int,
) -> None:
    names = ("cpu", "memory")
    asked, has, weighs = (
        dict(zip(names, pair, strict=True)) for pair in (requested, capacity, weights)
    )
    assert strategy_score(strategy, asked, has, weighs) == points


def test_points_of_the_balance() -> None:
    # balanced_allocation_test.go: cpu 3000/4000 and memory 5000/10000, std 0.125; 3000/6000 even
    assert balance_score({"cpu": 3000, "memory": 5000}, {"cpu": 4000, "memory": 10000}) == 87
    assert balance_score({"cpu": 3000, "memory": 5000}, {"cpu": 6000, "memory": 10000}) == 100
    assert balance_score({"cpu": 6000, "memory": 0}, {"cpu": 4000, "memory": 10000}) == 50


def test_a_pod_without_requests_counts_a_little() -> None:
    """non_zero.go: 100m of CPU and 200 MB of memory, in the scores only."""
    scheduler = Scheduler([node("a", "1", f"{400 * MI}")], Profile(balanced=0, taints=0))
    assert scheduler.judge(pod("idle"))[0].points == (90 + 50) // 2
    for number in range(20):
        assert scheduler.place(pod(f"idle-{number}")) == "a"  # the filter counts nothing


def three() -> list[Node]:
    gpu = Taint(key="gpu", value="true", effect="NoSchedule")
    return [node("a", 2, "8Gi"), node("b", 2, "8Gi"), node("c", 16, "64Gi", taints=(gpu,))]


def test_the_reason_that_nothing_fits_is_kubectls() -> None:
    refused = Scheduler(three()).place(pod("big", 4, "1Gi"))
    assert not refused
    assert str(refused) == (
        "0/3 nodes are available: 1 node(s) had untolerated taint {gpu: true}, 2 Insufficient cpu."
    )
    refused = Scheduler(three()).place(pod("huge", 4, "32Gi", node_selector={"disk": "ssd"}))
    told = "1 node(s) had untolerated taint {gpu: true}, 2 node(s) didn't match Pod's node affinity"
    assert str(refused) == f"0/3 nodes are available: {told}/selector."
    assert str(Scheduler().place(pod("any"))) == "no nodes available to schedule pods"


def test_every_resource_that_is_short_is_named() -> None:
    scheduler = Scheduler([node("a", 1, "1Gi", pods=1), node("b", 1, "4Gi")])
    scheduler.bind(pod("first"), "a")
    assert str(scheduler.place(pod("second", 2, "2Gi"))) == (
        "0/2 nodes are available: 1 Insufficient memory, 1 Too many pods, 2 Insufficient cpu."
    )


def test_a_node_holds_no_more_pods_than_it_may() -> None:
    scheduler = Scheduler([node("a", 8, "8Gi", pods=2)])
    assert [bool(scheduler.place(pod(f"p{n}", "1m"))) for n in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("toleration", "placed"),
    [
        (None, False),
        (Toleration(key="gpu", value="true"), True),
        (Toleration(key="gpu", value="true", effect="NoSchedule"), True),
        (Toleration(key="gpu", value="true", effect="NoExecute"), False),
        (Toleration(key="gpu", value="false"), False),
        (Toleration(key="gpu", operator="Exists"), True),
        (Toleration(operator="Exists"), True),  # everything
        (Toleration(), False),  # an empty key needs Exists
    ],
)
def test_taints_and_tolerations(toleration: Toleration | None, placed: bool) -> None:
    taint = Taint(key="gpu", value="true", effect="NoSchedule")
    tolerations = (toleration,) if toleration else ()
    answer = Scheduler([node("c", 4, "8Gi", taints=(taint,))]).place(
        pod("p", "1", "1Gi", tolerations=tolerations)
    )
    assert bool(answer) == placed


def test_effects() -> None:
    """Only NoExecute sends a running pod away; PreferNoSchedule only costs points."""
    for effect, sent, kept_out in (
        ("NoSchedule", False, True),
        ("PreferNoSchedule", False, False),
        ("NoExecute", True, True),
    ):
        tainted = node("a", 4, "8Gi", taints=(Taint(key="k", effect=effect),))  # type: ignore[arg-type]
        assert leaves(pod("p"), tainted) == sent
        assert bool(Scheduler([tainted]).place(pod("p"))) != kept_out
    prefer = Taint(key="k", effect="PreferNoSchedule")
    nodes = [node("a", 8, "8Gi", taints=(prefer,)), node("b", 4, "4Gi")]
    assert Scheduler(nodes).place(pod("p", 1, "1Gi")) == "b"
    assert Scheduler(nodes, Profile(taints=0)).place(pod("p", 1, "1Gi")) == "a"


def test_a_cordoned_node_gets_no_pods_but_those_that_tolerate_it() -> None:
    scheduler = Scheduler([node("a", 4, "8Gi", unschedulable=True)])
    assert "1 node(s) were unschedulable" in str(scheduler.place(pod("p")))
    daemon = Toleration(key=UNSCHEDULABLE, operator="Exists")
    assert scheduler.place(pod("d", tolerations=(daemon,))) == "a"


def test_selector_and_required_affinity() -> None:
    nodes = [node("a", 4, "8Gi", zone="z1"), node("b", 4, "8Gi", zone="z2")]
    assert Scheduler(nodes).place(pod("p", node_selector={ZONE: "z2"})) == "b"
    term = NodeTerm(match_expressions=(NodeRequirement(key=ZONE, operator="In", values=("z2",)),))
    wish = Affinity(node_affinity=NodeAffinity(required=NodeSelector(node_selector_terms=(term,))))
    assert Scheduler(nodes).place(pod("p", affinity=wish)) == "b"


APP = {"app": "web"}


def spread_pod(number: int, *constraints: Any) -> Pod:
    return pod(f"web-{number}", "100m", "64Mi", APP, topology_spread_constraints=constraints)


def test_spreading_over_zones() -> None:
    """Zones hold 2, 2 and 0: with a skew of 1 only the third is left, and then none."""
    nodes = [node("a", 4, "8Gi", zone="z1"), node("b", 4, "8Gi", zone="z2")]
    nodes.append(node("c", "150m", "8Gi", zone="z3"))
    scheduler = Scheduler(nodes)
    for number, name in enumerate("aabb"):
        scheduler.bind(pod(f"old-{number}", "100m", "64Mi", APP), name)
    hard = spread_by(ZONE, APP)
    assert scheduler.place(spread_pod(1, hard)) == "c"
    assert str(scheduler.place(spread_pod(2, hard))) == (
        "0/3 nodes are available: 1 Insufficient cpu,"
        " 2 node(s) didn't match pod topology spread constraints."
    )
    assert scheduler.place(spread_pod(3, spread_by(ZONE, APP, hard=False))) in ("a", "b")


def test_a_tainted_node_is_a_domain_too() -> None:
    """nodeTaintsPolicy is Ignore by default: an empty host that nobody may use counts as 0."""
    taint = Taint(key="k", effect="NoSchedule")
    scheduler = Scheduler([node("a", 4, "8Gi"), node("b", 4, "8Gi", taints=(taint,))])
    hard = spread_by(HOSTNAME, APP)
    assert scheduler.place(spread_pod(1, hard)) == "a"
    assert "1 node(s) didn't match pod topology" in str(scheduler.place(spread_pod(2, hard)))


def test_a_node_without_the_label_is_named() -> None:
    scheduler = Scheduler([node("a", 4, "8Gi")])
    refused = scheduler.place(spread_pod(1, spread_by(ZONE, APP)))
    assert str(refused).endswith("topology spread constraints (missing required label).")


def test_ties_go_to_the_node_that_was_added_first() -> None:
    scheduler = Scheduler([node(name, 4, "8Gi") for name in "cab"])
    assert [scheduler.place(pod(f"p{n}", 1, "1Gi")) for n in range(4)] == ["c", "a", "b", "c"]
    most = Scheduler([node(name, 4, "8Gi") for name in "cab"], "MostAllocated")
    assert {most.place(pod(f"p{n}", 1, "1Gi")) for n in range(4)} == {"c"}


def test_nodes_come_and_go() -> None:
    scheduler = Scheduler([node("a", 1, "1Gi")])
    waiting = [pod(f"p{n}", "600m") for n in range(2)]
    assert scheduler.place(waiting[0]) == "a" and not scheduler.place(waiting[1])
    scheduler.add(node("b", 1, "1Gi"))
    assert scheduler.place(waiting[1]) == "b" and scheduler.where(waiting[1]) == "b"
    assert scheduler.remove("b") == [waiting[1]] and scheduler.where(waiting[1]) is None
    scheduler.release(waiting[0])
    scheduler.release(waiting[0])
    assert scheduler.nodes["a"].used == {"cpu": 0}
    scheduler.add(node("a", 4, "1Gi", unschedulable=True))
    assert "unschedulable" in str(scheduler.place(waiting[1]))


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Scheduler(score="BestAllocated"), "score"),
        (lambda: pod("p", "half"), "cpu"),
        (lambda: pod("p", 1, "-1Gi"), "memory"),
    ],
)
def test_bad_input(make: Any, argument: str) -> None:
    with pytest.raises(BadInput) as caught:
        make()
    assert caught.value.argument == argument and "\n" not in caught.value.message


# The quick scheduler chooses what the plain one would, whatever has happened before.

TAINTS = st.sampled_from(
    [
        (),
        (),
        (Taint(key="k", effect="NoSchedule"),),
        (Taint(key="k", effect="PreferNoSchedule"),),
        (Taint(key="k", effect="PreferNoSchedule"), Taint(key="l", effect="PreferNoSchedule")),
    ]
)
NODES = st.tuples(
    st.integers(1, 4), st.integers(1, 6), st.sampled_from(["z1", "z2", "z3", ""]), TAINTS
)
CONSTRAINTS = st.lists(
    st.builds(
        spread_by,
        st.sampled_from([ZONE, HOSTNAME]),
        st.sampled_from([{"app": "0"}, {"app": "0"}, {"app": "1"}]),
        st.integers(1, 2),
        st.booleans(),
    ),
    min_size=1,
    max_size=2,
).map(tuple)
# both at once, and pods that count themselves
TWICE = st.tuples(
    st.builds(spread_by, st.just(ZONE), st.just({"app": "0"}), st.integers(1, 3), st.booleans()),
    st.builds(
        spread_by, st.just(HOSTNAME), st.just({"app": "0"}), st.integers(1, 3), st.booleans()
    ),
)
KINDS = st.lists(
    st.tuples(
        st.sampled_from(["0", "100m", "700m"]),
        st.sampled_from(["0", "100Mi", "1Gi"]),
        st.one_of(st.just(()), CONSTRAINTS, TWICE, TWICE),
        st.sampled_from([(), (Toleration(key="k", operator="Exists"),)]),
        st.sampled_from([{}, {}, {}, {ZONE: "z1"}]),
    ),
    min_size=1,
    max_size=3,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["place"] * 20 + ["release", "release", "node", "gone"]), st.integers(0, 99)
    ),
    max_size=40,
)


@settings(max_examples=250)
@given(
    st.lists(NODES, min_size=1, max_size=8),
    KINDS,
    STEPS,
    st.sampled_from(["LeastAllocated", "MostAllocated"]),
)
def test_the_quick_scheduler_chooses_as_the_plain_one(
    nodes: Any, kinds: Any, steps: Any, strategy: str
) -> None:
    def made(number: int) -> Node:
        cpu, memory, zone, taints = nodes[number % len(nodes)]
        return node(f"n{number}", cpu, f"{memory}Gi", pods=6, zone=zone, taints=taints)

    scheduler = Scheduler([made(n) for n in range(len(nodes))], strategy)
    placed: list[Pod] = []
    for number, (what, chance) in enumerate(steps):
        if what == "release" and placed:
            scheduler.release(placed.pop(chance % len(placed)))
        elif what == "node":
            scheduler.add(made(len(nodes) + number))
        elif what == "gone" and scheduler.nodes:
            gone = scheduler.remove(list(scheduler.nodes)[chance % len(scheduler.nodes)])
            placed = [one for one in placed if one not in gone]
        elif what == "place":
            kind = chance % len(kinds)
            cpu, memory, spread, tolerations, selector = kinds[kind]
            one = pod(
                f"p{number}",
                cpu,
                memory,
                {"app": str(kind % 2)},
                topology_spread_constraints=spread,
                tolerations=tolerations,
                node_selector=selector,
            )
            expected = best(scheduler.judge(one))
            answer = scheduler.place(one)
            assert answer == expected.name if expected else not answer
            placed += [one] if answer else []
    for filled in scheduler.nodes.values():  # nothing is promised twice
        has = filled.node.status.allocatable
        assert len(filled.pods) <= has["pods"]
        assert all(0 <= amount <= has[resource] for resource, amount in filled.used.items())
        counted: Counter[str] = Counter()
        for one in filled.pods.values():
            counted.update(one.spec.requests())
        assert {**counted} == {r: n for r, n in filled.used.items() if n or r in counted}


def test_many_changes_do_not_pile_up() -> None:
    scheduler = Scheduler([node("a", 1000, "1000Gi", pods=10_000)])
    kinds = ["1m", "2m"]
    for number in range(3000):
        one = pod(f"p{number}", kinds[number % 2])
        assert scheduler.place(one) == "a"
        scheduler.release(one)
    assert len(scheduler._changes) <= 1004
    assert scheduler.nodes["a"].used == {"cpu": 0}


def test_two_soft_constraints_of_different_weight() -> None:
    """Three zones and twenty hosts: the logarithms of their numbers weigh them."""
    sizes = ["2", "4", "6"]
    scheduler = Scheduler(
        node(f"n{n}", sizes[n % 3], "16Gi", zone=f"z{n % 7 % 3}") for n in range(20)
    )
    spread = [spread_by(key, APP, skew, hard=False) for key, skew in ((ZONE, 2), (HOSTNAME, 1))]
    hosts = set()
    for number in range(45):
        one = spread_pod(number, *spread)
        expected = best(scheduler.judge(one))
        assert expected is not None and scheduler.place(one) == expected.name
        hosts.add(expected.name)
    assert len(hosts) == 20
