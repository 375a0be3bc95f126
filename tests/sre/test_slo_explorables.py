"""The explorables of the chapter on objectives and budgets: what they say is what the sums say."""

from __future__ import annotations

import pytest

from lab_kernel.errors import BadInput
from lab_kernel.language import language
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "sre/slo/"
    declared = ("chain", "counting", "downtime", "ledger", "picker")
    refused = (
        ("chain", "count", 13),
        ("counting", "minutes", -1),
        ("downtime", "target", "100"),
        ("downtime", "target", "three"),
        ("downtime", "target", "99.99999999"),
        ("ledger", "days", 6),
        ("picker", "factor", 1),
        ("picker", "path", "100"),
    )
    makes_room = ("ledger",)


view = TestEveryOne.view


@pytest.mark.parametrize(("target", "minutes"), [("99.9", 43.2), ("99", 432), ("99.99%", 4.32)])
def test_downtime_of_thirty_days(target: str, minutes: float) -> None:
    """SRE book, appendix A."""
    drawn = view("downtime", target=target, failing=10)
    assert drawn.numbers["minutes"] == pytest.approx(minutes)
    assert view("downtime", target="99.9", failing=100).says.count("43 min 12 s") == 2


def test_no_target_of_all() -> None:
    for word, said in (("100", "100% leaves no error budget"), ("101", "not below 100")):
        with language("en"), pytest.raises(BadInput, match=said):
            view("downtime", target=word)


def test_one_attack_and_three_verdicts() -> None:
    """OpenSLO's example: 16 h 48 min by minutes, 13 h 43 min by the mean minute; by requests it
    takes 14,298, which twenty times the traffic brings in 43 minutes."""
    for minutes, missed in (
        (42, []),
        (43, ["Occurrences"]),
        (823, ["Occurrences", "RatioTimeslices"]),
        (1009, ["Occurrences", "Timeslices", "RatioTimeslices"]),
    ):
        numbers = view("counting", minutes=minutes, times=20).numbers
        assert [name for name, spent in numbers.items() if spent > 1] == missed
    # Traffic that stays as it is makes requests and mean minutes agree.
    numbers = view("counting", minutes=700, times=1).numbers
    assert numbers["Occurrences"] == pytest.approx(numbers["RatioTimeslices"])


def test_the_edge_of_a_month_forgives() -> None:
    """30 January and 3 February: missed by rolling 30 days, met by both months."""
    drawn = view("ledger")
    assert drawn.numbers["rolling"] == pytest.approx(43.2 - 60)
    assert drawn.numbers["calendar"] == pytest.approx(44.64 - 40)
    both = view("ledger", first=10, second=14)
    assert both.numbers["rolling"] < 0 and both.numbers["calendar"] < 0


def test_a_perfect_service_is_hardly_noticed() -> None:
    drawn = view("picker", path="99")
    assert drawn.numbers["fewer"] == pytest.approx(9.9)
    assert drawn.numbers["best"] == pytest.approx(0.999)
    assert view("picker", revenue=10, first=1000).numbers["best"] == pytest.approx(0.9)


def test_the_rule_of_the_extra_nine() -> None:
    """Five of 99.99% take half of what 99.9% leaves; five of 99.9% take five times all of it."""
    assert view("chain", each="99.99").numbers["left"] == pytest.approx(500)
    assert view("chain", each="99.9").numbers["left"] == pytest.approx(-4000)
    twice = view("chain", each="99.9", copies=2).numbers
    assert twice == {"left": pytest.approx(995), "worst": pytest.approx(-4000)}
    assert view("chain", count=0).numbers["left"] == pytest.approx(1000)
