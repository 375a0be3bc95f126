"""The explorables of the chapter on queues."""

from __future__ import annotations

import pytest

from lab_kernel.microservices.queueing.formulas import mm1
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "microservices/queueing/"
    declared = ("knee", "room", "run", "sizing")
    refused = (
        ("knee", "load", 96),
        ("room", "room", 65),
        ("run", "seed", 100),
        ("sizing", "wait", 0),
        ("knee", "service", "never"),
    )
    makes_room = ("knee", "room", "run")


view = TestEveryOne.view


def test_the_knee_is_where_the_formula_says() -> None:
    numbers = view("knee", load=50).numbers
    assert numbers["wait"] == pytest.approx(1000 * mm1(50, 0.010).wait, abs=2 * numbers["half"])


def test_even_work_waits_half_as_long_and_uneven_work_longer() -> None:
    waits = [
        view("knee", load=70, service=name).numbers["wait"]
        for name in ("constant", "exponential", "uneven")
    ]
    assert waits[0] < 0.7 * waits[1] < waits[1] < 0.7 * waits[2]


def test_where_no_formula_is_known_it_says_so() -> None:
    assert "no simple formula" in view("knee", servers=3, service="uneven").says


def test_a_queue_that_gets_too_much_grows() -> None:
    assert view("run", load=120).numbers["most"] > view("run", load=50).numbers["most"]


def test_a_shorter_queue_turns_away_more_and_keeps_others_from_waiting() -> None:
    short, long = (view("room", room=places).numbers for places in (1, 32))
    assert short["lost"] > long["lost"] and short["wait"] < long["wait"] / 5


def test_servers_that_do() -> None:
    numbers = view("sizing", rate=900, wait=5).numbers
    assert numbers["servers"] > 9 and numbers["wait"] <= 5
