"""The explorables of the chapter on toil: what they draw is what the simulators say.

Figures: SRE book, chapters 1, 5 and 11.
"""

from __future__ import annotations

import pytest

from lab_kernel.sre.toil.examples import example
from lab_kernel.sre.toil.made import broken, made_log, written
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "sre/toil/"
    declared = ("backlog", "cap", "ledger", "oncall", "payback", "staffing")
    refused = (
        ("backlog", "staff", 0),
        ("cap", "cap", "49"),
        ("cap", "hand_back", "maybe"),
        ("ledger", "growth", 9),
        ("oncall", "people", 1),
        ("payback", "saved", 101),
        ("staffing", "growth", 0),
    )
    short = 3
    makes_room = ("backlog", "cap", "ledger", "oncall", "payback", "staffing")


view = TestEveryOne.view


def test_the_ledger_is_the_log_of_the_package() -> None:
    drawn = view("ledger")
    assert broken(written(made_log(tickets=70, growth=0.03))) == example("team")
    assert drawn.numbers["alarm"] == 23 and drawn.numbers["over"] == 10
    assert drawn.numbers["trailing"] == pytest.approx(56.2, abs=0.05)
    assert view("ledger", overhead="off").numbers["trailing"] > drawn.numbers["trailing"]
    assert view("ledger", tickets=0, growth=0).numbers["alarm"] == 0


def test_the_backlog_stands_still_above_the_threshold() -> None:
    assert view("backlog").numbers["threshold"] == pytest.approx(100 / 3)
    below, above = (view("backlog", automated=n).numbers["backlog"] for n in (20, 40))
    assert below > 1000 > 100 > above


def test_the_three_caps() -> None:
    """90, 18 and 0 hours of engineering a week at first, of 240 with 30 of meetings."""
    numbers = {cap: view("cap", cap=cap).numbers for cap in ("50", "80", "none")}
    assert numbers["50"]["engineering"] > numbers["80"]["engineering"] > 0
    assert numbers["none"]["engineering"] == 0
    assert "1,170 hours" in view("cap").says


def test_both_regimes_of_hand_back() -> None:
    """Without automation: it diverges, or developers mend what sends them tickets."""
    off = view("cap", automated=0, hand_back="off").numbers
    on = view("cap", automated=0, hand_back="on").numbers
    assert off["backlog"] > 5000 and off["handed"] == off["mended"] == 0
    assert on["backlog"] == 0 < on["mended"] and on["handed"] < off["backlog"] / 10
    assert on["engineering"] > off["engineering"]


def test_the_crossover() -> None:
    numbers = view("staffing").numbers
    assert numbers["crossover"] > 0 and 0 < numbers["exponent"] < 1
    assert view("staffing", rate=0).numbers["crossover"] == -1
    assert view("staffing", builders=0).numbers["crossover"] == 1
    assert "9.1%" in view("staffing").says  # 0.1 / 1.1


def test_the_month_that_is_shown_is_no_lucky_one() -> None:
    """32.3% of 56 shifts are 18.1."""
    assert view("oncall").numbers["crowded"] == 18


def test_a_rotation_of_the_book() -> None:
    assert view("oncall").numbers["share"] == pytest.approx(100 / 3)
    assert "within" in view("oncall", people=8).says
    assert view("oncall", tenths=0).numbers["crowded"] == 0


def test_when_it_pays() -> None:
    assert view("payback").numbers["even"] == 31  # 80 / 2.6
    assert view("payback", upkeep=4).numbers["even"] == -1
