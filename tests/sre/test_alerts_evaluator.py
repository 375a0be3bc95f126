"""The evaluator against promtool, on series and rules that chance made; and what its contract says.

promtool evaluates with Prometheus' own engine. All cases go into one file, because each call costs
a tenth of a second and more.
"""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.sre.alerts.evaluator import Evaluator, Vector
from lab_kernel.sre.alerts.promql import (
    Aggregate,
    Average,
    Binary,
    Expr,
    Matcher,
    Number,
    Opaque,
    Rate,
    Selector,
)
from lab_kernel.sre.alerts.rules import Alert, Group, Recording
from lab_kernel.sre.alerts.series import Series, labels_for, notation

from .promtool import needs_promtool, promtool

BAD = Selector("requests_total", (Matcher("code", "=~", "5.."),))
ALL = Selector("requests_total")
GAUGE = Selector("waiting", (Matcher("queue", "!=", "none"),))


def number(value: str) -> Number:
    return Number(Decimal(value))


def ratio(window: int) -> Expr:
    """As the rules write it."""
    bad, every = (Aggregate("sum", Rate(each, window)) for each in (BAD, ALL))
    counted = Binary("or", bad, Binary("*", number("0"), every))
    return Binary("/", counted, Binary(">", every, number("0")))


def share(window: int, step: int) -> Expr:
    known = Aggregate("max", Binary(">=", GAUGE, number("-Infinity")))
    return Average(Binary(">=", known, number("5"), bool=True), window, step)


WINDOWS = (120, 300, 900, 3600)
EXPRESSIONS: tuple[Expr, ...] = (
    *(Rate(ALL, window) for window in WINDOWS),
    *(ratio(window) for window in WINDOWS),
    *(share(window, 60) for window in WINDOWS),
    share(900, 300),
    Average(Binary(">", ratio(300), number("0.1"), bool=True), 3600, 300),
    Binary("and", Binary(">", ratio(900), number("0.2")), Binary(">", ratio(120), number("0.2"))),
    Binary("-", Aggregate("sum", ALL), Aggregate("min", ALL)),
    Aggregate("avg", GAUGE),
    GAUGE,
)

# A counter grows, stands still, starts again from nothing, or was not scraped.
STEPS = st.lists(
    st.one_of(st.integers(0, 30), st.just(0), st.just("reset"), st.just("gone")),
    min_size=2, max_size=70,
)  # fmt: skip
VALUES = st.lists(
    st.one_of(st.integers(0, 9), st.just(float("nan")), st.none()), min_size=2, max_size=70
)


Steps = list[int | str]


def counter(code: str, begin: int, steps: Steps, interval: int) -> Series:
    times, values, value = [], [], begin
    for n, step in enumerate(steps):
        if step == "gone":
            continue
        value = 3 if step == "reset" else value + int(step)
        times.append(n * interval)
        values.append(value)
    return Series({"__name__": "requests_total", "code": code}, times, values)


def gauge(values: list[float | None], interval: int) -> Series:
    there = [(n * interval, value) for n, value in enumerate(values) if value is not None]
    labels = {"__name__": "waiting", "queue": "a"}
    return Series(labels, [time for time, _v in there], [value for _t, value in there])


Case = tuple[int, int, list[Series]]


def case(
    interval: int, after: int, begin: int, steps: tuple[Steps, Steps], values: list[float | None]
) -> Case:
    good, bad = counter("200", begin, steps[0], interval), counter("500", 0, steps[1], interval)
    return interval, after, [good, bad, gauge(values, interval)]


CASES = st.builds(
    case,
    st.sampled_from([15, 30, 60, 120]),
    st.integers(0, 600),
    st.integers(0, 50),
    st.tuples(STEPS, STEPS),
    VALUES,
)


def collected(count: int) -> list[Case]:
    """As many cases as asked for, the same in every run."""
    found: list[Case] = []

    @settings(max_examples=count, database=None, suppress_health_check=list(HealthCheck))
    @given(CASES)
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


def asked(interval: int, time: int, series: list[Series]) -> str:
    """A test of promtool's that wants of every expression what the evaluator found: so many
    series, and so many of them this close to each value."""
    lines = [f"- interval: {interval}s", "  input_series:"]
    for each in series:
        if each.times:
            lines.append(f"  - {{series: '{each}', values: '{notation(each, interval)}'}}")
    lines.append("  promql_expr_test:")
    evaluator = Evaluator(series)
    for expr in EXPRESSIONS:
        found = evaluator.at(expr, time)
        assert isinstance(found, dict)
        values = [value for value in found.values() if math.isfinite(value)]
        wanted = {f"count({expr})": len(found)}
        for value in values:
            close = sum(abs(each - value) <= 1e-9 for each in values)
            wanted[f"count(abs(({expr}) - {value!r}) <= 1e-9)"] = close
        for query, count in wanted.items():
            lines += [f"  - expr: '{query}'", f"    eval_time: {time}s"]
            lines.append(f"    exp_samples: [{f'{{value: {count}}}' if count else ''}]")
    return "\n".join(lines)


@needs_promtool
def test_promtool_agrees_on_what_chance_made(tmp_path: Path) -> None:
    cases = collected(40)
    tests = []
    for interval, after, series in cases:
        last = max((each.times[-1] for each in series if each.times), default=0)
        for time in (last // 2, last + after):  # promtool loads samples minute by minute
            tests.append(asked(interval, -(-time // 60) * 60, series))
    file = tmp_path / "tests.yml"
    file.write_text("evaluation_interval: 1m\ntests:\n" + "\n".join(tests) + "\n")
    said = promtool("test", "rules", file)
    assert said.good, said.text[:3000]
    assert len(tests) * len(EXPRESSIONS) > 1000


def steady(per_minute: int, minutes: int, code: str = "200") -> Series:
    values = [per_minute * n for n in range(minutes + 1)]
    labels = {"__name__": "requests_total", "code": code}
    return Series(labels, [60 * n for n in range(minutes + 1)], values)


def one(found: Vector | float) -> float:
    assert isinstance(found, dict)
    [value] = found.values()
    return value


def test_a_rate_is_per_second_and_a_reset_is_no_loss() -> None:
    assert one(Evaluator([steady(60, 10)]).at(Rate(ALL, 300), 600)) == 1.0
    again = Series({"__name__": "requests_total"}, [0, 60, 120], [100, 160, 60])
    assert one(Evaluator([again]).at(Rate(ALL, 120), 120)) == 1.0


def test_the_left_boundary_in_prometheus_2_and_3() -> None:
    """Migration guide: a range that begins exactly at a sample has one sample fewer in 3."""
    series = Series({"__name__": "requests_total"}, [0, 60, 120], [100, 100, 160])
    two = Evaluator([series]).at(Rate(ALL, 120), 120)
    three = Evaluator([series], left_open=True).at(Rate(ALL, 120), 120)
    assert one(two) == 0.5
    assert one(three) == 0.5 * 2  # one step seen, extended by the step before it
    assert Evaluator([series], left_open=True).at(Rate(ALL, 60), 120) == {}


def test_a_sample_counts_for_five_minutes() -> None:
    series = Series({"__name__": "waiting", "queue": "a"}, [0], [7])
    for left_open, last in ((False, 300), (True, 299)):
        evaluator = Evaluator([series], left_open=left_open)
        assert one(evaluator.at(GAUGE, last)) == 7
        assert evaluator.at(GAUGE, last + 1) == {}


def test_no_errors_are_zero_and_no_traffic_is_nothing() -> None:
    """A plain division would be empty for the one and NaN for the other."""
    assert one(Evaluator([steady(60, 10)]).at(ratio(300), 600)) == 0.0
    silent = Evaluator([steady(0, 10), steady(0, 10, "500")])
    assert silent.at(ratio(300), 600) == {}
    bad, every = (Aggregate("sum", Rate(each, 300)) for each in (BAD, ALL))
    assert Evaluator([steady(60, 10)]).at(Binary("/", bad, every), 600) == {}
    assert math.isnan(one(silent.at(Binary("/", bad, every), 600)))


def test_the_mean_of_ratios_is_not_the_ratio_of_sums() -> None:
    """Five clean hours with 10 requests a minute, one with 1,000 and 10% errors: 9.52% failed, the
    mean of the ratios of each five minutes is near 1.64%."""
    rates = [(10, 0)] * 300 + [(900, 100)] * 60
    good, bad = [0], [0]
    for right, wrong in rates:
        good.append(good[-1] + right)
        bad.append(bad[-1] + wrong)
    times = [60 * n for n in range(361)]
    evaluator = Evaluator(
        Series({"__name__": "requests_total", "code": code}, times, values)
        for code, values in (("200", good), ("500", bad))
    )
    assert round(one(evaluator.at(ratio(6 * 3600), 6 * 3600)), 4) == 0.0952
    mean = one(evaluator.at(Average(ratio(300), 6 * 3600, 60), 6 * 3600))
    assert 0.015 < mean < 0.018


ABOVE = Binary(">", Selector("high"), number("0"))


@pytest.mark.parametrize(
    ("hold", "values", "fires"),
    [
        (0, [0, 1, 1, 0, 1], [False, True, True, False, True]),
        (120, [0, 1, 1, 1, 1], [False, False, False, True, True]),
        (120, [1, 1, 0, 1, 1], [False, False, False, False, False]),
    ],
)
def test_for(hold: int, values: list[int], fires: list[bool]) -> None:
    """Alerting rules: active in each evaluation for so long; once not, and it begins again."""
    alert = Alert("High", ABOVE, {"severity": "page"}, hold=hold)
    series = Series({"__name__": "high", "job": "a"}, [60 * n for n in range(5)], values)
    found = Evaluator([series]).over(alert, range(0, 300, 60))
    assert [bool(labels) for _time, labels in found] == fires
    wanted = frozenset({("alertname", "High"), ("severity", "page"), ("job", "a")})
    assert all(labels <= {wanted} for _time, labels in found)


def test_a_recording_has_its_labels_and_can_be_selected() -> None:
    group = Group("g", (Recording("double", Binary("+", GAUGE, GAUGE), {"slo": "a"}),), ())
    series = Series({"__name__": "waiting", "queue": "a"}, [0], [4])
    evaluator = Evaluator([series], group)
    assert evaluator.at(Selector("double", (Matcher("slo", "=", "a"),)), 0) == {
        frozenset({("queue", "a"), ("slo", "a")}): 8
    }
    assert evaluator.at(Selector("double", (Matcher("slo", "=", "b"),)), 0) == {}


def test_a_comparison_keeps_the_series_not_the_number() -> None:
    series = Series({"__name__": "waiting", "queue": "a"}, [0], [4])
    assert one(Evaluator([series]).at(Binary("<", number("1"), GAUGE), 0)) == 4


def test_what_is_beyond_the_subset_is_refused() -> None:
    for expr in (Opaque("absent(a)"), Binary("+", number("1"), number("1"))):
        with pytest.raises(BadInput, match="cannot be evaluated"):
            Evaluator([]).at(expr, 0)


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([0, 60, 120, 180], "0+60x3"),
        ([5], "5"),
        ([5, 5, 5], "5+0x2"),
        ([9, 6, 3, 3], "9-3x2 3"),
        ([0, None, None, 4, 4.5], "0 _x2 4+0.5x1"),
    ],
)
def test_notation(values: list[float | None], written: str) -> None:
    there = [(60 * n, value) for n, value in enumerate(values) if value is not None]
    series = Series({"__name__": "a"}, [time for time, _v in there], [v for _t, v in there])
    assert notation(series, 60) == written


@pytest.mark.parametrize(
    ("matcher", "label"),
    [
        (Matcher("code", "=~", "5.."), "500"),
        (Matcher("code", "=~", "(4|5).."), "500"),
        (Matcher("code", "=~", "^[45][0-9]{2}$"), "404"),
        (Matcher("code", "=~", r"5\d\d|timeout"), "500"),
        (Matcher("method", "=~", "GET|POST"), "GET"),
        (Matcher("path", "=~", "/api/.+"), "/api/0"),
        (Matcher("le", "=", "0.3"), "0.3"),
    ],
)
def test_labels_that_a_selector_takes(matcher: Matcher, label: str) -> None:
    wanted = Selector("a", (matcher,))
    found = labels_for(wanted)
    assert found == {"__name__": "a", matcher.label: label}
    other = labels_for(Selector("a"), unlike=wanted)
    assert not wanted.matches(other)


def test_if_no_labels_are_found_it_says_so() -> None:
    contradiction = (Matcher("a", "=", "x"), Matcher("a", "=", "y"))
    with pytest.raises(BadInput, match="tests"):
        labels_for(Selector("a", contradiction))
