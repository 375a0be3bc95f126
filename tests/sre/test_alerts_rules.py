"""From an SLO to rules: the structure, the text, what is refused, and promtool's opinion."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lab_kernel.errors import BadInput
from lab_kernel.sre.alerts import query
from lab_kernel.sre.alerts.promql import Aggregate, Matcher, Opaque, Selector, duration
from lab_kernel.sre.alerts.rules import all_rules, rules, text
from lab_kernel.sre.slo import examples
from lab_kernel.sre.slo.openslo import openslo

from .promtool import needs_promtool, promtool
from .slos import made, slo, spec


def read(written: str) -> Any:
    return YAML(typ="safe").load(written)


def flat(expr: str) -> str:
    return re.sub(r"\( | \)", lambda m: m[0].strip(), " ".join(expr.split()))


def test_the_golden_example() -> None:
    """The structure that scenarios with known times were found to hold for."""
    found = made("checkout-errors")
    assert not found.dropped
    [group] = read(found.group.text())["groups"]
    recordings = [each for each in group["rules"] if "record" in each]
    page, ticket = (each for each in group["rules"] if "alert" in each)
    windows = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"]
    labels = {"service": "checkout", "slo": "checkout-errors"}
    assert [each["record"] for each in recordings] == [
        f"slo:error_ratio:rate{window}" for window in windows
    ]
    for window, each in zip(windows, recordings, strict=True):
        assert each["labels"] == labels
        name = 'http_requests_total{service="checkout"'
        bad = f'sum(rate({name},code=~"5.."}}[{window}]))'
        total = f"sum(rate({name}}}[{window}]))"
        assert flat(each["expr"]) == f"({bad} or 0 * {total}) / ({total} > 0)"
    assert page["alert"] == ticket["alert"]
    assert page["labels"] == {"severity": "page", **labels}
    assert ticket["labels"] == {"severity": "ticket", **labels}
    assert pairs(page["expr"]) == [("1h", "0.0144", "5m"), ("6h", "0.006", "30m")]
    assert pairs(ticket["expr"]) == [("1d", "0.003", "2h"), ("3d", "0.001", "6h")]


def pairs(expr: str) -> list[tuple[str, str, str]]:
    """Long window, threshold, short window of ((a > x and b > x) or (c > y and d > y))."""
    one = r'slo:error_ratio:rate(\w+)\{service="checkout",slo="checkout-errors"\} > ([\d.]+)'
    found = []
    for part in flat(expr).split(" or "):
        whole = re.fullmatch(rf"\({one} and {one}\)", part)
        assert whole and whole[2] == whole[4]
        found.append((whole[1], whole[2], whole[3]))
    return found


def test_good_over_total_is_not_one_minus_a_ratio() -> None:
    """1 - good / total fires at a burn rate of exactly 1; total - good does not."""
    [group] = read(made("checkout").group.text())["groups"]
    expr = flat(group["rules"][0]["expr"])
    good = 'sum(rate(http_requests_total{service="checkout",code!~"5.."}[5m]))'
    total = 'sum(rate(http_requests_total{service="checkout"}[5m]))'
    assert expr == f"({total} - ({good} or 0 * {total})) / ({total} > 0)"


@pytest.mark.parametrize(
    ("name", "dropped"),
    [
        ("checkout", []),
        ("checkout-latency", ["below one"]),
        ("login-timeslices", ["below one", "below one"]),
        ("queue-depth", ["below one", "below one"]),
        ("report-quarter", ["too short", "too short"]),
        ("search-month", []),
    ],
)
def test_dead_pairs_are_handed_back_and_not_written(name: str, dropped: list[str]) -> None:
    found = made(name)
    assert [each.dead for each in found.dropped] == dropped
    for condition in found.dropped:
        threshold = str(condition.threshold.normalize())
        assert f"> {threshold}\n" not in found.group.text()


def test_a_low_objective_keeps_its_ticket() -> None:
    """50%: 14.4 would need 720% errors; the threshold of 1 is 50%."""
    found = rules(spec(target="0.5"))
    assert [each.threshold for each in found.conditions] == [Decimal("0.5")]
    assert [alert.labels["severity"] for alert in found.group.alerts] == ["ticket"]


@pytest.mark.parametrize(("target", "period"), [("0", "30d"), ("0.999", "1d"), ("0.1", "7d")])
def test_if_nothing_is_left_it_is_refused(target: str, period: str) -> None:
    with pytest.raises(BadInput, match="answers"):
        rules(spec(target=target, period=period))


def test_several_objectives_are_told_apart() -> None:
    two = examples.example("checkout").rstrip() + "\n    - target: 0.99\n"
    found = all_rules(openslo(two, "two"))
    names = [each.group.recordings[0].labels["slo"] for each in found]
    assert names == ["checkout-availability-1", "checkout-availability-2"]
    assert len(read(text([each.group for each in found]))["groups"]) == 2


def test_names_that_yaml_or_promql_would_misread() -> None:
    odd = examples.example("checkout-errors").replace(
        "service: checkout", "service: 'no \"quotes\"'"
    )
    [group] = read(rules(openslo(odd, "odd")[0]).group.text())["groups"]
    assert group["rules"][0]["labels"]["service"] == 'no "quotes"'
    assert r'service="no \"quotes\""' in group["rules"][-1]["expr"]


@needs_promtool
def test_promtool_accepts_every_example(tmp_path: Path) -> None:
    files = []
    for name in examples.names():
        files.append(tmp_path / f"{name}.yml")
        files[-1].write_text(text([each.group for each in all_rules([slo(name)])]))
    low = tmp_path / "low.yml"
    low.write_text(rules(spec(target="0.8", period="1Q")).group.text())
    said = promtool("check", "rules", *files, low)
    assert said.good and said.text.count("SUCCESS") == len(files) + 1 >= 6, said.text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (300, "5m"), (1800, "30m"), (5400, "1h30m"), (86_400, "1d"), (259_200, "3d"),
        (604_800, "1w"), (90 * 86_400, "90d"), (365 * 86_400, "1y"), (61, "1m1s"), (0, "0s"),
    ],
)  # fmt: skip
def test_durations_as_prometheus_writes_them(seconds: int, said: str) -> None:
    """prometheus/common, model/time.go: weeks and years only where nothing is left."""
    assert duration(seconds) == said


COUNTER = Selector("a_total", (Matcher("code", "=~", "5.."), Matcher("job", "=", 'x"}')))


@pytest.mark.parametrize(
    "written",
    [
        r'a_total{code=~"5..",job="x\"}"}',
        r"""sum( a_total{ code =~ '5..' , job=`x"}` } )""",
        r'sum(rate(a_total{code=~"5..",job="x\"}",}[5m]))',
        r'rate(a_total{code=~"5..",job="x\"}"}[1h30m])',
    ],
)
def test_counters_are_found_in_queries(written: str) -> None:
    assert query.counter(written, "where") == COUNTER
    assert query.selector(str(COUNTER)) == COUNTER


@pytest.mark.parametrize(
    "written",
    ["", "a_total + b", "sum by (job) (a_total)", 'a{b="c"', "histogram_quantile(0.9, a)", "1"],
)
def test_other_queries_are_refused_for_counters(written: str) -> None:
    with pytest.raises(BadInput, match="where"):
        query.counter(written, "where")


def test_a_broken_pattern_is_refused() -> None:
    with pytest.raises(BadInput, match="regular expression"):
        query.counter('a{b=~"("}', "where")


def test_figures_may_be_anything() -> None:
    assert query.value("max(a)", "where") == Aggregate("max", Selector("a"))
    assert isinstance(query.value("histogram_quantile(0.9, rate(a[5m]))", "where"), Opaque)
    with pytest.raises(BadInput):
        query.value(" ", "where")


def test_a_raw_ratio_takes_no_occurrences() -> None:
    raw = examples.example("report-quarter")
    by_events = raw.replace("RatioTimeslices", "Occurrences").replace(
        "      timeSliceWindow: 1h\n", ""
    )
    with pytest.raises(BadInput, match="raw ratio"):
        rules(openslo(by_events, "raw")[0])
