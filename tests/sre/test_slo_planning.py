"""Availability, composition, the choice of a target and the policy: published figures and rules."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction as F
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.language import language
from lab_kernel.sre.slo import availability, picking
from lab_kernel.sre.slo.availability import allowed, nines, written
from lab_kernel.sre.slo.composition import (
    extra_nine,
    left_for,
    parallel,
    room_for,
    serial,
    some_of,
)
from lab_kernel.sre.slo.policy import Cause, Policy

D = Decimal


def test_the_availability_table() -> None:
    """SRE book, appendix A: 99.9% is 1.44 min a day, 10.1 a week, 43.2 in 30 days, 2.16 h in 90
    days, 8.76 h a year; 99.999% is 5.26 minutes a year, 864 ms a day."""
    table = {
        "0.99": "14.4 100.8 403.2 432 1296 5256",
        "0.995": "7.2 50.4 201.6 216 648 2628",
        "0.999": "1.44 10.08 40.32 43.2 129.6 525.6",
        "0.9995": "0.72 5.04 20.16 21.6 64.8 262.8",
        "0.9999": "0.144 1.008 4.032 4.32 12.96 52.56",
        "0.99999": "0.0144 0.1008 0.4032 0.432 1.296 5.256",
    }
    assert availability.table() == [
        (D(target), [F(figure) for figure in row.split()]) for target, row in table.items()
    ]
    assert allowed(D("0.99999"), 1440) * 60_000 == 864


def test_a_month_is_no_period() -> None:
    """43.8 is a twelfth of a year of 365.25 days; 30 days are 43.2, and 31 days 44.6."""
    assert round(float(allowed(D("0.999"), F(36525, 100) * 1440 / 12)), 1) == 43.8
    assert float(allowed(D("0.999"), 31 * 1440)) == 44.64


@pytest.mark.parametrize(
    ("target", "count"), [("0.9", 1), ("0.95", 1), ("0.99", 2), ("0.9995", 3), ("0.5", 0)]
)
def test_nines(target: str, count: int) -> None:
    assert nines(D(target)) == count


@pytest.mark.parametrize(
    ("minutes", "english", "korean"),
    [
        (F("43.2"), "43 min 12 s", "43분 12초"),
        (F("0.432"), "25.9 s", "25.9초"),
        (F("0.0144"), "0.86 s", "0.86초"),
        (F(5256), "3 d 15 h", "3일 15시간"),
        (F(1440), "1 d", "1일"),
        (F(-90), "-1 h 30 min", "-1시간 30분"),
        (0, "0 s", "0초"),
    ],
)
def test_written_times(minutes: F, english: str, korean: str) -> None:
    assert written(minutes) == english
    with language("ko"):
        assert written(minutes) == korean


def test_chains_by_their_products() -> None:
    """Ten dependencies of 99.9% in a row are 99.004%; two of 99% side by side are 99.99%."""
    assert round(float(serial([D("0.999")] * 10).independent), 5) == 0.99004
    assert parallel([D("0.99")] * 2).independent == F("0.9999")
    assert some_of(1, [D("0.99")] * 2) == F("0.9999")
    assert some_of(2, [D("0.99")] * 2) == F("0.9801")
    assert some_of(2, [F(9, 10)] * 3) == F("0.972")


parts = st.lists(st.fractions(0, 1, max_denominator=20), min_size=1, max_size=4)


@given(parts)
def test_bounds_hold_for_the_extremes_of_dependence(each: list[F]) -> None:
    """Parts that fail together as far as they can, and as little: worked out on a line of 1.

    Together: each part is down on the first 1 - a of the line. Apart: one after the other.
    """
    together_serial = 1 - max(1 - part for part in each)
    apart_serial = max(F(0), 1 - sum(1 - part for part in each))
    chain, either = serial(each), parallel(each)
    assert (chain.least, chain.most) == (apart_serial, together_serial)
    assert chain.least <= chain.independent <= chain.most
    assert either.least == max(each) and either.least <= either.independent <= either.most


@given(parts)
def test_independence_by_counting_every_state(each: list[F]) -> None:
    up = all_up = F(0)
    for state in product((True, False), repeat=len(each)):
        chance = F(1)
        for part, works in zip(each, state, strict=True):
            chance *= part if works else 1 - part
        up += chance * any(state)
        all_up += chance * all(state)
    assert (serial(each).independent, parallel(each).independent) == (all_up, up)


def test_the_rule_of_the_extra_nine() -> None:
    """The Calculus of Service Availability: 99.99% wants 99.999% of each critical dependency;
    half of the budget, 0.005%, then has room for five of them."""
    assert extra_nine(D("0.9999")) == F("0.99999")
    assert room_for(D("0.9999"), D("0.99999")) == 5
    assert left_for(D("0.9999"), [D("0.99999")] * 5) == F(1, 20_000)
    assert left_for(D("0.999"), [D("0.999")] * 2) < 0


def test_what_users_notice() -> None:
    """A path of 99% hides the rest: SRE book, chapter 3."""
    path = [D("0.99")]
    nines_three, nines_five = (picking.seen(D(t), path) for t in ("0.999", "0.99999"))
    assert float(nines_three) == 0.98901
    assert picking.noticed(D("0.99999"), path) == F(99, 10_000_000)
    assert nines_five < D("0.99") and picking.ours(D("0.99999"), path) < F(1, 1000)
    assert picking.ours(D("0.9"), path) > F(9, 10)
    assert picking.seen(1, path) == F("0.99")


def test_what_a_nine_is_worth() -> None:
    """SRE book, chapter 3: from 99.9% to 99.99% with a revenue of $1M is worth $900."""
    assert picking.worth(1_000_000, D("0.999"), D("0.9999")) == 900


def test_the_cheapest_target_is_not_the_highest() -> None:
    targets = [D("0.9"), D("0.99"), D("0.999"), D("0.9999"), D("0.99999")]
    choices = picking.options(targets, 1_000_000, 10)
    assert [option.cost for option in choices] == [10, 100, 1000, 10_000, 100_000]
    assert picking.cheapest(choices).target == D("0.999")
    losses = [option.loss for option in choices]
    assert losses == sorted(losses, reverse=True)
    with pytest.raises(BadInput, match="would leave no error budget"):
        picking.options([1], 1, 1)


def test_the_policy_of_the_workbook() -> None:
    """Exceeded: freeze; more than 20% by one incident: postmortem. Both, or neither."""
    policy = Policy()

    def rules(spent: int, *causes: Cause) -> list[str]:
        return [each.rule for each in policy.consequences(1000, spent, causes)]

    assert rules(500) == ["release"]
    assert rules(1000) == ["release"]  # all of it is spent, none too much
    assert rules(1001) == ["freeze"]
    assert rules(200, Cause("a", 200)) == ["release"]
    assert rules(201, Cause("a", 201)) == ["release", "postmortem"]
    assert rules(1200, Cause("a", 300), Cause("b", 900)) == ["freeze", "postmortem", "postmortem"]
    assert rules(1200, Cause("load test", 600, excused=True)) == ["waived"]
    found = policy.consequences(1000, 1200, [Cause("a", 300), Cause("b", 900)])
    assert [each.what for each in found] == ["", "b", "a"]
    assert "90%" in str(found[1]) and "P0" in str(found[0])
    with language("ko"):
        assert "포스트모템" in str(found[1])
    assert [each.rule for each in policy.consequences(0, 0)] == ["release"]


def test_a_quarter_is_planned_by_kinds() -> None:
    causes = [Cause("1", 15, "config"), Cause("2", 10, "config"), Cause("3", 20, "disk")]
    found = Policy().planned(100, causes)
    assert [(each.rule, each.what, each.share) for each in found] == [("plan", "config", F(1, 4))]
