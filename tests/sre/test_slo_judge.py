"""Events against an SLO: what is counted, how much of the window it is, and what stands out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.sre.slo.budget import Slice
from lab_kernel.sre.slo.examples import example
from lab_kernel.sre.slo.judge import GAP, Counted, incidents, judge
from lab_kernel.sre.slo.openslo import openslo
from lab_kernel.sre.slo.spec import SLO, Duration, Rolling

BEGIN = 1_767_225_600  # 2026-01-01
CHECKOUT, SLICED, MEAN, MONTH = (
    openslo(example(name))[0]
    for name in ("checkout", "login-timeslices", "report-quarter", "search-month")
)


def every_second(seconds: int, *bad: int) -> Iterable[tuple[float, bool]]:
    return ((BEGIN + second, second not in bad) for second in range(seconds))


def over(slo: SLO, text: str) -> SLO:
    duration = Duration.read(text)
    assert duration
    return replace(slo, window=Rolling(duration))


def test_incidents_are_stretches_with_small_gaps() -> None:
    bad, fine = Slice(90, 100), Slice(100, 100)
    minutes = [bad, fine, bad, *[fine] * (GAP - 1), bad, *[fine] * GAP, bad]
    found = incidents(dict(enumerate(minutes)), F(1, 100), BEGIN)
    assert [(each.name[11:16], each.spent) for each in found] == [("00:00", 30), ("00:13", 10)]
    assert found[0].name == "2026-01-01 00:00–2026-01-01 00:08"
    assert incidents({0: Slice(99, 100)}, F(1, 100), BEGIN) == []  # no faster than allowed


def test_only_the_window_counts() -> None:
    """The failure of second 0 is forgotten after an hour of a rolling hour."""
    (now,) = judge(over(CHECKOUT, "1h"), Counted(every_second(3600, 0)))
    (later,) = judge(over(CHECKOUT, "1h"), Counted(every_second(3601, 0)))
    assert (now.budget.spent, later.budget.spent) == (1, 0)
    assert now.coverage == later.coverage == 1
    assert now.events == (3599, 3600) and later.events == (3600, 3600)


def test_how_much_of_the_window_is_covered() -> None:
    (found,) = judge(CHECKOUT, Counted(every_second(3600, 7)))
    assert found.coverage == F(1, 720)
    assert found.spent_of_window == 1 / (F(3600, 1000) * 720)
    (month,) = judge(MONTH, Counted(every_second(3600)))
    assert month.window.seconds == 31 * 86_400 and month.window.begin == BEGIN - 9 * 3600
    assert month.coverage == F(3600, 31 * 86_400)


def test_slices_know_how_many_the_window_has() -> None:
    """7 days are 10,080 minutes, 50.4 of which may be bad; a quarter has 2,160 hours."""
    (found,) = judge(SLICED, Counted(every_second(600, 0, 1)))
    assert (found.budget.spent, found.window_allowed) == (1, F("50.4"))
    (mean,) = judge(MEAN, Counted(every_second(25, 0)))
    assert (mean.budget.spent, mean.window_allowed) == (F(1, 25), F("21.6"))
    begun = replace(SLICED, window=MONTH.window)  # a minute and a half: the second has begun
    assert judge(begun, Counted(every_second(90)))[0].budget.counted.total == 2


def test_a_hole_of_years_takes_no_memory() -> None:
    """Two events 50 years apart: 26 million minutes, of which two are kept."""
    events = [(BEGIN - 50 * 365 * 86_400, False), (BEGIN, True)]
    for slo in (CHECKOUT, SLICED):
        (found,) = judge(over(slo, "60Y"), Counted(events))
        assert found.budget.spent == 1 and found.events == (1, 2)
    assert found.budget.counted.total == 50 * 365 * 1440 + 1


@pytest.mark.parametrize(("slo", "time"), [(CHECKOUT, -62_135_596_000), (MONTH, 253_402_300_000)])
def test_dates_that_no_calendar_has(slo: SLO, time: int) -> None:
    with pytest.raises(BadInput, match="from 1 to 9999"):
        judge(slo, Counted([(time, True)]))


def test_nothing_to_judge() -> None:
    with pytest.raises(BadInput, match="not one event"):
        judge(CHECKOUT, Counted())


@given(st.lists(st.tuples(st.integers(0, 4000), st.booleans()), min_size=1, max_size=60))
@settings(max_examples=60)
def test_the_order_of_the_lines_does_not_matter(events: list[tuple[int, bool]]) -> None:
    """A log is out of order wherever requests overlap."""
    slo = over(CHECKOUT, "1h")
    one, other = (judge(slo, Counted(each)) for each in (events, sorted(events)))
    assert one == other
    last = max(time for time, _good in events)
    inside = [good for time, good in events if time > last - 3600]
    assert one[0].events == (sum(inside), len(inside))
    assert one[0].budget.spent == len(inside) - sum(inside)
