"""Rules over series of samples, evaluated as Prometheus 2 does.

    evaluator = Evaluator(series, group)
    evaluator.at(expr, 3600)            # {labels: value} or a number
    evaluator.firing(3600)              # the labels of each alert that fires
    evaluator.over(alert, range(...))   # the same over time, with its ``for``

The subset: selectors, rate over counters with resets and extrapolation, avg_over_time of
subqueries, sum, max, min and avg over everything, arithmetic and comparisons of like labels, and,
or. Recordings are evaluated at the moment at which they are asked for, which in a group is the
same; they do not build on one another. Left out: stale markers, histograms, offset, by and on;
names of metrics drop out of every result, and no two series may have the same labels besides.

Ranges are closed on both sides, as in Prometheus 2; with ``left_open`` a sample that is exactly
as old as the range is left out, as in Prometheus 3. A sample counts for five minutes.

Source: Prometheus 2.42, promql/functions.go (extrapolatedRate) and promql/engine.go; Prometheus 3
migration guide, "Range selectors and lookback exclude samples coinciding with the left boundary".
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.alerts.promql import (
    Aggregate,
    Average,
    Binary,
    Expr,
    Number,
    Rate,
    Selector,
)
from lab_kernel.sre.alerts.rules import Alert, Group
from lab_kernel.sre.alerts.series import Series

LOOKBACK = 300
Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_AGGREGATES: dict[str, Callable[[Sequence[float]], float]] = {
    "sum": sum, "max": max, "min": min, "avg": lambda values: sum(values) / len(values),
}  # fmt: skip


class Evaluator:
    """What was worked out once is kept, so one evaluator serves for many questions."""

    def __init__(
        self, series: Iterable[Series], group: Group | None = None, *, left_open: bool = False
    ) -> None:
        self._named: dict[str, list[Series]] = {}
        for each in series:
            self._named.setdefault(each.labels["__name__"], []).append(each)
        self._left_open = left_open
        # By identity: a rule that was changed shares the unchanged parts.
        self._known: dict[tuple[int, int], tuple[Expr, Vector | float]] = {}
        self.group: Group | None = None
        self._bare = self
        if group:
            self._bare = Evaluator((), left_open=left_open)
            self._bare._named, self.group = self._named, group

    def under(self, group: Group) -> Evaluator:
        """The same series under other rules; what was measured of them is not measured again."""
        other = Evaluator((), group, left_open=self._left_open)
        other._named, other._bare = self._named, self._bare
        return other

    def at(self, expr: Expr, time: int) -> Vector | float:
        """The value at this second. BadInput for PromQL that is beyond the subset."""
        if isinstance(expr, Number):
            return float(expr.value)
        key = (id(expr), time)
        if key not in self._known:
            self._known[key] = (expr, self._evaluated(expr, time))
        return self._known[key][1]

    def firing(self, time: int) -> set[Labels]:
        """The alerts of the group whose condition is true, their ``for`` aside."""
        return {
            labels
            for alert in (self.group.alerts if self.group else ())
            for labels in self._labelled(alert, time)
        }

    def over(self, alert: Alert, times: Iterable[int]) -> list[tuple[int, set[Labels]]]:
        """What fires at each evaluation: a condition must have been true for as long as ``for``."""
        since: dict[Labels, int] = {}
        fired = []
        for time in times:
            true = self._labelled(alert, time)
            since = {labels: since.get(labels, time) for labels in true}
            fired.append((time, {each for each in true if time - since[each] >= alert.hold}))
        return fired

    def _labelled(self, alert: Alert, time: int) -> set[Labels]:
        found = self._vector(alert.expr, time)
        own = {"alertname": alert.alert, **alert.labels}
        return {frozenset((dict(labels) | own).items()) for labels in found}

    def _vector(self, expr: Expr, time: int) -> Vector:
        found = self.at(expr, time)
        assert isinstance(found, dict)
        return found

    def _evaluated(self, expr: Expr, time: int) -> Vector | float:
        if isinstance(expr, Selector):
            return self._instant(expr, time)
        if isinstance(expr, Rate):
            rates = ((s, self._rate(s, time, expr.window)) for s in self._selected(expr.of))
            return {_labels(s): rate for s, rate in rates if rate is not None}
        if isinstance(expr, Average):
            return self._average(expr, time)
        if isinstance(expr, Aggregate):
            values = list(self._vector(expr.of, time).values())
            return {frozenset(): _AGGREGATES[expr.op](values)} if values else {}
        if isinstance(expr, Binary):
            return _binary(expr, self.at(expr.left, time), self.at(expr.right, time))
        raise BadInput("expr", _("“{expr}” cannot be evaluated here").format(expr=expr))

    def _selected(self, selector: Selector) -> list[Series]:
        return [s for s in self._named.get(selector.name, ()) if selector.matches(s.labels)]

    def _instant(self, selector: Selector, time: int) -> Vector:
        found: Vector = {}
        for series in self._selected(selector):
            last = series.last(time) - 1
            if last >= 0 and self._within(series.times[last], time, LOOKBACK):
                found[_labels(series)] = series.values[last]
        for recording in self.group.recordings if self.group else ():
            if recording.record == selector.name:
                for labels, value in self._bare._vector(recording.expr, time).items():
                    named = {**dict(labels), **recording.labels}
                    if selector.matches(named | {"__name__": selector.name}):
                        found[frozenset(named.items())] = value
        return found

    def _within(self, sample: int, time: int, window: int) -> bool:
        age = time - sample
        return age < window or (age == window and not self._left_open)

    def _rate(self, series: Series, time: int, window: int) -> float | None:
        """Growth between the first and the last sample, extended towards the ends of the window:
        to the end if a sample might be missing there, else by half a step; never below zero."""
        begin, end = series.last(time - window), series.last(time) - 1
        if not self._left_open and begin > 0 and series.times[begin - 1] == time - window:
            begin -= 1
        if end - begin < 1:
            return None
        first, last = series.times[begin], series.times[end]
        grown = series.values[end] - series.values[begin]
        grown += series.fallen[end] - series.fallen[begin]
        covered = last - first
        step = covered / (end - begin)
        before, after = float(first - (time - window)), float(time - last)
        if grown > 0 and series.values[begin] >= 0:
            before = min(before, covered * (series.values[begin] / grown))
        extended = covered + sum(gap if gap < step * 1.1 else step / 2 for gap in (before, after))
        return grown * (extended / covered / window)

    def _average(self, expr: Average, time: int) -> Vector:
        first = -(-(time - expr.window) // expr.step) * expr.step
        if self._left_open and first == time - expr.window:
            first += expr.step
        sums: dict[Labels, tuple[float, int]] = {}
        for moment in range(max(first, 0), time + 1, expr.step):
            for labels, value in self._vector(expr.of, moment).items():
                before, count = sums.get(labels, (0.0, 0))
                sums[labels] = before + value, count + 1
        return {labels: total / count for labels, (total, count) in sums.items()}


def _labels(series: Series) -> Labels:
    return frozenset((k, v) for k, v in series.labels.items() if k != "__name__")


def _binary(expr: Binary, left: Vector | float, right: Vector | float) -> Vector | float:
    if isinstance(left, dict) and isinstance(right, dict):
        if expr.op == "and":
            return {labels: value for labels, value in left.items() if labels in right}
        if expr.op == "or":
            return right | left
        both = left.keys() & right.keys()
        return _each(expr, {labels: (left[labels], right[labels]) for labels in both})
    if isinstance(left, dict) and isinstance(right, float):
        return _each(expr, {labels: (value, right) for labels, value in left.items()})
    if isinstance(left, float) and isinstance(right, dict):
        return _each(expr, {labels: (left, value) for labels, value in right.items()})
    raise BadInput("expr", _("“{expr}” cannot be evaluated here").format(expr=expr))


def _each(expr: Binary, pairs: dict[Labels, tuple[float, float]]) -> Vector:
    if expr.op in _COMPARE:
        true = _COMPARE[expr.op]
        if expr.bool:
            return {labels: float(true(*pair)) for labels, pair in pairs.items()}
        kept = 1 if isinstance(expr.left, Number) else 0  # of a number and a series, the series
        return {labels: pair[kept] for labels, pair in pairs.items() if true(*pair)}
    return {labels: _arithmetic(expr.op, *pair) for labels, pair in pairs.items()}


def _arithmetic(op: str, left: float, right: float) -> float:
    if op == "/":
        if right == 0:
            return float("nan") if left == 0 else float("inf") * (1 if left > 0 else -1)
        return left / right
    if op == "*":
        return left * right
    return left - right if op == "-" else left + right
