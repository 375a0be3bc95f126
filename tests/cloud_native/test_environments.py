"""One specification in three environments. The scheduler has tests of its own."""

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
    Spec,
    apply,
    differences,
)
from lab_kernel.errors import BadInput


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


@given(spec=st.builds(Spec, st.just("i"), st.integers(1, 40), st.integers(1, 3000)))
def test_no_node_is_promised_more_than_it_has(spec: Spec) -> None:
    for environment in ENVIRONMENTS:
        state, room = apply(spec, environment), 0
        for node in environment.nodes:
            cpu, memory = (node.status.allocatable[name] for name in ("cpu", "memory"))
            fits = min(cpu // spec.cpu, memory // (spec.memory << 20))
            assert state.placed.count(node.metadata.name) <= fits
            room += fits
        assert len(state.placed) == min(room, spec.replicas)
        assert len(state.placed) + state.pending == spec.replicas


def test_bad_input() -> None:
    with pytest.raises(BadInput, match="replicas"):
        Spec(replicas=0)
    assert apply(Spec(replicas=2), PRIVATE).placed == ("rack-1", "rack-2")
