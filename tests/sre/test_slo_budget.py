"""The arithmetic of budgets: published figures, and what has to hold of any of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction as F
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.sre.slo.budget import (
    Slice,
    budget,
    decimal,
    lasts,
    share_of,
    spent_in,
    tally,
)
from lab_kernel.sre.slo.ledger import Incident, account, ledger
from lab_kernel.sre.slo.spec import (
    METHODS,
    OCCURRENCES,
    RATIO_TIMESLICES,
    TIMESLICES,
    Duration,
    Rolling,
)

THREE_NINES = Decimal("0.999")
PER_MINUTE = F(24_000, 1440)


def attacked(minutes: int, rate: F = PER_MINUTE) -> list[Slice]:
    """Two weeks of OpenSLO's example: 99% succeed, and 1% in so many minutes at ``rate``."""
    quiet = Slice(PER_MINUTE * F(99, 100), PER_MINUTE)
    return [Slice(rate / 100, rate)] * minutes + [quiet] * (20_160 - minutes)


def remains(method: str, slices: Sequence[Slice]) -> F:
    return budget(Decimal("0.95"), slices, method, Decimal("0.95")).remaining


def test_the_three_ways_by_openslo_example() -> None:
    """OpenSLO, examples/budgeting-method: 24,000 requests a day, objective 95%, two weeks.

    Its timeslices: 16 hours and 48 minutes. Its ratio timeslices: about 13 hours and 45 minutes;
    worked out, 806.4 / 0.98 = 822.9 minutes. Its 16,632 failed requests leave out the errors there
    are without an attack; with them 13,440 are left, or 13,440 / 0.94 = 14,297.9 requests on top.
    """
    assert remains(TIMESLICES, attacked(16 * 60 + 48)) == 0
    assert remains(TIMESLICES, attacked(16 * 60 + 49)) == -1
    assert remains(RATIO_TIMESLICES, attacked(822)) > 0 > remains(RATIO_TIMESLICES, attacked(823))
    quiet = attacked(0)
    assert remains(OCCURRENCES, quiet) == F(336_000 * 5, 100) - 3_360 == 13_440
    assert remains(OCCURRENCES, attacked(822)) > 0 > remains(OCCURRENCES, attacked(823))
    for more, left in ((14_297, True), (14_298, False)):
        assert (remains(OCCURRENCES, [*quiet, Slice(F(more, 100), more)]) > 0) == left


def test_a_million_requests_and_ten_minutes() -> None:
    """99.9% of 1,000,000 requests allows 1,000 failures; ten minutes of 43.2 are 23.1%."""
    spent = budget(THREE_NINES, [Slice(999_000, 1_000_000)])
    assert (spent.allowed, spent.remaining, spent.burn_rate) == (1000, 0, 1)
    assert spent.met and not budget(THREE_NINES, [Slice(998_999, 1_000_000)]).met
    minutes = [Slice(0, 1)] * 10 + [Slice(1, 1)] * (30 * 1440 - 10)
    for method in METHODS:
        consumed = budget(THREE_NINES, minutes, method, 1).consumed
        assert consumed is not None and round(float(consumed), 3) == 0.231


def test_burn_rates_of_the_workbook() -> None:
    """SRE workbook, chapter 5: 2% of 30 days in 1 h is 14.4, 5% in 6 h is 6, 10% in 3 d is 1;
    14.4 empties a budget in 50 hours."""
    period = 30 * 24
    rates = {1: Decimal("14.4"), 6: Decimal(6), 72: Decimal(1)}
    spent = [spent_in(rate, hours, period) for hours, rate in rates.items()]
    assert spent == [F(2, 100), F(5, 100), F(10, 100)]
    assert lasts(Decimal("14.4"), period) == 50
    assert lasts(0, period) is None
    error_ratio = Slice(9856, 10_000)  # 1.44% errors
    assert budget(THREE_NINES, [error_ratio]).burn_rate == F(144, 10)


def test_a_target_without_a_budget_is_refused() -> None:
    for target in (1, Decimal("1.0"), F(1)):
        with pytest.raises(BadInput, match="would leave no error budget"):
            share_of(target)
    for target in (Decimal("99.9"), -1):
        with pytest.raises(BadInput, match="is not from 0"):
            share_of(target)
    assert share_of(0) == 1
    with pytest.raises(ValueError, match="no way to count"):
        tally([], TIMESLICES)


def test_nothing_at_all_spends_nothing() -> None:
    nothing = budget(THREE_NINES, [])
    assert (nothing.allowed, nothing.spent, nothing.burn_rate, nothing.met) == (0, 0, None, True)
    silent = budget(THREE_NINES, [Slice(0, 0)] * 3, TIMESLICES, 1)
    assert (silent.spent, silent.counted.total) == (0, 3)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (F(1, 3), "0.333333"),
        (F(432, 10), "43.2"),
        (1000, "1,000"),
        (F(-5, 2), "-2.5"),
        (Decimal("0.00001"), "0.00001"),
    ],
)
def test_written_figures(value: F, shown: str) -> None:
    assert decimal(value) == shown


slices = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda n: Slice(n[0], n[0] + n[1])),
    max_size=30,
)
targets = st.decimals("0.5", "0.999999", places=6)
methods = st.sampled_from(METHODS)


@given(slices, slices, targets, methods)
def test_windows_add_up(one: list[Slice], other: list[Slice], target: Decimal, way: str) -> None:
    """Whatever is allowed, spent and left in two halves is so in the whole."""
    halves = [budget(target, part, way, target) for part in (one, other)]
    whole = budget(target, one + other, way, target)
    assert halves[0].counted + halves[1].counted == whole.counted
    assert sum(half.allowed for half in halves) == whole.allowed
    assert sum(half.spent for half in halves) == whole.spent
    assert sum(half.remaining for half in halves) == whole.remaining


@given(slices, targets, methods)
def test_allowed_is_spent_and_left(these: list[Slice], target: Decimal, way: str) -> None:
    found = budget(target, these, way, target)
    assert found.allowed == found.spent + found.remaining
    assert 0 <= found.spent <= found.counted.total and found.remaining <= found.allowed
    assert found.met == (found.burn_rate is None or found.burn_rate <= 1)


@given(slices, targets, methods)
def test_no_budget_comes_from_nowhere(these: list[Slice], target: Decimal, way: str) -> None:
    """One more slice adds at most its own share; one that is all bad never adds any."""
    for count in range(len(these)):
        before = budget(target, these[:count], way, target)
        after = budget(target, these[: count + 1], way, target)
        new = after.counted.total - before.counted.total
        assert after.remaining - before.remaining <= share_of(target) * new
        worse = budget(target, [*these[:count], Slice(0, 5)], way, target)
        assert worse.remaining < before.remaining


@given(st.integers(0, 100), st.integers(1, 100), st.integers(1, 20), targets)
def test_equal_slices_count_alike(good: int, bad: int, count: int, target: Decimal) -> None:
    """When every slice is alike, its size cannot matter: two of the ways agree on the burn rate."""
    these = [Slice(good, good + bad)] * count
    assert (
        budget(target, these).burn_rate == budget(target, these, RATIO_TIMESLICES, target).burn_rate
    )


HOUR = 3600
incidents = st.lists(
    st.tuples(
        st.integers(0, 200), st.integers(0, 20), st.sampled_from([F(1), F(1, 2), F(1, 10)])
    ).map(lambda n: Incident(n[0] * HOUR, (n[0] + n[1]) * HOUR, n[2])),
    max_size=6,
)


@given(incidents, targets, st.integers(1, 5))
@settings(max_examples=50)
def test_a_rolling_account_gives_back_only_what_leaves(
    these: list[Incident], target: Decimal, days: int
) -> None:
    window = Rolling(Duration(days, "d"))
    times = [hour * HOUR for hour in range(0, 300, 7)]
    entries = ledger(target, window, these, times)
    for before, after in pairwise(entries):
        left = account(target, window, these, before.time).window
        gone = [each.minutes(left._replace(end=after.window.begin)) for each in these]
        assert after.remaining - before.remaining <= sum(gone)
        assert after.allowed == before.allowed
    assert all(entry.remaining <= entry.allowed for entry in entries)
