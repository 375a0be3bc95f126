"""The time log, the criteria of toil, and the cap.

Traits and cap: SRE book, chapter 5 ("Eliminating Toil": six traits, overhead apart, the goal below
50%) and chapter 1 ("Ensuring a Durable Focus on Engineering": an upper bound, on aggregate
operational work, excess goes back until the load is at 50% or below).
"""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.sre.toil.cap import (
    QUARTER,
    added,
    by_person,
    read_cap,
    share_of,
    tally,
    to_hand_back,
    watch,
)
from lab_kernel.sre.toil.criteria import LEAST, Class, Kind, Trait, judge, read_tags
from lab_kernel.sre.toil.examples import example
from lab_kernel.sre.toil.guess import confusion, precision, read_labelled, recall
from lab_kernel.sre.toil.made import WEEK, broken, made_log, written
from lab_kernel.sre.toil.time_log import (
    Entry,
    Log,
    read_log,
    week_name,
    week_number,
)

HEAD = "week,person,hours,what,tags\n"
ENTRIES = st.builds(
    Entry,
    week=st.integers(105_600, 105_640),
    person=st.sampled_from(["ada", "ben", "chae"]),
    hours=st.integers(1, 1680).map(lambda tenths: Fraction(tenths, 10)),
    what=st.sampled_from(["raise a quota", 'say "no", twice', "일"]),
    kind=st.sampled_from(list(Kind)),
    traits=st.sets(st.sampled_from(list(Trait))).map(
        lambda some: tuple(trait for trait in Trait if trait in some)
    ),
)


def read(text: str) -> Log:
    return read_log(text.splitlines(keepends=True))


def log_of(*weeks: tuple[int, int, int, int]) -> Log:
    """A week for each: hours of toil, other operations, project, overhead."""
    entries = []
    for number, hours in enumerate(weeks, week_number("2026-W01")):
        kinds = (Kind.PRODUCTION, Kind.PRODUCTION, Kind.PROJECT, Kind.OVERHEAD)
        for part, kind, traits in zip(hours, kinds, (tuple(Trait), (), (), ()), strict=True):
            if part:
                entries.append(Entry(number, "ada", Fraction(part), "", kind, traits))
    return Log(tuple(entries))


def test_the_six_traits_of_the_book() -> None:
    assert list(Trait) == ["manual", "repetitive", "automatable", "tactical", "no-value", "linear"]


def test_not_all_operational_work_is_toil() -> None:
    assert judge(Kind.PRODUCTION, Trait).found is Class.TOIL
    assert judge(Kind.PRODUCTION, [Trait.TACTICAL]).found is Class.OTHER
    assert judge(Kind.PROJECT, Trait).found is Class.ENGINEERING  # dull, but it leaves something
    assert judge(Kind.OVERHEAD, Trait).found is Class.OVERHEAD
    assert [found for found in Class if found.operational] == [Class.TOIL, Class.OTHER]


@given(st.sets(st.sampled_from(list(Trait))), st.sampled_from(list(Kind)))
def test_every_trait_holds_or_lacks_and_more_never_make_less_toil(
    traits: set[Trait], kind: Kind
) -> None:
    verdict = judge(kind, traits)
    assert sorted(verdict.holds + verdict.lacks) == sorted(Trait)
    assert (verdict.found is Class.TOIL) == (kind is Kind.PRODUCTION and len(traits) >= LEAST)
    if verdict.found is Class.TOIL:
        assert all(judge(kind, traits | {more}).found is Class.TOIL for more in Trait)


def test_a_log_is_read() -> None:
    log = read("\ufeff" + HEAD + '2026-W07,ada,7.5,"one, two",production manual;tactical\n\n')
    (entry,) = log.entries
    assert (entry.person, entry.hours, entry.what) == ("ada", Fraction(15, 2), "one, two")
    assert (entry.kind, entry.traits) == (Kind.PRODUCTION, (Trait.MANUAL, Trait.TACTICAL))
    assert week_name(entry.week) == "2026-W07" and not log.malformed


def test_weeks_follow_each_other_across_a_year_of_53() -> None:
    """ISO 8601: 2026 has 53 weeks, since its first of January is a Thursday."""
    assert week_number("2027-W01") - week_number("2026-W53") == 1
    with pytest.raises(BadInput):
        week_number("2025-W53")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-W54,ada,3,x,production", "week"),
        ("2026-07,ada,3,x,production", "week"),
        ("0000-W01,ada,3,x,production", "week"),
        ("2026-W07,,3,x,production", "person"),
        ("2026-W07,ada,0,x,production", "hours"),
        ("2026-W07,ada,-3,x,production", "hours"),
        ("2026-W07,ada,nan,x,production", "hours"),
        ("2026-W07,ada,168.1,x,production", "hours"),
        ("2026-W07,ada,三,x,production", "hours"),
        ("2026-W07,ada,3,x,", "tags"),
        ("2026-W07,ada,3,x,production project", "tags"),
        ("2026-W07,ada,3,x,production dull", "tags"),
        ("2026-W07,ada,3,x", "row"),
        ('2026-W07,ada,3,"x"y,production', "row"),
    ],
)
def test_a_malformed_row_is_counted_and_shown(row: str, why: str) -> None:
    good = "2026-W07,ben,1,x,project\n"
    log = read(HEAD + good + row + "\n" + good)
    assert len(log.entries) == 2
    (bad,) = log.malformed
    assert bad.line == 3 and bad.why.startswith(why + ":") and "\n" not in bad.why


@pytest.mark.parametrize("text", ["", "week,person,hours,what\n", HEAD, HEAD + "a,b,c,d,e\n"])
def test_no_log_at_all(text: str) -> None:
    with pytest.raises(BadInput, match="LOG"):
        read(text)


@given(st.text(max_size=200))
def test_no_text_ends_in_a_traceback(text: str) -> None:
    try:
        log = read(HEAD + text)
    except BadInput:
        return
    assert log.entries


@settings(max_examples=50, deadline=None)
@given(st.lists(ENTRIES, min_size=1, max_size=12))
def test_hours_are_conserved(entries: list[Entry]) -> None:
    """What is written is read; what is read is in exactly one class of one week."""
    log = read(written(entries))
    assert log.entries == tuple(entries)
    weeks = watch(log)
    total = sum(entry.hours for entry in entries)
    assert log.hours == sum(tally(entries).values()) == total
    assert sum(added(week.hours for week in weeks).values()) == total
    for week in weeks:
        assert week.share is None or 0 <= week.share <= 1


def test_the_cap_is_a_ceiling_and_not_a_share_to_reach() -> None:
    for toil, alarm in ((0, False), (10, False), (50, False), (51, True)):
        (week,) = watch(log_of((toil, 0, 100 - toil, 0)), quarter=1)
        assert week.alarm is alarm


def test_both_kinds_of_operational_work_count() -> None:
    """The workbook: the limit covers toil and operational work that is not."""
    (week,) = watch(log_of((30, 25, 45, 0)), quarter=1)
    assert week.share == Fraction(55, 100) and week.alarm


def test_the_average_of_the_team_counts() -> None:
    text = "".join(
        f"2026-W01,{person},{hours},x,{tags}\n"
        for person, hours, tags in (
            ("ada", 36, "production"),
            ("ada", 4, "project"),
            ("ben", 10, "production"),
            ("ben", 70, "project"),
        )
    )
    log = read(HEAD + text)
    assert by_person(log) == {"ada": Fraction(9, 10), "ben": Fraction(1, 8)}
    (week,) = watch(log)
    assert week.share == Fraction(46, 120)  # of hours, not the mean of 90% and 12.5%


def test_the_quarter_forgives_a_bad_week_and_not_a_bad_quarter() -> None:
    calm, bad = (30, 0, 70, 0), (80, 0, 20, 0)
    assert not any(week.alarm for week in watch(log_of(*[calm] * 12, bad)))
    weeks = watch(log_of(*[calm] * 13, *[bad] * 13))
    first = next(n for n, week in enumerate(weeks) if week.alarm)
    # 30 + 50 n / 13 > 50 from the sixth bad week on
    assert first == 13 + 5
    assert weeks[-1].trailing == Fraction(8, 10)


def test_less_than_a_quarter_is_no_quarter() -> None:
    """Twelve bad weeks are shown, and judged in the thirteenth."""
    weeks = watch(log_of(*[(80, 0, 20, 0)] * QUARTER))
    assert [week.alarm for week in weeks] == [False] * (QUARTER - 1) + [True]
    assert weeks[-2].trailing is None and weeks[-1].trailing == Fraction(8, 10)


def test_a_week_without_an_entry_is_there_and_has_no_share() -> None:
    log = Log(
        (*log_of((30, 0, 70, 0)).entries, *log_of((0,) * 4, (0,) * 4, (40, 0, 60, 0)).entries)
    )
    weeks = watch(log, quarter=2)
    assert [week.share for week in weeks] == [Fraction(3, 10), None, Fraction(4, 10)]
    assert [week.trailing for week in weeks] == [None, Fraction(3, 10), Fraction(4, 10)]


def test_overhead_in_the_denominator_or_not() -> None:
    hours = tally(log_of((45, 0, 40, 15)).entries)
    assert share_of(hours) == Fraction(45, 100)
    assert share_of(hours, of_work=True) == Fraction(45, 85)


def test_what_goes_back() -> None:
    """60 of 100 hours: 10 go back, and the people do project work instead."""
    assert to_hand_back(tally(log_of((40, 20, 30, 10)).entries)) == 10
    assert to_hand_back(tally(log_of((40, 10, 40, 10)).entries)) == 0


@pytest.mark.parametrize("value", ["-1", "101", "x", "nan", "1/0", ""])
def test_a_cap_that_is_none(value: str) -> None:
    with pytest.raises(BadInput, match="cap"):
        read_cap(value)


def test_the_example_is_what_its_seed_makes() -> None:
    assert example("team") == broken(written(made_log()))


def test_the_example_counted_again() -> None:
    """Independent of the reader: csv and floats alone."""
    log = read(example("team"))
    assert len(log.malformed) == 3
    operational, everything, people = [0.0] * 30, [0.0] * 30, set()
    rows = list(csv.reader(io.StringIO(example("team"))))[1:-3]
    for week, person, hours, _what, tags in rows:
        number = int(week[-2:])
        everything[number] += float(hours)
        operational[number] += float(hours) * ("production" in tags)
        people.add(person)
    weeks = watch(log)
    assert len(rows) == len(log.entries) and len(people) == 6
    for n, week in enumerate(weeks, 1):
        assert everything[n] == 6 * WEEK
        assert week.share == pytest.approx(operational[n] / everything[n])
        if n < QUARTER:
            assert week.trailing is None and not week.alarm
            continue
        window = range(n - QUARTER + 1, n + 1)
        trailing = sum(operational[k] for k in window) / sum(everything[k] for k in window)
        assert week.trailing == pytest.approx(trailing)
    assert not weeks[12].alarm and weeks[-1].alarm


def test_tags_by_hand() -> None:
    assert read_tags(" Production; LINEAR manual ") == (
        Kind.PRODUCTION,
        (Trait.MANUAL, Trait.LINEAR),
    )


def test_guessing_by_words_is_wrong_this_often() -> None:
    """Counted by hand on the labelled titles: 13 guessed to be toil, 10 of them are, of 13."""
    cases = read_labelled(example("labelled"))
    assert len(cases) == 36
    assert precision(cases, Class.TOIL) == recall(cases, Class.TOIL) == Fraction(10, 13)
    assert precision(cases, Class.OVERHEAD) == 1 and recall(cases, Class.OVERHEAD) == Fraction(6, 7)
    counts = confusion(cases)
    assert sum(counts.values()) == len(cases)
    assert counts[Class.ENGINEERING, Class.TOIL] == 1  # "clean up the alert rules for good"
    assert precision([], Class.TOIL) is recall([], Class.TOIL) is None
