"""The explorables of the chapter on planning for failure."""

from __future__ import annotations

import pytest

from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "sre/incidents/"
    declared = ("experiment", "forecast", "response")
    refused = (
        ("experiment", "fault", "flood"),
        ("experiment", "protection", "luck"),
        ("experiment", "abort", 100),
        ("experiment", "window", 0),
        ("forecast", "really", 101),
        ("forecast", "said", -1),
        ("response", "impact", 0),
        ("response", "slo", "100"),
        ("response", "night", 31),
    )
    short = 2
    # another experiment for each setting
    costly = (("experiment", "fault"), ("experiment", "abort"), ("experiment", "window"))
    makes_room = ("experiment", "forecast")


view = TestEveryOne.view


def test_the_brake_and_the_fallback() -> None:
    numbers = view("experiment").numbers
    assert numbers["stopped"] == 13 and numbers["bad"] > 50 and numbers["after"] == 100
    timeout = view("experiment", protection="timeout").numbers
    assert timeout["stopped"] == 13
    held = view("experiment", protection="fallback")
    assert held.numbers["bad"] == 0 and "held" in held.says


def test_it_says_that_the_damage_stays() -> None:
    shown = view("experiment", fault="lose a node")
    assert "without the fault" in shown.says and shown.numbers["after"] < 50


def test_code_is_due_less_often() -> None:
    numbers = view("response").numbers
    assert numbers["spent"] > 20 > numbers["less"]
    # users fail from the first minute on, whoever mends it
    slow = view("response", detect=17).numbers
    assert slow["less"] > 20


def test_the_share_does_not_ask_for_the_traffic() -> None:
    """Ten times the objective's budget, a tenth of the share."""
    three, four = (view("response", slo=slo).numbers["spent"] for slo in ("99.9", "99.99"))
    assert four == pytest.approx(10 * three)


def test_the_best_forecast_is_the_true_one() -> None:
    for really in (0, 30, 70, 100):
        scores = [view("forecast", really=really, said=said).numbers for said in range(0, 101, 10)]
        best = min(scores, key=lambda each: each["yours"])
        assert best["yours"] == best["best"] == pytest.approx(really * (100 - really) / 10**4)
