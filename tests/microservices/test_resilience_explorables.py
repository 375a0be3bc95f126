"""The explorables of the chapter on resilience: what they draw is what the simulator did."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from lab_kernel import host
from lab_kernel.explore.microservices.resilience import breaker, storm
from lab_kernel.language import LANGUAGES
from lab_kernel.microservices.resilience import hang
from lab_kernel.microservices.resilience.metastable import CURES, Plan, run
from tests.explored import Explored

DOCS = Path(__file__).parents[2] / "docs"


class TestEveryOne(Explored):
    topic = "microservices/resilience/"
    declared = ("breaker", "bulkhead", "charged", "jitter", "layers", "recorded", "storm")
    refused = (
        ("breaker", "failing", 101),
        ("breaker", "wait", 0),
        ("bulkhead", "places", 13),
        ("bulkhead", "timeout", 50),
        ("charged", "keys", "some"),
        ("jitter", "clients", 0),
        ("jitter", "kind", "much"),
        ("layers", "layers", 6),
        ("recorded", "case", "other"),
        ("storm", "load", 10),
        ("storm", "cure", "hope"),
    )
    short = 2
    makes_room = ("bulkhead", "recorded", "storm")
    costly = (("bulkhead", "workers"), ("storm", "load"), ("storm", "attempts"))

    # Here, not below, so that xdist runs them where their simulations have been run.

    def test_what_brings_the_service_back(self) -> None:
        """Pauses and patience move the tries, they do not make them fewer, nor the queue shorter.
        The seconds are those of the page's table."""
        found = {cure: storm.run(6, 3, cure, "slow") for cure in storm.NAMES}
        assert {cure: result.recovered for cure, result in found.items()} == {
            "none": None, "backoff": None, "patience": None, "calm": 37, "budget": 29,
            "throttle": 29, "breaker": 24, "bound": 20, "controlled delay": 20, "deadline": 16,
        }  # fmt: skip
        for result in found.values():
            assert result.before == 1
            assert result.after == (0 if result.recovered is None else 1)
        assert set(storm.NAMES) == set(CURES) - {"one try"}
        one_try, deadline = (run(Plan(**CURES[cure])) for cure in ("one try", "deadline"))
        assert one_try.recovered == 28
        # why a second before the end of the trouble: few requests began in it
        assert sum(second.begun for second in deadline.seconds[16:19]) == 10
        assert "It stays well" in self.view("storm", trigger="none").says
        assert "by itself" in self.view("storm").says

    def test_chance_spreads_the_clients(self) -> None:
        plain, full = (self.view("jitter", kind=kind).numbers for kind in ("none", "full"))
        assert full["calls"] < 0.6 * plain["calls"] and full["seconds"] < plain["seconds"] / 5


view = TestEveryOne.view


@pytest.mark.parametrize(
    ("layers", "attempts", "failing", "bottom"), [(3, 3, 100, 27), (3, 4, 100, 64), (2, 3, 0, 1)]
)
def test_layers(layers: int, attempts: int, failing: int, bottom: int) -> None:
    """27; the 64 of "Site Reliability Engineering", chapter 22."""
    numbers = view("layers", layers=layers, attempts=attempts, failing=failing).numbers
    assert numbers["bottom"] == bottom


def test_keys_that_all_pods_share() -> None:
    twice = [view("charged", keys=keys).numbers["twice"] for keys in ("none", "own", "shared")]
    assert twice[0] > twice[1] > twice[2] == 0


def test_places_keep_the_prices() -> None:
    assert view("bulkhead", places=3).numbers["prices"] == 1
    assert round(view("bulkhead").numbers["prices"], 2) == 0.53  # as the page says


def test_why_the_prices_hold_until_second_12() -> None:
    """The page's 16 reports in seven seconds; no more than the workers by Little's law."""
    done = hang.run(hang.Plan())
    moments = [
        (asked.began - done.began) / 1000
        for asked, kind in zip(done.system.requests, done.kinds, strict=True)
        if kind == "reports"
    ]
    assert sum(5 <= moment < 12 for moment in moments) == 16
    assert 16 / 7 * done.plan.timeout / 1000 < done.plan.workers < done.plan.held
    assert done.answered("prices", 5, 12) == 1 > done.answered("prices", 12, 14)


def test_calls_are_counted_in_the_slots_that_are_told() -> None:
    numbers = view("jitter", kind="full").numbers
    assert f"{numbers['busiest']} calls within 10 ms" in view("jitter", kind="full").says
    assert "each 10 ms" in view("jitter", kind="full").figures[0].svg


def test_the_real_server_was_stuck_without_a_budget() -> None:
    plain, budget = (view("recorded", case=case) for case in ("plain", "budget"))
    assert "none was answered any more" in plain.says
    assert budget.numbers["answered"] > 2 * plain.numbers["answered"]


def test_a_breaker_spares_calls() -> None:
    numbers = view("breaker").numbers
    assert numbers["failed"] < 12 and numbers["not sent"] > 30
    done = breaker.run(100, 50, 5, 3)
    for outcome in breaker.ROWS:
        stretches = list(breaker._stretches(done, outcome))
        assert sum(number for _begin, _end, number in stretches) == numbers[outcome]
        assert all(a[1] < b[0] for a, b in pairwise(stretches))
    assert view("breaker", failing=0).numbers["not sent"] == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_lines_of_the_recording(lang: str) -> None:
    page = (DOCS / lang / "microservices" / "resilience.md").read_text(encoding="utf-8")
    shown = page.split("```text\n")[1].split("```")[0].splitlines()
    data, output = host.recording("retries").data, []
    for line in shown:
        if line.startswith("$"):
            output = data[line.split()[-1]]["output"]
            assert line == f"$ {data[line.split()[-1]]['command']}"
        else:
            assert line in output
    assert len(shown) > 5
