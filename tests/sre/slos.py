"""SLOs that the tests of alerts use."""

from __future__ import annotations

from decimal import Decimal

from lab_kernel.sre.alerts.burn import HOUR, MINUTE, PAGE, TICKET, Pair
from lab_kernel.sre.alerts.rules import Rules, rules
from lab_kernel.sre.slo.examples import example
from lab_kernel.sre.slo.openslo import openslo
from lab_kernel.sre.slo.spec import SLO

# The shape of the workbook's four, over in hours: promtool needs no days to see them all.
SHORTER = (
    Pair(PAGE, Decimal("0.02"), HOUR, 5 * MINUTE),
    Pair(PAGE, Decimal("0.03"), 2 * HOUR, 10 * MINUTE),
    Pair(TICKET, Decimal("0.04"), 3 * HOUR, 15 * MINUTE),
    Pair(TICKET, Decimal("0.03"), 4 * HOUR, 20 * MINUTE),
)


def slo(name: str) -> SLO:
    return openslo(example(name), name)[0]


def made(name: str, pairs: tuple[Pair, ...] | None = None) -> Rules:
    return rules(slo(name), pairs=pairs) if pairs else rules(slo(name))


def spec(
    *,
    target: str = "0.999",
    period: str = "30d",
    good: str = "",
    bad: str = 'errors_total{job="a"}',
    total: str = 'requests_total{job="a"}',
) -> SLO:
    """A ratio of counters with these queries."""
    part = f"good: {_source(good)}" if good else f"bad: {_source(bad)}"
    text = f"""\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: answers}}
spec:
  service: shop
  indicator:
    metadata: {{name: answers}}
    spec:
      ratioMetric:
        counter: true
        {part}
        total: {_source(total)}
  timeWindow: [{{duration: {period}, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: {target}}}]
"""
    return openslo(text, "answers")[0]


def _source(query: str) -> str:
    said = query.replace("'", "''")
    return f"{{metricSource: {{type: Prometheus, spec: {{query: '{said}'}}}}}}"
