"""The explorables of the chapter on SRE in practice."""

from __future__ import annotations

import pytest

from lab_kernel.errors import BadInput
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "sre/practice/"
    declared = ("canary", "capacity", "runbook", "triage", "trials")
    refused = (
        ("canary", "config", "best"),
        ("canary", "seconds", 9),
        ("capacity", "replicas", 0),
        ("runbook", "night", 31),
        ("triage", "incident", 20),
        ("trials", "tests", 0),
        ("trials", "confidence", "96"),
    )
    short = 2
    costly = (("canary", "seconds"), ("triage", "incident"), ("runbook", "night"))
    makes_room = ("capacity", "triage", "trials")


view = TestEveryOne.view


def test_the_cost_of_a_minute() -> None:
    """0.0231% of the budget at 1%, 2.31% at once."""
    assert view("canary").numbers["spent"] == pytest.approx(0.0231, rel=0.2)
    assert view("canary", staged="off").numbers["spent"] == pytest.approx(2.31, rel=0.2)
    assert view("canary", config="good").numbers["bad"] == 0
    assert "no request" in view("canary", config="image").says


def test_the_knee() -> None:
    numbers = view("capacity").numbers
    assert numbers["needed"] == 14
    assert numbers["now"] <= 5 < numbers["one away"]
    assert view("capacity", replicas=15).numbers["one away"] <= 5
    assert view("capacity", replicas=10).numbers["now"] == 100


def test_by_hand_and_by_code() -> None:
    numbers = view("runbook").numbers
    assert numbers["lost"] > 4 * numbers["code"]


def test_evidence() -> None:
    numbers = view("trials").numbers
    assert numbers["needed"] == 2995 and numbers["bound"] == pytest.approx(13.91, abs=0.01)
    with pytest.raises(BadInput, match="failures"):
        view("trials", tests=3, failures=4)


def test_errors_begin_after_the_change() -> None:
    numbers = view("triage").numbers
    assert numbers["changed"] < numbers["since"]
