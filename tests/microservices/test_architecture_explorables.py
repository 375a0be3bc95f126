"""The explorables of the chapters on monolith and services, and on splitting."""

from __future__ import annotations

import math

import pytest

from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "microservices/architecture/"
    declared = ("cut", "teams")
    refused = (("cut", "cut", "nine"), ("cut", "changes", 0), ("teams", "spread", 101))
    costly = (("cut", "shared"),)


class TestSplitting(Explored):
    topic = "microservices/strangler/"
    declared = ("moving", "steps")
    refused = (("moving", "share", -1), ("steps", "step", 7))
    costly = (("moving", "module"),)


view, splitting = TestEveryOne.view, TestSplitting.view


def test_nothing_is_free() -> None:
    """More units: quicker changes, smaller blast radius; more latency, less availability."""
    one, seven = (view("cut", cut=name).numbers for name in ("one", "seven"))
    assert seven["lead"] < one["lead"] and seven["p50"] > one["p50"]
    assert seven["calls"] > one["calls"] and seven["availability"] < one["availability"]


def test_a_monolith_that_gets_too_many_changes_says_so() -> None:
    assert view("cut", cut="one", changes=60).numbers["lead"] == -1
    assert "never" in view("cut", cut="one", changes=60).says


def test_a_good_version_fails_nobody() -> None:
    assert splitting("moving", bad=False).numbers["failed"] == 0
    assert splitting("moving", share=0).numbers["failed"] == 0


@pytest.mark.parametrize(("module", "share"), [("payment", 10), ("price", 10)])
def test_who_reaches_the_bad_version_fails(module: str, share: int) -> None:
    numbers = splitting("moving", module=module, share=share).numbers
    assert numbers["failed"] == numbers["reached"]
    expected = numbers["needs"] * share / 100
    assert numbers["failed"] == pytest.approx(expected, abs=4 * math.sqrt(expected / 1800))


@pytest.mark.parametrize("module", ["catalog", "price"])
def test_all_of_it_fails_for_those_who_need_it(module: str) -> None:
    numbers = splitting("moving", module=module, share=100).numbers
    assert numbers["failed"] == pytest.approx(numbers["needs"], abs=0.08)
