"""The explorables of the chapter on load balancing."""

from __future__ import annotations

import pytest

from lab_kernel.microservices.balancing.measured import ways
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "microservices/balancing/"
    declared = ("copies", "fanout", "herd", "policies", "real")
    refused = (
        ("policies", "servers", 0),
        ("policies", "load", 99),
        ("herd", "age", "old"),
        ("herd", "load", 100),
        ("fanout", "leaves", 0),
        ("fanout", "slow", 0),
        ("copies", "load", 90),
        ("copies", "after", 0),
        ("real", "measure", "p98"),
    )
    short = 2
    makes_room = ("herd",)  # many points, and so as many markers as there is room for


view = TestEveryOne.view


def test_two_choices_are_nearer_to_all_than_to_none() -> None:
    numbers = view("policies").numbers
    assert numbers["least"] < numbers["two"] < numbers["random"] / 2
    assert numbers["two"] - numbers["least"] < numbers["random"] - numbers["two"]


def test_the_herd() -> None:
    fresh, old = view("herd", age=0).numbers, view("herd", age=16).numbers
    assert fresh["least"] < fresh["two"] < fresh["random"] == old["random"]
    assert old["least"] > old["random"]
    assert view("herd", age=16, remembers="on").numbers["least"] < old["two"]


def test_sixty_three_of_a_hundred() -> None:
    """Dean and Barroso: 1% slow, 100 answers."""
    assert view("fanout").numbers["share"] == pytest.approx(0.634, abs=5e-4)
    assert view("fanout", leaves=1).numbers["share"] == pytest.approx(0.01)
    assert view("fanout", hedged="on").numbers["p99"] < view("fanout").numbers["p99"] / 4


def test_copies_help_and_harm() -> None:
    once = view("copies").numbers
    assert once["hedged"] < once["tied"] < once["plain"] and once["copies"] < 1.15
    wasted = view("copies", load=70, cancel="off").numbers
    assert wasted["hedged"] > view("copies", load=70).numbers["plain"]


def test_as_a_real_nginx_has_it() -> None:
    """Recorded: 2,082 requests each. Their mean has an error of chance of several per cent, the
    more the longer the queues."""
    for way in ways():
        real, simulated = way.mean
        assert len(way.took) == 2082
        assert real == pytest.approx(simulated, rel=0.08), way.policy
        real, simulated = way.percentile(90)
        assert real == pytest.approx(simulated, rel=0.12), way.policy
    assert [way.policy for way in sorted(ways(), key=lambda way: way.mean)] == [
        "least", "two", "in-turn", "random",
    ]  # fmt: skip
