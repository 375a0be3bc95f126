"""Factors, thresholds, times: against the figures of The Site Reliability Workbook, chapter 5."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.sre.alerts.burn import (
    BELOW_ONE,
    DAY,
    HOUR,
    MINUTE,
    TOO_SHORT,
    UNFIRABLE,
    WORKBOOK,
    conditions,
    detection,
    reset,
    written,
)
from lab_kernel.sre.slo.budget import lasts, spent_in

BUDGET = Decimal("0.001")


def factors(days: int) -> list[str]:
    return [written(pair.factor(days * DAY), 4) for pair in WORKBOOK]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (30, ["14.4", "6", "3", "1"]),  # tables 5-6 and 5-8; the 3 is in its sample of code
        (28, ["13.44", "5.6", "2.8", "0.9333"]),  # as Sloth 0.16.0 has them
        (7, ["3.36", "1.4", "0.7", "0.2333"]),
        (90, ["43.2", "18", "9", "3"]),
    ],
)
def test_factors_of_a_period(days: int, expected: list[str]) -> None:
    assert factors(days) == expected


def test_thresholds_are_exact() -> None:
    """In floats 14.4 x (1 - 0.999) is 0.014400000000000013."""
    found = [written(c.threshold) for c in conditions(BUDGET, 30 * DAY)]
    assert found == ["0.0144", "0.006", "0.003", "0.001"]


@pytest.mark.parametrize(
    ("target", "days", "dead"),
    [
        ("0.999", 30, ["", "", "", ""]),
        ("0.9306", 30, ["", "", "", ""]),
        ("0.9305", 30, [UNFIRABLE, "", "", ""]),
        ("0.8333", 30, [UNFIRABLE, UNFIRABLE, "", ""]),
        ("0.6666", 30, [UNFIRABLE, UNFIRABLE, UNFIRABLE, ""]),
        ("0.5", 30, [UNFIRABLE, UNFIRABLE, UNFIRABLE, ""]),
        ("0.999", 28, ["", "", "", BELOW_ONE]),
        ("0.999", 7, ["", "", BELOW_ONE, BELOW_ONE]),
    ],
)
def test_pairs_that_make_no_sense(target: str, days: int, dead: list[str]) -> None:
    assert [c.dead for c in conditions(1 - Decimal(target), days * DAY)] == dead


def test_what_an_objective_needs() -> None:
    found = [written(100 * c.needs, 4) for c in conditions(BUDGET, 30 * DAY)[:3]]
    assert found == ["93.06", "83.33", "66.67"]


def test_a_slice_longer_than_the_short_window() -> None:
    found = [c.dead for c in conditions(BUDGET, 30 * DAY, slice=HOUR)]
    assert found == [TOO_SHORT, TOO_SHORT, "", ""]


@pytest.mark.parametrize(
    ("factor", "window", "seconds"),
    [(1, 10 * MINUTE, "0.6"), (1, 36 * HOUR, "129.6"), (36, HOUR, "129.6"), (10, HOUR, "36")],
)
def test_detection_of_a_total_outage(factor: int, window: int, seconds: str) -> None:
    """Tables 5-1 and 5-2: 0.6 seconds; 2 minutes and 10 seconds."""
    assert detection(Decimal(1), factor * BUDGET, window) == Decimal(seconds)


def test_what_stays_below_is_never_detected() -> None:
    """Table 5-5: "a 35x burn rate never alerts" at 36, and spends the budget in 20.5 hours."""
    assert detection(35 * BUDGET, 36 * BUDGET, HOUR) is None
    assert lasts(35, 30 * 24) == Fraction(144, 7)  # 20.57 hours
    assert detection(36 * BUDGET, 36 * BUDGET, HOUR) is None


def test_reset_times() -> None:
    """Table 5-5: 58 minutes. Chapter 5: 10 minutes of 15% errors are noticed after about five, and
    the short window is below again five minutes after they stop, the long one after sixty."""
    assert round(reset(Decimal(1), 36 * BUDGET, HOUR, HOUR) / 60) == 58
    ratio, threshold = Decimal("0.15"), Decimal("0.0144")
    found = detection(ratio, threshold, HOUR)
    assert found is not None and 5 < found / 60 < 6
    assert 4.5 < reset(ratio, threshold, 5 * MINUTE, 10 * MINUTE) / 60 < 5
    assert 54 < reset(ratio, threshold, HOUR, 10 * MINUTE) / 60 < 60
    assert reset(ratio, threshold, HOUR, 5 * MINUTE) == 0  # it was never above


@given(
    st.sampled_from(WORKBOOK),
    st.integers(1, 400),
    st.decimals("0.00001", "0.2", places=5),
    st.decimals("0.001", 1, places=3),
)
def test_at_detection_the_share_is_spent(
    pair: object, days: int, budget: Decimal, ratio: Decimal
) -> None:
    """Table 5-6 read backwards, whatever the error ratio is."""
    assert pair in WORKBOOK
    condition = conditions(budget, days * DAY, (pair,))[0]  # type: ignore[arg-type]
    found = detection(ratio, condition.threshold, condition.pair.long)
    if found is not None:
        assert found <= condition.pair.long
        spent = spent_in(ratio / budget, found, days * DAY)
        assert abs(float(spent) - float(condition.pair.share)) < 1e-9


@pytest.mark.parametrize(
    ("number", "text"),
    [("0.0144", "0.0144"), ("100", "100"), ("1E-7", "0.0000001"), ("0.0010", "0.001"), ("0", "0")],
)
def test_written(number: str, text: str) -> None:
    assert written(Decimal(number)) == text


def test_written_rounds_what_does_not_come_out_even() -> None:
    assert written(Decimal(31) / 30) == "1.03333333333333"
