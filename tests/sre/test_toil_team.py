"""The team, its staffing, its on-call and what automating pays back.

Figures: SRE book, chapter 1 (staff grows sublinearly; excess goes back until 50%), chapter 5 (two
weeks of on-call in a rotation of 6 are 33%, in one of 8 25%), chapter 11 (6 hours an incident, so 2
in 12 hours; 25% on call; 8 people for one site). Queue: Pollaczek and Khinchine. xkcd 1205.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.sre.toil.oncall import INCIDENT, MOST, SHIFT, Rotation, over, shifts, smallest
from lab_kernel.sre.toil.payback import Automation, worth
from lab_kernel.sre.toil.staffing import Growth, constant
from lab_kernel.sre.toil.team import MINUTES, Team, quarters, simulate

TEAMS = st.builds(
    Team,
    staff=st.integers(1, 8),
    tickets=st.floats(0, 150),
    growth=st.sampled_from([-0.01, 0.0, 0.01, 0.05]),
    cap=st.sampled_from([None, Fraction(1, 2), Fraction(4, 5), Fraction(0)]),
    automated=st.floats(0, 1),
    point=st.sampled_from([0.0, 3.0, 12.0]),
    hand_back=st.booleans(),
    seed=st.integers(0, 5),
)


@settings(max_examples=60, deadline=None)
@given(TEAMS)
def test_minutes_are_conserved(team: Team) -> None:
    before = 0
    for step in simulate(team, 20):
        after = step.machines + step.done + step.handed + step.backlog
        assert step.arrived + before == after
        assert min(vars(step).values()) >= 0
        assert step.done <= team.ceiling
        assert step.engineering + step.done + round(team.overhead * team.minutes) == team.minutes
        assert step.building <= step.engineering
        before = step.backlog


@settings(max_examples=40, deadline=None)
@given(TEAMS, st.floats(0, 1))
def test_more_automation_never_lengthens_the_backlog(team: Team, more: float) -> None:
    assume(not team.hand_back)
    low, high = sorted((team.automated, more))
    less = simulate(Team(**vars(team) | {"automated": low}), 20)
    most = simulate(Team(**vars(team) | {"automated": high}), 20)
    assert all(a.arrived == b.arrived for a, b in zip(less, most, strict=True))
    assert all(b.backlog <= a.backlog for a, b in zip(less, most, strict=True))


@settings(max_examples=40, deadline=None)
@given(TEAMS)
def test_handing_back_never_creates_work(team: Team) -> None:
    kept = simulate(Team(**vars(team) | {"hand_back": False}), 20)
    back = simulate(Team(**vars(team) | {"hand_back": True}), 20)
    total = 0
    for a, b in zip(kept, back, strict=True):
        total += a.arrived - b.arrived
        assert b.arrived <= a.arrived and b.backlog == 0 and total >= 0
    assert sum(b.engineering for b in back) >= sum(a.engineering for a in kept)


def test_the_threshold_is_the_fluid_limit() -> None:
    """120 of 240 hours for 90 tickets of 2 hours: 90 x 2 x (1 - a) = 120 at a = 1/3."""
    team = Team()
    assert team.threshold() == pytest.approx(1 / 3)
    weeks = 300
    for share, slope in ((0.0, 60.0), (0.2, 24.0), (1 / 3 + 0.05, 0.0)):
        steps = simulate(Team(automated=share), weeks)
        grown = steps[-1].backlog / MINUTES / weeks
        assert grown == pytest.approx(slope, abs=1.5), share
    assert max(step.backlog for step in steps) < 3 * team.ceiling


def test_a_queue_by_pollaczek_and_khinchine() -> None:
    """One ticket a week of capacity, 0.8 arrive: as M/D/1 at its departures, on average
    rho + rho^2 / 2(1 - rho) are there, and rho^2 / 2(1 - rho) = 1.6 when one has been done."""
    team = Team(
        staff=1, tickets=0.8, hours=Fraction(20), overhead=Fraction(0), cap=Fraction(1, 2), seed=1
    )
    weeks = 60_000
    mean = sum(step.backlog for step in simulate(team, weeks)) / weeks / (20 * MINUTES)
    assert mean == pytest.approx(0.8**2 / (2 * (1 - 0.8)), rel=0.05)


def test_with_hand_back_the_load_falls_and_it_ends() -> None:
    steps = simulate(Team(hand_back=True), 104)
    assert sum(step.handed for step in steps[:8]) > 0
    assert sum(step.handed for step in steps[-26:]) < sum(step.handed for step in steps[:26])
    assert 0 < steps[-1].mended < 10
    share = sum(step.done for step in steps[-13:]) / 13 / Team().minutes
    assert share < 0.5


def test_without_hand_back_the_backlog_diverges() -> None:
    steps = simulate(Team(), 104)
    half, whole = steps[51].backlog, steps[103].backlog
    assert whole == pytest.approx(2 * half, rel=0.1)
    assert all(step.mended == 0 for step in steps)


def test_engineering_hours_under_three_caps() -> None:
    """The same flood of tickets, automation to be built out of engineering hours. Under a cap
    there are always some; without one there are none, and it is never built."""
    caps = (Fraction(1, 2), Fraction(4, 5), None)
    runs = {cap: simulate(Team(tickets=110, automated=0.6, point=12, cap=cap), 104) for cap in caps}
    half, eighty, none = (quarters(runs[cap]) for cap in caps)
    # 240 hours a week, an eighth of them overhead; 220 hours of tickets fill all that is left
    assert (half[0], eighty[0], none[0]) == (13 * 90, 13 * 18, 0)
    assert sum(half) > sum(eighty) > sum(none) == 0
    assert runs[caps[0]][-1].automated == 0.6 and runs[None][-1].automated == 0
    assert runs[None][-1].backlog > 0 == runs[caps[0]][-1].backlog


def test_what_is_automated_stays_flat_and_what_is_not_doubles() -> None:
    calm, twice = (
        [
            sum(step.done for step in simulate(Team(tickets=n, automated=a, cap=None), 52))
            for a in (0.0, 1.0)
        ]
        for n in (30, 60)
    )
    assert twice[0] / calm[0] == pytest.approx(2, rel=0.1)
    assert calm[1] == twice[1] == 0


def test_quarters_are_full_ones() -> None:
    steps = simulate(Team(tickets=0), 30)
    assert quarters(steps) == [13 * 210.0, 13 * 210.0]


def test_linear_sublinear_constant() -> None:
    assert Growth(6, 2, 0.1, 0.0).exponent == 1
    assert Growth(6, 2, 0.1, constant(0.1)).exponent == pytest.approx(0)
    assert 0 < Growth(6, 2, 0.1, 0.05).exponent < 1
    team = Growth(6, 2, 0.1, 0.05)
    for quarter in (1, 8, 20):
        manual = team.automated(quarter) - team.builders
        assert manual == pytest.approx(team.people * team.size(quarter) ** team.exponent)
        assert team.by_hand(quarter) / team.people == pytest.approx(team.size(quarter))


@given(st.floats(0.5, 30), st.floats(0, 10), st.floats(0.01, 0.5), st.floats(0, 0.6))
def test_the_crossover(people: float, builders: float, growth: float, rate: float) -> None:
    team = Growth(people, builders, growth, rate)
    first = team.crossover()
    if first is not None:
        assert team.automated(first) < team.by_hand(first)
        assert first == 0 or team.automated(first - 1) >= team.by_hand(first - 1)
    elif rate:
        assert team.automated(200) >= team.by_hand(200)
    if not rate and builders:
        assert first is None


def test_a_growth_that_is_none() -> None:
    for values in ((6, 2, 0.1, 1.0), (6, 2, 0.0, 0.1), (0, 2, 0.1, 0.1), (6, -1, 0.1, 0.1)):
        with pytest.raises(BadInput):
            Growth(*values)


def test_the_rotation_of_the_book() -> None:
    assert (MOST, SHIFT // INCIDENT, smallest()) == (2, 2, 8)
    assert [Rotation(n).share for n in (6, 8)] == [Fraction(1, 3), Fraction(1, 4)]
    assert [Rotation(n).within for n in (7, 8, 12)] == [False, True, True]
    assert smallest(roles=1) == 4


@given(st.integers(1, 4), st.integers(1, 60))
def test_the_smallest_rotation_is_the_smallest(roles: int, people: int) -> None:
    assert Rotation(people, roles).within == (people >= smallest(roles))


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0, 4.0])
def test_shifts_by_the_poisson_distribution(rate: float) -> None:
    counts = shifts(rate, weeks=400, seed=3)
    assert len(counts) == 5600
    assert sum(counts) / 5600 == pytest.approx(rate, rel=0.05)
    for n in range(4):
        expected = math.exp(-rate) * rate**n / math.factorial(n)
        assert counts.count(n) / 5600 == pytest.approx(expected, abs=0.02)
    assert sum(n > MOST for n in counts) / 5600 == pytest.approx(over(rate), abs=0.02)


def test_no_incidents() -> None:
    assert shifts(0) == [0] * 14 and over(0) == 0
    # an average of 2 is over 2 in a third of all shifts: 1 - 5 e^-2
    assert over(2) == pytest.approx(1 - 5 * math.exp(-2))


@given(st.integers(1, 40), st.integers(0, 2000), st.integers(0, 100), st.integers(0, 20))
def test_break_even_by_its_closed_form(hours: int, cost: int, saved: int, quarters: int) -> None:
    plan = Automation(hours=hours, cost=cost, saved=saved / 100, upkeep=quarters / 4)
    gain = Fraction(hours * saved, 100) - Fraction(quarters, 4)
    week = math.ceil(cost / gain) if gain > 0 else None if cost else 0
    assert plan.closed() == week
    assert plan.even() == (week if week is not None and week <= 260 else None)


def test_break_even_with_growth_by_the_geometric_series() -> None:
    plan = Automation(hours=2, cost=100, growth=0.03)
    week = plan.even()
    assert week is not None
    for n, at_least in ((week, True), (week - 1, False)):
        assert (2 * (1.03**n - 1) / 0.03 >= 100) is at_least
    balance = plan.balance(week)
    assert balance[0] == -100 and all(b > a for a, b in pairwise(balance))


def test_upkeep_that_eats_what_is_saved() -> None:
    assert Automation(hours=4, cost=10, saved=0.5, upkeep=2).even() is None
    assert Automation(hours=4, cost=10, saved=0.5, upkeep=2, growth=0.01).even() is not None


@pytest.mark.parametrize(
    ("minutes", "times", "hours"), [(1, 52, 4), (5, 52, 21), (5, 365, 6 * 24), (30, 12, 30)]
)
def test_the_comics_own_numbers(minutes: float, times: float, hours: float) -> None:
    """xkcd 1205, five years: a minute a week is worth 4 hours, 5 minutes a week 21 hours,
    5 minutes a day 6 days; it rounds down."""
    assert hours <= worth(minutes, times) < hours * 1.2
