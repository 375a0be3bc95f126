"""One specification in three environments. The score: kube-scheduler's LeastAllocated."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.cloud_native.environments import (
    ENVIRONMENTS,
    LAPTOP,
    PRIVATE,
    PUBLIC,
    Environment,
    Node,
    Spec,
    apply,
    differences,
    score,
)
from lab_kernel.errors import BadInput


def test_the_score_of_the_scheduler() -> None:
    """(3000, 5000) of (4000, 10000) scores 37, of (6000, 10000) 50."""
    assert score(Node("a", 4000, 10000), 3000, 5000) == 37
    assert score(Node("b", 6000, 10000), 3000, 5000) == 50


def test_what_is_portable_and_what_is_the_environment_s() -> None:
    """Fact N04."""
    same, other = differences([apply(Spec(), each) for each in ENVIRONMENTS])
    assert set(same) == {"image", "replicas wanted", "port", "requests"}
    assert other["pending"] == ["0", "0", "1"]
    assert other["architecture"] == ["amd64", "amd64", "arm64"]
    assert other["placed on"][0] == "zone-a, zone-b, zone-a"
    assert other["placed on"][2] == "laptop, laptop"


def test_an_image_for_one_architecture_stays_away_from_the_others() -> None:
    spec = Spec(architectures=("amd64",))
    assert apply(spec, LAPTOP).pending == 3
    assert "zone-c" not in apply(replace(spec, replicas=20), PUBLIC).placed


nodes = st.lists(
    st.builds(
        Node,
        name=st.uuids().map(str),
        cpu=st.integers(100, 9000),
        memory=st.integers(100, 9000),
        architecture=st.sampled_from(["amd64", "arm64"]),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda node: node.name,
)


@given(nodes=nodes, spec=st.builds(Spec, st.just("i"), st.integers(1, 12), st.integers(1, 3000)))
def test_no_node_is_promised_more_than_it_has(nodes: list[Node], spec: Spec) -> None:
    state = apply(spec, Environment("any", tuple(nodes), "", ""))
    for node in nodes:
        there = state.placed.count(node.name)
        assert there * spec.cpu <= node.cpu and there * spec.memory <= node.memory
    room = sum(min(node.cpu // spec.cpu, node.memory // spec.memory) for node in nodes)
    assert len(state.placed) == min(room, spec.replicas)
    assert len(state.placed) + state.pending == spec.replicas


def test_bad_input() -> None:
    with pytest.raises(BadInput, match="replicas"):
        Spec(replicas=0)
    assert apply(Spec(replicas=2), PRIVATE).placed == ("rack-1", "rack-2")
