"""The workbook's six strategies: its own figures, and the same rules in PromQL."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.sre.alerts.demo import REQUESTS, happening, ready
from lab_kernel.sre.alerts.incidents import (
    BLIP,
    DAY,
    INCIDENTS,
    SIGNIFICANT,
    Incident,
    Log,
    month,
    recorded,
)
from lab_kernel.sre.alerts.strategies import PERIOD, Judged, fires, judged, six
from lab_kernel.sre.sli import recorded as nginx
from lab_kernel.sre.sli.condition import GOOD, condition

BUDGET = Decimal("0.001")
QUIET = 3 * DAY


def after(bad: list[int], clean: int = 4 * DAY) -> tuple[list[list[bool]], int]:
    """For each strategy what fires, from the incident on; and how long the incident was."""
    log = Log([REQUESTS] * (QUIET + len(bad) + clean), [0] * QUIET + bad + [0] * clean)
    return [fires(each, log, BUDGET)[QUIET:] for each in six()], len(bad)


def first(firing: list[bool]) -> int | None:
    """Minutes until it fires."""
    return firing.index(True) + 1 if True in firing else None


def last(firing: list[bool], end: int) -> int:
    """Minutes after the end until it is off."""
    return len(firing) - firing[::-1].index(True) + 1 - end if True in firing else 0


def test_parameters() -> None:
    """Chapter 5: 5% of 30 days are a window of 36 hours, or a burn rate of 36 over one hour."""
    one, two, three, four, five, book = six()
    assert (one.looks[0].long, one.or_equal) == (10, True)
    assert two.looks[0].long == 36 * 60
    assert (three.looks[0].long, three.hold) == (1, 60)
    assert (four.looks[0].long, four.looks[0].factor) == (60, 36)
    assert [(each.long, each.factor) for each in five.looks] == [
        (60, Decimal("14.4")), (360, 6), (4320, 1),
    ]  # fmt: skip
    assert [(each.long, each.short) for each in book.looks] == [
        (60, 5), (360, 30), (1440, 120), (4320, 360),
    ]  # fmt: skip


def test_a_total_outage() -> None:
    """Tables 5-1, 5-2, 5-3, 5-5: at once; 2 min 10 s, and for 36 hours; an hour; reset 58 min."""
    firing, end = after([REQUESTS] * 90)
    assert [first(each) for each in firing] == [1, 3, 61, 3, 1, 1]
    assert last(firing[1], end) == pytest.approx(36 * 60, abs=5)
    assert last(firing[3], end) == 58
    assert last(firing[0], end) == 10
    assert last(firing[2], end) <= 1


def test_a_burn_rate_of_35_is_missed_by_the_fourth() -> None:
    """Table 5-5: never, though the budget is gone in 20.5 hours. The others see it."""
    firing, _end = after([350] * 1230)
    assert [first(each) is None for each in firing] == [False, False, False, True, False, False]


def test_spikes_every_ten_minutes_are_missed_by_the_third() -> None:
    """Chapter 5 on durations: each spike is short enough to reset the timer."""
    firing, _end = after([REQUESTS if n % 10 == 0 else 0 for n in range(360)])
    assert first(firing[2]) is None
    assert all(first(each) is not None for n, each in enumerate(firing) if n != 2)


def test_the_first_calls_for_what_costs_nothing() -> None:
    """Table 5-1: 0.1% for 10 minutes is 0.02% of the budget."""
    firing, end = after([10] * 10)
    assert [first(each) is not None for each in firing] == [True] + [False] * 5
    log = Log([REQUESTS] * (QUIET + 10), [0] * QUIET + [10] * 10)
    spent = log.spent(Incident("", QUIET, QUIET + end), BUDGET, PERIOD // 60)
    assert spent == pytest.approx(0.0002, abs=0.0001)


def test_fifteen_per_cent_for_ten_minutes() -> None:
    """Chapter 5 on strategy 6: fires after about 5 minutes, stops 5 minutes after the end, where
    the long window alone would take an hour."""
    bad = [0] * QUIET + [1500] * 10 + [0] * DAY
    log = Log([REQUESTS] * len(bad), bad)
    pages = [fires(each, log, BUDGET, "page")[QUIET:] for each in six()[4:]]
    assert [first(each) for each in pages] == [6, 6]
    assert 50 <= last(pages[0], 10) <= 60
    assert last(pages[1], 10) == 5


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.sampled_from([0, 5, 14, 40, 200, 5000])),
        min_size=1,
        max_size=6,
    )
)
def test_the_sixth_is_what_the_rules_do(stretches: list[tuple[int, int]]) -> None:
    """The evaluator on the generated rules, which promtool was held against, minute by minute."""
    bad = [wrong for lasts, wrong in stretches for _minute in range(lasts)]
    log = Log([REQUESTS] * (QUIET + len(bad)), [0] * QUIET + bad)
    by_severity = {name: fires(six()[5], log, BUDGET, name)[QUIET:] for name in ("page", "ticket")}
    seen = happening(ready(), bad)
    for minute in {1, len(bad) // 2, *range(7, len(bad) + 1, 23), len(bad)} - {0}:
        here = {name for name, firing in by_severity.items() if firing[minute - 1]}
        assert here == seen.severities(minute), minute


# Judging.


def test_the_figures_by_their_definitions() -> None:
    """Two incidents, one of them significant, and an alert about nothing."""
    bad = [0] * 100 + [100] * 10 + [0] * 90 + [1] * 5 + [0] * 95
    log = Log([100] * 300, bad)
    incidents = [Incident("large", 100, 110), Incident("small", 200, 205)]
    firing = [False] * 300
    for begin, end in ((103, 115), (201, 204), (250, 260)):
        firing[begin:end] = [True] * (end - begin)
    assert judged(firing, log, incidents, BUDGET) == Judged(3, 1 / 3, 1.0, 4, 6)
    assert judged([False] * 300, log, incidents, BUDGET) == Judged(0, None, 0.0, None, None)
    assert judged(firing, log, [], BUDGET) == Judged(3, 0.0, None, None, None)


def test_an_alert_that_fires_already_is_no_new_one() -> None:
    log = Log([100] * 300, [0] * 100 + [100] * 10 + [0] * 90 + [100] * 10 + [0] * 90)
    incidents = [Incident("one", 100, 110), Incident("two", 200, 210)]
    firing = [False] * 100 + [True] * 200
    assert judged(firing, log, incidents, BUDGET) == Judged(1, 1.0, 1.0, 0.5, 141)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month(seed: int) -> None:
    """The truth is what was meant: six that matter, and blips that do not."""
    log, incidents = month(seed)
    assert len(log) == 30 * DAY
    for each in incidents:
        significant = log.spent(each, BUDGET, PERIOD // 60) >= SIGNIFICANT
        assert significant == (each.what != BLIP)
    assert sum(each.what != BLIP for each in incidents) == len(INCIDENTS)
    assert month(seed)[0].bad == log.bad


def test_what_the_book_says_of_the_six_holds_in_a_month() -> None:
    """Tables 5-1 to 5-9, as an order: precision, recall, detection and reset time."""
    log, incidents = month()
    found = [judged(fires(each, log, BUDGET), log, incidents, BUDGET) for each in six()]
    precision, recall, detection, reset = zip(*(each[1:] for each in found), strict=True)
    assert min(precision) == precision[0] < 0.3
    assert recall[2] < 1 and recall[3] < 1
    assert all(recall[n] == 1 for n in (0, 1, 4, 5))
    assert max(detection) == detection[2] > 60
    assert reset[1] > 24 * 60 and max(reset) == reset[4] > 48 * 60
    assert reset[5] < reset[4] / 4
    pages = judged(fires(six()[5], log, BUDGET, "page"), log, incidents, BUDGET)
    assert pages.reset is not None and pages.reset < 31


def test_the_recorded_hour_is_counted_whole() -> None:
    good = condition(GOOD, "good")
    log, incidents = recorded(good)
    assert sum(log.requests) == len(nginx.events())
    assert sum(log.bad) == sum(not good(event) for event in nginx.events())
    assert [each.what for each in incidents] == [fault.kind for fault in nginx.faults()]
    assert all(0 <= each.start < each.end <= len(log) for each in incidents)
