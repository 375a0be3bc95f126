"""What the rules of an SLO measure: the share of bad over a window, as an expression.

    Ratio       counters of bad (or good) and all events; every event counts the same
    Figure      a figure against a threshold: every minute is good or bad
    Stored      a ratio that somebody has worked out already
    Sliced      slices of time instead of events (OpenSLO's Timeslices and RatioTimeslices)

An error counter that does not exist yet counts as zero errors. Without traffic, or without a
figure, there is no sample: such time counts neither as good nor as bad. Where several series make
up a figure or a stored ratio, the worst of them decides.

A stored ratio takes RatioTimeslices: by occurrences it would be the mean of ratios, which is not
the ratio of sums.

Source: OpenSLO v1, README "SLI", "Budgeting methods"; The Site Reliability Workbook, chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.alerts import query
from lab_kernel.sre.alerts.promql import Aggregate, Average, Binary, Expr, Number, Rate, Selector
from lab_kernel.sre.slo.spec import (
    OCCURRENCES,
    RATIO_TIMESLICES,
    SLO,
    TIMESLICES,
    MetricSource,
    Objective,
    RatioMetric,
)

LOOK = 60  # seconds between two looks at a figure
_BAD = {"lt": (">=", "max"), "lte": (">", "max"), "gt": ("<=", "min"), "gte": ("<", "min")}
_ZERO, _ONE, _LEAST = Number(Decimal(0)), Number(Decimal(1)), Number(Decimal("-Infinity"))


@dataclass(frozen=True, slots=True)
class Ratio:
    total: Selector
    bad: Selector | None = None
    good: Selector | None = None
    slice: ClassVar[int] = 0

    def over(self, window: int) -> Expr:
        """Counted from the bad where it can be, and else from total - good: 1 - good / total is
        0.0010000000000000009 where it should be 0.001."""
        part, every = self.bad or self.good, Aggregate("sum", Rate(self.total, window))
        assert part is not None
        counted: Expr = Aggregate("sum", Rate(part, window))
        counted = Binary("or", counted, Binary("*", _ZERO, every))
        if self.bad is None:
            counted = Binary("-", every, counted)
        return Binary("/", counted, Binary(">", every, _ZERO))


@dataclass(frozen=True, slots=True)
class Figure:
    """Good while ``op`` ``limit`` is true of it."""

    figure: Expr
    op: str
    limit: Decimal
    slice: ClassVar[int] = 0

    def over(self, window: int) -> Expr:
        bad, worst = _BAD[self.op]
        minute = Binary(bad, Aggregate(worst, _known(self.figure)), Number(self.limit), bool=True)
        return Average(minute, window, LOOK)


@dataclass(frozen=True, slots=True)
class Stored:
    figure: Expr
    failure: bool
    slice: ClassVar[int] = 0

    def over(self, window: int) -> Expr:
        """What it is now: over which window it was worked out, we are not told."""
        if self.failure:
            return Aggregate("max", _known(self.figure))
        return Binary("-", _ONE, Aggregate("min", _known(self.figure)))


@dataclass(frozen=True, slots=True)
class Sliced:
    """Slices whose error ratio is above ``limit`` are bad; without a limit, their mean."""

    of: Ratio | Figure | Stored
    slice: int
    limit: Decimal | None

    def over(self, window: int) -> Expr:
        one = self.of.over(self.slice)
        if self.limit is not None:
            one = Binary(">", one, Number(self.limit), bool=True)
        return Average(one, window, self.slice)


Indicator = Ratio | Figure | Stored | Sliced


def measured_by(slo: SLO, objective: Objective) -> Indicator:
    """BadInput, naming the SLO's place, where no rules can be made of it."""
    where = slo.at or slo.name
    base = _base(slo, objective, where)
    if slo.method == OCCURRENCES:
        if isinstance(base, Stored):
            message = _("a raw ratio takes budgetingMethod {method}")
            raise BadInput(where, message.format(method=RATIO_TIMESLICES))
        return base
    slice = objective.time_slice_window
    assert slice is not None  # OpenSLO asks for it
    if slo.method == TIMESLICES:
        assert objective.time_slice_target is not None
        return Sliced(base, slice.seconds, 1 - objective.time_slice_target)
    return Sliced(base, slice.seconds, None)


def _base(slo: SLO, objective: Objective, where: str) -> Ratio | Figure | Stored:
    metric = slo.indicator
    if not isinstance(metric, RatioMetric):
        assert objective.value is not None
        figure = query.value(_query(metric.metric, where), where)
        return Figure(figure, objective.op, objective.value)
    if metric.raw is not None:
        figure = query.value(_query(metric.raw, where), where)
        return Stored(figure, metric.raw_type == "failure")
    bad, good, total = (
        query.counter(_query(source, where), where) if source else None
        for source in (metric.bad, metric.good, metric.total)
    )
    assert total is not None
    return Ratio(total, bad, None if bad else good)


def _query(source: MetricSource, where: str) -> str:
    if source.type.lower() != "prometheus" or not source.query:
        message = _("rules need a query for Prometheus, not a source of type “{type}”")
        raise BadInput(where, message.format(type=source.type))
    return source.query


def _known(figure: Expr) -> Expr:
    """NaN compares as false, so this takes it out and leaves everything else."""
    return Binary(">=", figure, _LEAST)
