"""The contract of two teams. Field names are Kubernetes': its own schema must take the manifest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.containers import duties
from lab_kernel.containers.duties import (
    BOTH,
    CONTRACT,
    DEV,
    FIELDS,
    OPS,
    change,
    disagreements,
    mebibytes,
    owner,
    rebuild,
    seen_by,
)
from lab_kernel.errors import BadInput

VALUES: dict[str, Any] = {
    "image": "registry.example/cart:1.5",
    "args": ["--workers=4"],
    "port": 9090,
    "readiness path": "/healthz",
    "readiness port": 9090,
    "failure threshold": 5,
    "memory request": "200Mi",
    "memory limit": "512Mi",
    "setting": "DB",
    "value": "postgres://db.prod.example/cart",
    "replicas": 5,
    "node": "hdd",
}


def test_kubernetes_takes_the_specification() -> None:
    """kubernetes-validate holds the published schemas of the API."""
    validate = pytest.importorskip("kubernetes_validate")
    validate.validate(CONTRACT.spec, "1.34", strict=True)
    for name, value in VALUES.items():
        validate.validate(CONTRACT.set(name, value).spec, "1.34", strict=True)


def test_it_begins_in_agreement() -> None:
    assert not list(disagreements(CONTRACT))


@pytest.mark.parametrize("name", ["replicas", "node", "memory limit", "value"])
def test_operations_changes_its_own_and_nothing_of_the_build(name: str) -> None:
    """Fact C04."""
    ruling = change(CONTRACT, OPS, name, VALUES[name])
    assert ruling.status == "accepted"
    assert ruling.contract.build is CONTRACT.build
    assert ruling.contract.get(name) == VALUES[name]
    assert change(CONTRACT, DEV, name, VALUES[name]).status == "refused"


def test_development_changes_the_contents_and_nothing_of_operations() -> None:
    ruling = rebuild(CONTRACT, image="registry.example/cart:1.5", memory=200)
    assert ruling.status == "accepted"
    ours = [name for name in FIELDS if owner(name) in (OPS, BOTH)]
    assert [ruling.contract.get(name) for name in ours] == [CONTRACT.get(name) for name in ours]
    assert change(ruling.contract, DEV, "args", ["--workers=4"]).status == "accepted"


@pytest.mark.parametrize(
    ("built", "broken"),
    [
        ({"port": 9090}, ("port", "readiness port")),
        ({"health": "/healthz"}, ("readiness path",)),
        ({"setting": "DB"}, ("setting",)),
        ({"memory": 300}, ("memory limit",)),
    ],
)
def test_what_a_build_may_not_change_alone(built: dict[str, Any], broken: tuple[str, ...]) -> None:
    ruling = rebuild(CONTRACT, **built)
    assert (ruling.status, ruling.broken) == ("together", broken)
    assert ruling.contract is CONTRACT


@pytest.mark.parametrize("role", [DEV, OPS])
@pytest.mark.parametrize("name", [name for name in FIELDS if owner(name) == BOTH])
def test_ports_probes_and_requests_are_agreed_on(name: str, role: str) -> None:
    assert change(CONTRACT, role, name, VALUES[name]).status == "together"


def test_a_limit_below_the_peak_is_operations_own_and_still_wrong() -> None:
    ruling = change(CONTRACT, OPS, "memory limit", "128Mi")
    assert ruling.status == "together"
    assert ruling.broken == ("memory request", "memory limit")


def test_the_roles_see_fewer_fields_than_there_are() -> None:
    """Fact C05: the role switch hides what the role need not touch."""
    assert len(FIELDS) == 12
    assert (len(seen_by(DEV)), len(seen_by(OPS))) == (8, 10)
    assert set(seen_by(DEV)) & set(seen_by(OPS)) == {n for n in FIELDS if owner(n) == BOTH}
    assert set(seen_by(DEV)) | set(seen_by(OPS)) == set(FIELDS)


@given(st.lists(st.tuples(st.sampled_from((DEV, OPS)), st.sampled_from(list(FIELDS))), max_size=8))
def test_no_sequence_of_accepted_changes_breaks_the_contract(
    proposals: list[tuple[str, str]],
) -> None:
    contract = CONTRACT
    for role, name in proposals:
        before = json.dumps(contract.spec)
        ruling = change(contract, role, name, VALUES[name])
        assert json.dumps(contract.spec) == before  # nobody's copy was written into
        if ruling.status == "accepted":
            assert owner(name) == role
        contract = ruling.contract
        assert not list(disagreements(contract))


def test_memory_is_read_as_kubernetes_writes_it() -> None:
    assert (mebibytes("256Mi"), mebibytes("2Gi")) == (256, 2048)
    for wrong in ("256", "256M", "Mi", "-1Mi"):
        with pytest.raises(BadInput, match="256Mi"):
            mebibytes(wrong)


def test_bad_input_names_what_is_there() -> None:
    with pytest.raises(BadInput, match="replicas"):
        CONTRACT.get("replica")
    with pytest.raises(BadInput, match="dev, ops"):
        duties.seen_by("manager")
