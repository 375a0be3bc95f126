"""Scenarios, their tests for promtool, and the mutants that these tests have to notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.host import recording
from lab_kernel.sre.alerts.burn import HOUR
from lab_kernel.sre.alerts.demo import ready, trials
from lab_kernel.sre.alerts.evaluator import Evaluator
from lab_kernel.sre.alerts.happening import Sample, Stretch, Truth, happened, series
from lab_kernel.sre.alerts.indicator import Ratio
from lab_kernel.sre.alerts.mutants import KINDS as MISTAKES
from lab_kernel.sre.alerts.mutants import Mutant, mutants
from lab_kernel.sre.alerts.promtests import Trial, text
from lab_kernel.sre.alerts.rules import Group, Rules, rules
from lab_kernel.sre.alerts.scenarios import (
    DROP,
    FAST,
    HEALTHY,
    NO_ERRORS,
    NO_TRAFFIC,
    OUTAGE,
    SLOW,
    Scenario,
    scenarios,
)
from lab_kernel.sre.slo import examples
from lab_kernel.sre.slo.openslo import openslo

from .promtool import Said, needs_promtool, promtool
from .slos import SHORTER, made, spec

DAYS = 4320  # minutes of health before anything happens


@cache
def all_of(name: str) -> tuple[Rules, list[Scenario]]:
    """An example's; "shorter" is the ratio of counters with windows of hours."""
    found = made("checkout-errors", SHORTER) if name == "shorter" else made(name)
    return found, scenarios(found.measured, found.conditions)


NAMES = [*examples.names(), "shorter"]


def minute_by_minute(bad: Sequence[int], requests: int = 1000) -> Evaluator:
    """Three healthy days, then so many bad ones in each minute."""
    found = made("checkout-errors")
    each = [0] * DAYS + list(bad)
    samples = [Sample(60 * (n + 1), requests, wrong) for n, wrong in enumerate(each)]
    return Evaluator(series(samples, found.measured), found.group)


def severities(evaluator: Evaluator, minute: int) -> set[str]:
    return {dict(labels)["severity"] for labels in evaluator.firing(60 * (DAYS + minute))}


# The golden example's scenarios, with the times that were measured with promtool 2.42.


def test_a_burn_of_15() -> None:
    """Formula: 57.6 minutes, and 288 for the ticket."""
    evaluator = minute_by_minute([15] * 300)
    assert severities(evaluator, 55) == set()
    assert severities(evaluator, 60) == {"page"}
    assert severities(evaluator, 280) == {"page"}
    assert severities(evaluator, 295) == {"page", "ticket"}


def test_a_burn_of_5() -> None:
    """Formula: 864 minutes."""
    evaluator = minute_by_minute([5] * 1000)
    assert severities(evaluator, 850) == set()
    assert severities(evaluator, 880) == {"ticket"}
    assert all("page" not in severities(evaluator, minute) for minute in range(0, 1001, 50))


def test_a_total_outage_of_ten_minutes() -> None:
    evaluator = minute_by_minute([1000] * 10 + [0] * 400)
    found = {minute: severities(evaluator, minute) for minute in (3, 35, 45, 360, 380)}
    assert found[3] >= {"page"}
    assert found[35] == {"page", "ticket"}
    assert found[45] == {"ticket"}  # the window of 30 minutes is clean
    assert found[360] == {"ticket"}
    assert found[380] == set()  # and that of 6 hours, too


def test_the_pair_of_24_and_2_hours_adds_nothing_while_traffic_is_even() -> None:
    """r2h > 3B implies r6h > B, and r1d > 3B implies r3d > B."""
    budget = Decimal("0.001")
    for bad in ([5] * 1000, [1000] * 10 + [0] * 200, [0, 40] * 300):
        samples = [Sample(60 * (n + 1), 1000, each) for n, each in enumerate([0] * DAYS + bad)]
        truth = Truth(samples, made("checkout-errors").measured)
        for minute in range(0, len(bad), 7):
            time = 60 * (DAYS + minute)
            for narrower, wider in ((24, 72), (2, 6)):
                narrow, broad = (truth.share(w * HOUR, time) for w in (narrower, wider))
                assert narrow is not None and broad is not None
                assert broad > budget or narrow <= 3 * budget


# What is generated for any SLO.


@pytest.mark.parametrize("name", NAMES)
def test_the_evaluator_passes_every_scenario(name: str) -> None:
    """Also when ranges are open on the left, as in Prometheus 3."""
    found, tests = all_of(name)
    for test in tests:
        assert Trial(test).failures(found.group, found.group) == []
        assert Trial(test, left_open=True).failures(found.group, found.group) == []


def test_the_seven_kinds_are_there() -> None:
    kinds = [test.kind for test in all_of("checkout-errors")[1]]
    wanted = [HEALTHY, FAST, FAST, SLOW, SLOW, OUTAGE, OUTAGE, NO_ERRORS, NO_TRAFFIC, DROP]
    assert kinds == wanted


def test_every_alert_is_seen_to_fire_and_to_stop() -> None:
    for name in ("checkout", "checkout-errors", "checkout-latency", "search-month", "shorter"):
        for test in all_of(name)[1]:
            fired = [check.severities for check in test.checks]
            if test.kind in (FAST, SLOW, DROP):
                assert not fired[0] and fired[-1], (name, test.name, fired)
            if test.kind == OUTAGE:
                assert any(fired) and not fired[0] and not fired[-1], (name, test.name, fired)
            if test.kind in (HEALTHY, NO_ERRORS, NO_TRAFFIC):
                assert not any(fired)


@needs_promtool
@pytest.mark.parametrize("name", ["shorter", "login-timeslices", "queue-depth", "report-quarter"])
def test_promtool_is_green(name: str, tmp_path: Path) -> None:
    found, tests = all_of(name)
    assert ask(tmp_path, found, [("all", found.group, tests)]).good


@needs_promtool
@pytest.mark.parametrize(("name", "kind"), [("checkout", OUTAGE), ("checkout-latency", DROP)])
def test_promtool_is_green_on_what_takes_days(name: str, kind: str, tmp_path: Path) -> None:
    """One scenario of days each; all of them pass, too, and take ten times as long."""
    found, tests = all_of(name)
    some = [next(test for test in tests if test.kind == kind)]
    some += [test for test in tests if test.ratio_at is not None]
    assert ask(tmp_path, found, [("some", found.group, some)]).good


def ask(where: Path, found: Rules, asked: Sequence[tuple[str, Group, Sequence[Scenario]]]) -> Said:
    """One call of promtool: rules by name, each with the tests to run on them."""
    files = []
    for name, group, tests in asked:
        (where / f"{name}.rules.yml").write_text(group.text())
        files.append(where / f"{name}.yml")
        files[-1].write_text(text([(found.group, tests)], f"{name}.rules.yml"))
    said = promtool("test", "rules", *files)
    assert said.text.count("Unit Testing:") == len(files)
    return said


# One slice of five minutes in an hour is 8.3%, and the threshold 3.36%: a single bad slice is
# enough in either window, whatever is wrong with the long one. These are the same rules, said
# differently.
SAME = {
    "queue-depth": {
        "long window dropped 1h/5m",
        "factor too small 1h/5m",
        "recorded over the wrong window 1h",
    }
}


@pytest.mark.parametrize("name", NAMES)
def test_every_mutant_is_noticed(name: str) -> None:
    found, tests = all_of(name)
    every = mutants(found.group)
    assert len({mutant.name for mutant in every}) == len(every) >= 19
    trials = [Trial(test) for test in tests]
    survive = {m.name for m in every if not any(t.failures(m.group, found.group) for t in trials)}
    assert survive == SAME.get(name, set())


def test_the_mistakes_are_all_made() -> None:
    found, _tests = all_of("checkout")
    assert {mutant.kind for mutant in mutants(found.group)} == set(MISTAKES)
    assert all(mutant.group != found.group for mutant in mutants(found.group))


@needs_promtool
def test_promtool_and_the_evaluator_agree_on_every_mutant(tmp_path: Path) -> None:
    """A test that notices it here fails there, and one that does not passes there, too."""
    found, tests = all_of("shorter")
    trials = [Trial(t) for t in sorted(tests, key=lambda t: -len(t.series[0].times))]
    asked, wanted = [], []
    for n, mutant in enumerate(mutants(found.group)):
        verdicts = {bool(t.failures(mutant.group, found.group)): t.scenario for t in trials}
        assert True in verdicts, mutant.name
        for failed in (True, False)[: 1 if n % 4 else 2]:
            asked.append((f"m{n:02}-{failed}", mutant.group, [verdicts[failed]]))
            wanted.append((mutant.name, failed))
    said = ask(tmp_path, found, asked).text.split("Unit Testing:")[1:]
    assert wanted == [
        (name, "FAILED" in part) for (name, _f), part in zip(wanted, said, strict=True)
    ]


@settings(max_examples=5)
@given(
    st.decimals("0.9", "0.9999", places=4),
    st.integers(3, 40),
    st.booleans(),
)
def test_any_objective_and_period(target: Decimal, days: int, good: bool) -> None:
    """The tests pass on what was written for them, and notice what can go wrong most easily."""
    query = 'requests_total{job="a",code!="500"}' if good else ""
    try:
        found = rules(spec(target=str(target), period=f"{days}d", good=query))
    except BadInput:
        return
    tests = scenarios(found.measured, found.conditions)
    for test in tests:
        assert Trial(test).failures(found.group, found.group) == [], test.name
        assert Trial(test, left_open=True).failures(found.group, found.group) == [], test.name
    trials = [Trial(test) for test in tests]
    for mutant in _easy(mutants(found.group)):
        assert any(t.failures(mutant.group, found.group) for t in trials), mutant.name


def _easy(every: Sequence[Mutant]) -> list[Mutant]:
    return [each for each in every if each.kind in (*MISTAKES[7:10], *MISTAKES[11:])]


@pytest.mark.parametrize(
    ("bad", "total", "together"),
    [
        ('a{code=~"5.."}', "a", True),
        ('a{code="500",job="x"}', 'a{job="x"}', True),
        ("errors_total", "requests_total", False),
        ('a_bucket{le="0.3"}', "a_count", False),
    ],
)
def test_series_that_an_slo_selects(bad: str, total: str, together: bool) -> None:
    """The bad are among all, or counted apart; either way the ratio comes out."""
    found = rules(spec(bad=bad, total=total))
    assert isinstance(found.measured, Ratio)
    made_up = series(
        happened([Stretch(7200, Decimal("0.25"), 100)], found.measured), found.measured
    )
    chosen = [each for each in made_up if found.measured.total.matches(each.labels)]
    assert len(chosen) == (2 if together else 1)
    ratio = Evaluator(made_up).at(found.measured.over(3600), 7200)
    assert ratio == {frozenset(): pytest.approx(0.25)}


def test_a_query_that_nobody_can_make_series_for() -> None:
    odd = examples.example("queue-depth").replace("max(orders_waiting)", "a + b")
    found = rules(openslo(odd, "odd")[0])
    assert "max((a + b) >= -Inf)" in found.group.text()
    with pytest.raises(BadInput, match="tests"):
        scenarios(found.measured, found.conditions)


def test_the_text_is_always_the_same() -> None:
    found, tests = all_of("checkout-latency")
    again = made("checkout-latency")
    assert again.group.text() == found.group.text()
    other = scenarios(again.measured, again.conditions)
    assert text([(again.group, other)], "r.yml") == text([(found.group, tests)], "r.yml")
    assert text([(replace(found.group, alerts=found.group.alerts[:1]), tests)], "r.yml")


def test_what_promtool_said_of_every_mutant_was_recorded() -> None:
    """All tests on all mutants of ``checkout-errors``, which takes promtool minutes. Of a wrong
    ratio it names the expression instead of the test."""
    said = recording("promtool").metadata["verdicts"]
    right = ready().group
    here = {
        mutant.name: {
            "ratio" if trial.scenario.ratio_at is not None else trial.scenario.name
            for trial in trials()
            if trial.failures(mutant.group, right)
        }
        for mutant in mutants(right)
    }
    assert here == {name: set(failed) for name, failed in said.items()}
    assert len(here) == 35 and all(here.values())
