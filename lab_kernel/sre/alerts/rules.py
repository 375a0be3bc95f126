"""From an SLO to a group of Prometheus rules: recordings for every window, then the alerts.

    print(rules(slo).group.text())

Each window that an alert looks at is recorded once, as ``slo:error_ratio:rate<W>`` with the labels
``service`` and ``slo``. An error counter that does not exist yet counts as zero errors; without
traffic there is no sample, where a plain division would give NaN. The alerts share one name, and
their labels say how urgent they are. A pair that must not be written (``burn.Condition.dead``) is
handed back instead.

An SLO with several objectives becomes one group for each, its label ``slo`` numbered.

Source: The Site Reliability Workbook, chapter 5; Prometheus documentation, "Recording rules" and
"Alerting rules". Names of recordings: level:metric:operations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.alerts.burn import PAGE, TICKET, WORKBOOK, Condition, Pair, conditions, written
from lab_kernel.sre.alerts.indicator import Indicator, measured_by
from lab_kernel.sre.alerts.promql import (
    Binary,
    Expr,
    Matcher,
    Number,
    Selector,
    duration,
    joined,
    pretty,
    quoted,
)
from lab_kernel.sre.slo.spec import SLO, Objective

ALERT = "ErrorBudgetBurn"
_URGENCY = (PAGE, TICKET)


@dataclass(frozen=True, slots=True)
class Recording:
    record: str
    expr: Expr
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Alert:
    """``hold`` is the seconds of ``for``: so long the condition must have been true."""

    alert: str
    expr: Expr
    labels: Mapping[str, str]
    annotations: Mapping[str, str] = field(default_factory=dict)
    hold: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    recordings: tuple[Recording, ...]
    alerts: tuple[Alert, ...]

    def text(self, head: bool = True) -> str:
        """As a file of rules has it; the same group is always the same text."""
        lines = ["groups:"] if head else []
        lines += [f"  - name: {quoted(self.name)}", "    rules:"]
        for recording in self.recordings:
            lines += _rule("record", recording.record, recording.expr)
            lines += _mapping("labels", recording.labels)
        for alert in self.alerts:
            lines += _rule("alert", alert.alert, alert.expr)
            lines += [f"        for: {duration(alert.hold)}"] if alert.hold else []
            lines += _mapping("labels", alert.labels)
            lines += _mapping("annotations", alert.annotations)
        return "\n".join(lines) + "\n"


def text(groups: Sequence[Group]) -> str:
    """Several groups in one file."""
    return "".join(group.text(head=not n) for n, group in enumerate(groups))


def _rule(kind: str, name: str, expr: Expr) -> list[str]:
    return [f"      - {kind}: {name}", "        expr: |", *(" " * 10 + ln for ln in pretty(expr))]


def _mapping(name: str, entries: Mapping[str, str]) -> list[str]:
    inside = [f"          {key}: {quoted(value)}" for key, value in entries.items()]
    return [f"        {name}:", *inside] if inside else []


@dataclass(frozen=True, slots=True)
class Rules:
    """The group for one objective, what it measures, the ``conditions`` that its alerts were made
    of, and those that were ``dropped`` because they must not be written."""

    group: Group
    measured: Indicator
    conditions: tuple[Condition, ...]
    dropped: tuple[Condition, ...]


def rules(
    slo: SLO, objective: Objective | None = None, pairs: tuple[Pair, ...] = WORKBOOK
) -> Rules:
    """Those of the SLO's objective, its first if none is given. BadInput if no pair is left."""
    objective = objective or slo.objective
    measured = measured_by(slo, objective)
    period = slo.window.duration.seconds
    every = conditions(objective.budget, period, pairs, measured.slice)
    alive = tuple(each for each in every if not each.dead)
    if not alive:
        message = _("no alert makes sense at an objective of {target}% over {period}")
        target = written(objective.target * 100)
        raise BadInput(slo.at or slo.name, message.format(target=target, period=duration(period)))
    made = group(slo.service, called(slo, objective), measured, alive)
    return Rules(made, measured, alive, tuple(each for each in every if each.dead))


def all_rules(slos: Iterable[SLO]) -> list[Rules]:
    """Those of every objective of every SLO."""
    return [rules(slo, objective) for slo in slos for objective in slo.objectives]


def called(slo: SLO, objective: Objective) -> str:
    """The label ``slo``: the name, with a number when there are several objectives."""
    if len(slo.objectives) == 1:
        return slo.name
    return f"{slo.name}-{slo.objectives.index(objective) + 1}"


def group(service: str, slo: str, measured: Indicator, alive: Sequence[Condition]) -> Group:
    """All windows that are used, shortest first, then an alert for each severity."""
    labels = {"service": service, "slo": slo}
    windows = sorted({w for each in alive for w in (each.pair.long, each.pair.short)})
    recordings = tuple(Recording(recorded(w), measured.over(w), labels) for w in windows)
    alerts = []
    for severity in _URGENCY:
        pairs: list[Expr] = [_both(c, labels) for c in alive if c.pair.severity == severity]
        if pairs:
            factors = ", ".join(written(c.factor, 4) for c in alive if c.pair.severity == severity)
            summary = (
                f"{service}: the error budget of {slo} burns too fast (burn rate above {factors})"
            )
            alerts.append(
                Alert(
                    ALERT,
                    joined("or", pairs),
                    {"severity": severity, **labels},
                    {"summary": summary},
                )
            )
    return Group(f"slo-{service}-{slo}", recordings, tuple(alerts))


def recorded(window: int) -> str:
    return f"slo:error_ratio:rate{duration(window)}"


def _both(condition: Condition, labels: Mapping[str, str]) -> Expr:
    """Above the threshold in the long window, and in the short one."""
    matchers = tuple(Matcher(label, "=", value) for label, value in labels.items())
    limit = Number(condition.threshold)
    long, short = (
        Binary(">", Selector(recorded(window), matchers), limit)
        for window in (condition.pair.long, condition.pair.short)
    )
    return Binary("and", long, short)
