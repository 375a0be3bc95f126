"""The explorables of the chapter on real services."""

from __future__ import annotations

import pytest

from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "microservices/loopback/"
    declared = ("backlog", "slow")
    refused = (("backlog", "slow", 0), ("slow", "timeout", 1), ("slow", "gateway", "never"))
    makes_room = ("backlog", "slow")


view = TestEveryOne.view


def test_the_recording_stands_beside_its_own_settings_only() -> None:
    assert "Linux" in view("slow").says
    assert "Linux" not in view("slow", slow=300).says
    assert "Linux" not in view("slow", gateway="timeout", timeout=200).says
    assert "Linux" in view("slow", gateway="forever", timeout=200).says  # it has none


def test_what_waiting_and_giving_up_cost() -> None:
    """For ever: everybody waits for seconds. A timeout: fast, without an answer."""
    forever, timeout, optional = (
        view("slow", gateway=name).numbers for name in ("forever", "timeout", "optional")
    )
    assert forever["median"] > 1000 and forever["answered"] == 1
    assert timeout["median"] < 120 and timeout["answered"] == 0
    assert optional["median"] < 120 and optional["answered"] == 1


@pytest.mark.parametrize("slow", [200, 400, 800])
def test_the_backlog_follows_the_formula(slow: int) -> None:
    numbers = view("backlog", slow=slow).numbers
    assert numbers["open"] == pytest.approx(numbers["fluid"], abs=14)


def test_enough_capacity_leaves_no_backlog() -> None:
    numbers = view("backlog", slow=50).numbers
    assert numbers["fluid"] == 0 and numbers["open"] < 14
