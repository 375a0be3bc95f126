"""The scenarios as unit tests for promtool, and as tests for the evaluator.

    text([(group, scenarios)], "rules.yml")                         # for promtool test rules
    Trial(scenario).failures(mutant, expected)                      # the same here

promtool asks at moments, not at changes: what is in its file holds for Prometheus 2 and 3.

Source: Prometheus documentation, "Unit testing for rules".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lab_kernel.sre.alerts.evaluator import Evaluator, Labels
from lab_kernel.sre.alerts.moments import GRID
from lab_kernel.sre.alerts.promql import Matcher, Selector, duration, quoted
from lab_kernel.sre.alerts.rules import Alert, Group, Recording
from lab_kernel.sre.alerts.scenarios import Scenario
from lab_kernel.sre.alerts.series import notation


class Failure(NamedTuple):
    """``what`` was asked at this second (an alert's or a recording's name): wanted and got."""

    time: int
    what: str
    wanted: str
    got: str


def text(tests: Iterable[tuple[Group, Sequence[Scenario]]], rules_file: str) -> str:
    """A file for ``promtool test rules``: every scenario of every group."""
    lines = ["rule_files:", f"  - {quoted(rules_file)}"]
    lines += [f"evaluation_interval: {duration(GRID)}", "tests:"]
    for group, scenarios in tests:
        for scenario in scenarios:
            lines += _test(group, scenario)
    return "\n".join(lines) + "\n"


def _test(group: Group, scenario: Scenario) -> Iterator[str]:
    yield f"  - name: {quoted(scenario.name)}"
    yield f"    interval: {duration(scenario.interval)}"
    yield "    input_series:"
    for series in scenario.series:
        yield f"      - series: {_single(str(series))}"
        yield f"        values: {quoted(notation(series, scenario.interval))}"
    yield "    alert_rule_test:"
    for check in scenario.checks:
        yield f"      - eval_time: {_minutes(check.time)}"
        yield f"        alertname: {group.alerts[0].alert}"
        fire = [alert for alert in group.alerts if alert.labels["severity"] in check.severities]
        yield f"        exp_alerts:{'' if fire else ' []'}"
        for alert in fire:
            yield "          - exp_labels:"
            yield from (f"              {key}: {quoted(v)}" for key, v in alert.labels.items())
            yield "            exp_annotations:"
            yield from (f"              {key}: {quoted(v)}" for key, v in alert.annotations.items())
    if scenario.ratio_at is not None:
        yield "    promql_expr_test:"
        for recording in group.recordings:
            selected = str(_selector(recording))
            yield f"      - expr: {_single(selected)}"
            yield f"        eval_time: {_minutes(scenario.ratio_at)}"
            if scenario.ratio is None:
                yield "        exp_samples: []"
            else:
                yield "        exp_samples:"
                yield f"          - labels: {_single(selected)}"
                yield f"            value: {scenario.ratio:g}"


def _selector(recording: Recording) -> Selector:
    matchers = tuple(Matcher(label, "=", value) for label, value in recording.labels.items())
    return Selector(recording.record, matchers)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _minutes(seconds: int) -> str:
    """For a reader who counts minutes."""
    return f"{seconds // 60}m" if seconds % 60 == 0 else f"{seconds}s"


class Trial:
    """A scenario that is tried on one group of rules after the other."""

    def __init__(self, scenario: Scenario, left_open: bool = False) -> None:
        self.scenario = scenario
        self._evaluator = Evaluator(scenario.series, left_open=left_open)

    def failures(self, rules: Group, expected: Group) -> list[Failure]:
        """What promtool would say of these rules, asked by the evaluator instead. ``expected`` is
        the group whose alerts should fire."""
        return list(_failures(self._evaluator.under(rules), self.scenario, rules, expected))


def _failures(
    evaluator: Evaluator, scenario: Scenario, rules: Group, expected: Group
) -> Iterator[Failure]:
    for check in scenario.checks:
        fire = [alert for alert in expected.alerts if alert.labels["severity"] in check.severities]
        wanted, got = {_labels(alert) for alert in fire}, evaluator.firing(check.time)
        if wanted != got:
            yield Failure(check.time, expected.alerts[0].alert, _said(wanted), _said(got))
    if scenario.ratio_at is not None:
        for recording in rules.recordings:
            found = evaluator.at(_selector(recording), scenario.ratio_at)
            assert isinstance(found, dict)
            values = list(found.values())
            if values != ([] if scenario.ratio is None else [scenario.ratio]):
                said = "-" if scenario.ratio is None else f"{scenario.ratio:g}"
                got_value = ", ".join(f"{value:g}" for value in values) or "-"
                yield Failure(scenario.ratio_at, recording.record, said, got_value)


def _labels(alert: Alert) -> Labels:
    return frozenset({"alertname": alert.alert, **alert.labels}.items())


def _said(alerts: Iterable[Labels]) -> str:
    return ", ".join(sorted(dict(each)["severity"] for each in alerts)) or "-"
