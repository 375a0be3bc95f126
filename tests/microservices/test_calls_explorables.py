"""The explorables of the chapter on calls: what they draw is what the simulated cluster did."""

from __future__ import annotations

import pytest

from lab_kernel.explore.microservices.calls.availability import run as counted
from lab_kernel.microservices.availability import interval
from lab_kernel.microservices.mishap import mishap
from lab_kernel.microservices.shop import NAMES, shop
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "microservices/calls/"
    declared = ("availability", "mishap", "waterfall")
    refused = (
        ("availability", "services", 11),
        ("availability", "fails", "3"),
        ("mishap", "service", "mail"),
        ("mishap", "event", "burns"),
        ("waterfall", "payments", 0),
        ("waterfall", "ahead", 7),
    )
    short = 2
    costly = (("availability", "services"), ("mishap", "service"))
    makes_room = ("availability",)

    # Here, so that xdist runs them where their simulations have been run.

    def test_deployed_alone_needed_by_others(self) -> None:
        """A new version replaces one pod and loses nothing; when it is down nobody is answered."""
        for service in ("payments", "prices"):
            new = mishap("update", service)
            assert new.answered == new.asked and new.replaced == (service,) and new.pods == 7
            gone = mishap("down", service)
            assert gone.answered == 0 and "shop" in gone.broken

    def test_only_what_is_optional_may_be_missing(self) -> None:
        assert mishap("down", "advice").answered == mishap("down", "advice").asked
        assert mishap("slow", "advice").latency > mishap("update", "payments").latency
        without = mishap("down", "advice", False)
        assert without.answered == 0 and without.broken == ("shop",)

    def test_who_is_hit_by_the_calls_declared(self) -> None:
        """Upwards along the calls that are needed, by their declaration alone."""
        services = {each.name: each for each in shop()}

        def needs(name: str, failing: str) -> bool:
            return name == failing or any(
                needs(call.service, failing) for call in services[name].asks() if not call.optional
            )

        for failing in ("fraud", "payments", "advice"):
            done = mishap("down", failing)
            hit = {name for name in NAMES if name != failing and needs(name, failing)}
            assert set(done.broken) == hit


view = TestEveryOne.view


def test_the_critical_path_moves() -> None:
    """stock and payments with fraud behind it: 25 against 20 + 2 + 15."""
    before = view("waterfall").numbers
    assert before["payments"] == 20 and before["fraud"] == 15 and "stock" not in before
    assert view("waterfall", stock=26).numbers["latency"] == before["latency"]
    assert view("waterfall", payments=21).numbers["latency"] == before["latency"] + 1
    moved = view("waterfall", stock=100).numbers
    assert moved["stock"] == 100 and "payments" not in moved
    after = view("waterfall", together="off").numbers
    assert after["latency"] == before["latency"] + 27 + 32  # stock and advice, with their network


def test_a_queue_is_part_of_it() -> None:
    """One worker of payments is busy for 20 + 2 + 15 ms with each request."""
    latencies = [view("waterfall", ahead=n).numbers["latency"] for n in (0, 1, 2)]
    assert latencies == [latencies[0], latencies[0] + 37, latencies[0] + 74]
    assert "the queue of payments" in view("waterfall", ahead=2).says


@pytest.mark.parametrize(("needs", "share"), [("all", 0.95**5), ("one", 1 - 0.05**5)])
def test_formula_and_cluster(needs: str, share: float) -> None:
    drawn = view("availability", needs=needs)
    assert drawn.numbers["expected"] == pytest.approx(share)
    low, high = interval(*counted(5, "5", needs), 4)
    assert low <= share <= high
