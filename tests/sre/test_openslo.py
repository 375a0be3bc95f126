"""Reading OpenSLO v1: what is valid, and every way to be wrong, by line and path.

Oracle: the specification as ``openslo_schema`` restates it. A document is read if and only if the
schema has it as valid; the few rules that one document's schema cannot state are listed apart.
"""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from lab_kernel.errors import BadInput
from lab_kernel.language import language
from lab_kernel.sre.slo.examples import example, names
from lab_kernel.sre.slo.openslo import openslo
from lab_kernel.sre.slo.spec import Calendar, Duration, RatioMetric, Rolling, ThresholdMetric
from tests.sre.openslo_schema import valid


def plain(text: str) -> list[Any]:
    """The documents of a file, read by ruamel.yaml itself, times left as text."""
    yaml = YAML(typ="safe", pure=True)
    found = list(yaml.load_all(text))
    return json.loads(json.dumps(found, default=lambda time: str(time)))  # type: ignore[no-any-return]


CHECKOUT = plain(example("checkout"))[0]
SLICES = plain(example("login-timeslices"))[0]
THRESHOLD = plain(example("queue-depth"))[0]
MONTH = plain(example("search-month"))[0]
RAW = plain(example("report-quarter"))[0]
GONE = object()


def changed(document: Any, path: str, new: object) -> Any:
    """A copy with another value at the end of the path, or with none."""
    copy = here = deepcopy(document)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    for step in way:
        here = here[step]
    if new is GONE:
        del here[last]
    else:
        here[last] = new
    return copy


def read(document: Any) -> Any:
    return openslo(json.dumps(document))[0]


@pytest.mark.parametrize("name", names())
def test_the_examples_are_valid(name: str) -> None:
    documents = plain(example(name))
    assert all(map(valid, documents))
    for slo, again in zip(
        openslo(example(name), name),
        openslo("\n---\n".join(map(json.dumps, documents)), name),
        strict=True,
    ):
        assert 0 < slo.objective.budget < 1
        assert (slo.name, slo.indicator, slo.window) == (again.name, again.indicator, again.window)
        assert slo.objectives == again.objectives


def test_what_the_examples_say() -> None:
    slo = openslo(example("checkout"))[0]
    assert (slo.name, slo.service) == ("checkout-availability", "checkout")
    assert slo.objective.target == Decimal("0.999")
    assert slo.objective.budget == Decimal("0.001") != Decimal(1 - 0.999)
    assert slo.window == Rolling(Duration(30, "d")) and slo.window.duration.minutes == 43_200
    assert isinstance(slo.indicator, RatioMetric) and slo.indicator.counter
    assert slo.indicator.good and "code!~" in slo.indicator.good.query
    assert slo.good == "status<500"
    latency = openslo(example("checkout-latency"))[0]
    assert isinstance(latency.indicator, RatioMetric) and latency.indicator.total
    assert latency.indicator.total.type == "Prometheus"  # from the DataSource
    assert latency.objective.target == Decimal("0.95") and latency.good and latency.valid
    month = openslo(example("search-month"))[0]
    assert isinstance(month.window, Calendar) and month.window.zone == "Asia/Seoul"
    depth = openslo(example("queue-depth"))[0]
    assert isinstance(depth.indicator, ThresholdMetric)
    assert (depth.objective.op, depth.objective.value) == ("lt", 1000)


OBJECTIVE, RATIO = "spec.objectives.0", "spec.indicator.spec.ratioMetric"
METRIC = CHECKOUT["spec"]["indicator"]["spec"]["ratioMetric"]["good"]
WRONG = [
    (CHECKOUT, f"{OBJECTIVE}.target", 1, "spec.objectives[0].target: 1 would leave no"),
    (CHECKOUT, f"{OBJECTIVE}.target", 1.0, "spec.objectives[0].target: 1.0 would leave no"),
    (CHECKOUT, f"{OBJECTIVE}.target", 99.9, "did you mean targetPercent?"),
    (CHECKOUT, f"{OBJECTIVE}.target", -0.1, "spec.objectives[0].target: -0.1 is not from 0"),
    (CHECKOUT, f"{OBJECTIVE}.target", "99.9%", "spec.objectives[0].target: a number is wanted"),
    (CHECKOUT, f"{OBJECTIVE}.target", True, "spec.objectives[0].target: a number is wanted"),
    (CHECKOUT, f"{OBJECTIVE}.target", GONE, "spec.objectives[0]: one of target and targetPercent"),
    (CHECKOUT, f"{OBJECTIVE}.targetPercent", 99.9, "targetPercent: target and targetPercent are"),
    (CHECKOUT, f"{OBJECTIVE}.goal", 1, "spec.objectives[0].goal: there is no such field"),
    (CHECKOUT, OBJECTIVE, {"targetPercent": 100}, "targetPercent: 100 would leave no"),
    (CHECKOUT, OBJECTIVE, {"targetPercent": 100.5}, "targetPercent: 100.5 is not from 0"),
    (CHECKOUT, "spec.objectives", [], "spec.objectives: at least one"),
    (CHECKOUT, "spec.objectives", GONE, "spec.objectives: required"),
    (CHECKOUT, f"{RATIO}.bad", METRIC, "ratioMetric.bad: good and bad are both there"),
    (CHECKOUT, f"{RATIO}.good", GONE, "ratioMetric: one of good and bad is needed"),
    (CHECKOUT, f"{RATIO}.total", GONE, "ratioMetric: one of total and raw is needed"),
    (CHECKOUT, f"{RATIO}.raw", METRIC, "ratioMetric.raw: total and raw are both there"),
    (CHECKOUT, f"{RATIO}.counter", "yes", "counter: true or false is wanted"),
    (CHECKOUT, f"{RATIO}.totals", METRIC, "ratioMetric.totals: there is no such field; did you"),
    (CHECKOUT, f"{RATIO}.good.metricSource.spec", {}, "good.metricSource.spec: it is empty"),
    (CHECKOUT, f"{RATIO}.good.metricSource.spec", GONE, "good.metricSource.spec: required"),
    (CHECKOUT, f"{RATIO}.good.metricSource.type", GONE, "good.metricSource: a type is needed"),
    (CHECKOUT, "spec.indicator.spec.thresholdMetric", METRIC, "ratioMetric and thresholdMetric"),
    (CHECKOUT, "spec.indicator.spec", {}, "one of ratioMetric and thresholdMetric"),
    (CHECKOUT, "spec.indicator", GONE, "spec: one of indicator and indicatorRef"),
    (CHECKOUT, "spec.indicatorRef", "other", "spec.indicatorRef: indicator and indicatorRef"),
    (CHECKOUT, "spec.timeWindow", GONE, "spec: timeWindow is missing"),
    (CHECKOUT, "spec.timeWindow", [], "spec.timeWindow: 0 windows"),
    (CHECKOUT, "spec.timeWindow", CHECKOUT["spec"]["timeWindow"] * 2, "timeWindow[1]: 2 windows"),
    (CHECKOUT, "spec.timeWindow.0.duration", "30 days", "timeWindow[0].duration: “30 days” is no"),
    (CHECKOUT, "spec.timeWindow.0.duration", "0d", "timeWindow[0].duration: “0d” is no duration"),
    (CHECKOUT, "spec.timeWindow.0.duration", "1y", "timeWindow[0].duration: “1y” is no duration"),
    (CHECKOUT, "spec.timeWindow.0.isRolling", False, "timeWindow[0]: isRolling: true is needed"),
    (MONTH, "spec.timeWindow.0.isRolling", True, "calendar: isRolling is true"),
    (MONTH, "spec.timeWindow.0.calendar.startTime", "2026-01-01", "startTime: write it as"),
    (MONTH, "spec.timeWindow.0.calendar.timeZone", GONE, "calendar.timeZone: required"),
    (CHECKOUT, "spec.budgetingMethod", "Occurences", "did you mean Occurrences?"),
    (CHECKOUT, "spec.budgetingMethod", "Timeslices", "timeSliceWindow is needed with Timeslices"),
    (CHECKOUT, "spec.budgetingMethod", GONE, "spec.budgetingMethod: required"),
    (SLICES, f"{OBJECTIVE}.timeSliceTarget", 0, "timeSliceTarget: 0 is not above 0"),
    (SLICES, f"{OBJECTIVE}.timeSliceTarget", 1.5, "timeSliceTarget: 1.5 is not above 0"),
    (SLICES, f"{OBJECTIVE}.timeSliceTarget", GONE, "timeSliceTarget is needed with Timeslices"),
    (SLICES, f"{OBJECTIVE}.timeSliceWindow", 0, "timeSliceWindow: “0” is no duration"),
    (RAW, f"{OBJECTIVE}.timeSliceWindow", GONE, "timeSliceWindow is needed with RatioTimeslices"),
    (RAW, f"{RATIO}.rawType", GONE, "ratioMetric: raw needs rawType"),
    (RAW, f"{RATIO}.rawType", "good", "rawType: “good” is not one of: success, failure"),
    (RAW, f"{RATIO}.bad", METRIC, "ratioMetric.bad: not together with raw"),
    (THRESHOLD, f"{OBJECTIVE}.op", "<", "op: “<” is not one of: lte, gte, lt, gt"),
    (CHECKOUT, "metadata.name", "Checkout", "metadata.name: “Checkout” is no name of RFC 1123"),
    (CHECKOUT, "metadata.name", "a" * 64, "metadata.name"),
    (CHECKOUT, "metadata.name", "-a", "metadata.name"),
    (CHECKOUT, "metadata.name", GONE, "metadata.name: required"),
    (CHECKOUT, "metadata.annotations", {"a/b/c": "d"}, "“a/b/c” is no key of an annotation"),
    (CHECKOUT, "metadata.annotations", {"good": 5}, "metadata.annotations.good: a text is wanted"),
    (CHECKOUT, "metadata.labels", {"team": 5}, "metadata.labels.team: a text is wanted"),
    (CHECKOUT, "spec.description", "a" * 1051, "1,051 letters"),
    (CHECKOUT, "spec.service", GONE, "spec.service: required"),
    (CHECKOUT, "spec.alertPolicies", "page", "spec.alertPolicies: a list is wanted"),
    (CHECKOUT, "apiVersion", "openslo/v1alpha", "apiVersion: “openslo/v1alpha” is not read here"),
    (CHECKOUT, "kind", "Slo", "kind: “Slo” is not one of"),
    (CHECKOUT, "spec", GONE, "spec: required"),
    (CHECKOUT, "extra", 1, "extra: there is no such field"),
]
# What the specification says and the schema of one document cannot.
BEYOND = [
    (THRESHOLD, f"{OBJECTIVE}.op", GONE, "op is needed with thresholdMetric"),
    (THRESHOLD, f"{OBJECTIVE}.value", GONE, "value is needed with thresholdMetric"),
    (CHECKOUT, "spec.timeWindow.0.duration", "101Y", "timeWindow[0].duration: more than 100 years"),
    (THRESHOLD, "spec.objectives", THRESHOLD["spec"]["objectives"] * 2, "takes one objective only"),
    (MONTH, "spec.timeWindow.0.calendar.timeZone", "Asia/Soul", "timeZone: “Asia/Soul” is not in"),
    (MONTH, "spec.timeWindow.0.calendar.timeZone", "../etc", "timeZone: “../etc” is not in"),
    (MONTH, "spec.timeWindow.0.calendar.startTime", "2026-02-30 00:00:00", "startTime: write it"),
]


@pytest.mark.parametrize(("document", "path", "new", "said"), WRONG)
def test_what_is_wrong_is_told_by_path(document: Any, path: str, new: object, said: str) -> None:
    broken = changed(document, path, new)
    assert valid(document) and not valid(broken)
    with pytest.raises(BadInput) as caught:
        read(broken)
    assert said in str(caught.value)
    assert caught.value.argument == "slo:1"


@pytest.mark.parametrize(("document", "path", "new", "said"), BEYOND)
def test_what_a_schema_cannot_say(document: Any, path: str, new: object, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(changed(document, path, new))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("path", "new"),
    [
        (f"{OBJECTIVE}.target", 0),
        (f"{OBJECTIVE}.target", 0.99999),
        (OBJECTIVE, {"targetPercent": 99.95}),
        ("spec.objectives", [{"target": 0.9}, {"target": 0.99}]),
        ("metadata.labels", {"team": "shop", "tags": ["a", "b"]}),
        ("metadata.displayName", "결제"),
        ("spec.alertPolicies", [{"alertPolicyRef": "page"}]),
        ("spec.description", None),
    ],
)
def test_what_is_right(path: str, new: object) -> None:
    document = changed(CHECKOUT, path, new)
    assert valid(document) or new is None
    assert read(document)


def test_both_ways_to_write_a_target_are_the_same() -> None:
    one = read(changed(CHECKOUT, OBJECTIVE, {"target": 0.9995}))
    other = read(changed(CHECKOUT, OBJECTIVE, {"targetPercent": 99.95}))
    assert one.objective == other.objective and one.objective.budget == Decimal("0.0005")


@given(st.decimals(0, 1, places=6))
@settings(max_examples=25, deadline=None)
def test_the_budget_is_exact(target: Decimal) -> None:
    document = changed(CHECKOUT, OBJECTIVE, {"target": float(target)})
    if target == 1:
        with pytest.raises(BadInput):
            read(document)
    else:
        found = read(document).objective
        assert found.target == target and found.target + found.budget == 1


def test_the_line_is_told() -> None:
    text = example("checkout").replace("target: 0.999", "target: 1.0")
    line = text.splitlines().index("    - displayName: three nines") + 2
    with pytest.raises(BadInput, match=rf"^a\.yaml:{line}: spec\.objectives\[0\]\.target: "):
        openslo(text, "a.yaml")
    with language("ko"), pytest.raises(BadInput, match="오류 예산"):
        openslo(text, "a.yaml")


LATENCY = example("checkout-latency")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("Ref: checkout-fast", "Ref: checkout-slow", "there is no SLI “checkout-slow-requests”"),
        ("service: checkout\n  ind", "service: chekout\n  ind", "did you mean checkout?"),
        ("name: shop-prom", "name: shop-prom2", "did you mean shop-prom2etheus?"),
        ("kind: SLO", "kind: Service", "there is no such field"),
        ("name: checkout\nspec:\n  desc", "name: chekout\nspec:\n  desc", "none of this file's"),
    ],
)
def test_references_have_to_be_there(before: str, after: str, said: str) -> None:
    assert before in LATENCY
    with pytest.raises(BadInput, match=r"^a\.yaml:\d+: .*") as caught:
        openslo(LATENCY.replace(before, after, 1), "a.yaml")
    assert said in str(caught.value)


def test_files_without_an_slo_and_with_one_twice() -> None:
    for text in ("", "# nothing", LATENCY.rpartition("---")[0]):
        with pytest.raises(BadInput, match="no document of kind SLO"):
            openslo(text)
    with pytest.raises(BadInput, match="is there twice, first in slo:"):
        openslo(f"{LATENCY}---\n{LATENCY.rpartition('---')[2]}")
    with pytest.raises(BadInput, match="not YAML"):
        openslo("a: [")
    with pytest.raises(BadInput, match="a mapping is wanted"):
        openslo("just words")


def test_documents_about_alerting_are_passed_over() -> None:
    policy = {
        "apiVersion": "openslo/v1",
        "kind": "AlertPolicy",
        "metadata": {"name": "page"},
        "spec": {"conditions": [{"conditionRef": "fast"}]},
    }
    assert openslo(json.dumps([policy, CHECKOUT]))[0].name == "checkout-availability"
