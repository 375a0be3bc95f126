"""Rules with one mistake each: does a test notice?

    for mutant in mutants(group): ...

Every mistake is one that people make: a window forgotten, and for or, a factor of another period,
the budget of another objective, severities swapped, a guard left out. A mutant is the same group
with one expression changed, so that it can be written to a file for promtool and evaluated here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from lab_kernel.language import N_
from lab_kernel.sre.alerts.burn import PAGE, TICKET
from lab_kernel.sre.alerts.promql import Aggregate, Average, Binary, Expr, Number, Selector, joined
from lab_kernel.sre.alerts.rules import Alert, Group, Recording

SHORT, LONG = N_("short window dropped"), N_("long window dropped")
EITHER, ALL = N_("or instead of and"), N_("and instead of or")
MORE, LESS, LEFT_OUT = N_("factor too large"), N_("factor too small"), N_("pair left out")
GENEROUS, STRICT = N_("budget ten times as large"), N_("budget a tenth as large")
SWAPPED, WINDOW = N_("severities swapped"), N_("recorded over the wrong window")
NO_ZERO = N_("missing counter not taken as zero")
NO_GUARD = N_("no guard against no traffic")
KINDS = (
    SHORT, LONG, EITHER, ALL, MORE, LESS, LEFT_OUT, GENEROUS, STRICT, SWAPPED, WINDOW, NO_ZERO,
    NO_GUARD,
)  # fmt: skip
FAR = Decimal("2.5")  # a wrong factor is so many times the right one, or its inverse


@dataclass(frozen=True, slots=True)
class Mutant:
    """``where``: which windows it is about, such as 1h/5m; empty for all."""

    kind: str
    where: str
    group: Group

    @property
    def name(self) -> str:
        return f"{self.kind} {self.where}".strip()


def mutants(group: Group) -> list[Mutant]:
    """In the order of KINDS, without those that would change nothing."""
    order = {kind: n for n, kind in enumerate(KINDS)}
    every = [*_alerts(group), *_budgets(group), *_recordings(group)]
    return sorted(every, key=lambda mutant: order[mutant.kind])


def pairs(alert: Alert) -> list[Binary]:
    """The long and the short window that are joined by and, of every pair."""

    def split(expr: Expr) -> list[Binary]:
        assert isinstance(expr, Binary)
        return [*split(expr.left), *split(expr.right)] if expr.op == "or" else [expr]

    return split(alert.expr)


def _alerts(group: Group) -> Iterator[Mutant]:
    for n, alert in enumerate(group.alerts):
        every = pairs(alert)

        def changed(expr: Expr, n: int = n, alert: Alert = alert) -> Group:
            alerts = [*group.alerts]
            alerts[n] = replace(alert, expr=expr)
            return replace(group, alerts=tuple(alerts))

        for k, pair in enumerate(every):
            others: list[Expr] = [*every[:k], *every[k + 1 :]]
            where = f"{_window(pair.left)}/{_window(pair.right)}"
            for kind, expr in (
                (SHORT, pair.left),
                (LONG, pair.right),
                (EITHER, replace(pair, op="or")),
                (MORE, _scaled(pair, FAR)),
                (LESS, _scaled(pair, 1 / FAR)),
            ):
                yield Mutant(kind, where, changed(joined("or", [expr, *others])))
            if others:
                yield Mutant(LEFT_OUT, where, changed(joined("or", others)))
        if len(every) > 1:
            yield Mutant(ALL, alert.labels["severity"], changed(joined("and", [*every])))


def _budgets(group: Group) -> Iterator[Mutant]:
    for kind, times in ((GENEROUS, Decimal(10)), (STRICT, Decimal("0.1"))):
        alerts = [replace(alert, expr=_scaled(alert.expr, times)) for alert in group.alerts]
        yield Mutant(kind, "", replace(group, alerts=tuple(alerts)))
    other = {PAGE: TICKET, TICKET: PAGE}
    swapped = [
        replace(alert, labels={**alert.labels, "severity": other[alert.labels["severity"]]})
        for alert in group.alerts
    ]
    yield Mutant(SWAPPED, "", replace(group, alerts=tuple(swapped)))


def _recordings(group: Group) -> Iterator[Mutant]:
    found = {each.record: each for each in group.recordings}

    def changed(change: Callable[[Recording], Recording]) -> Group:
        return replace(group, recordings=tuple(map(change, group.recordings)))

    for pair in (pair for alert in group.alerts for pair in pairs(alert)):
        long, short = (f"slo:error_ratio:rate{_window(side)}" for side in (pair.left, pair.right))

        def shorter(each: Recording, long: str = long, short: str = short) -> Recording:
            return replace(each, expr=found[short].expr) if each.record == long else each

        yield Mutant(WINDOW, _window(pair.left), changed(shorter))
    for kind, change in ((NO_ZERO, _without_zero), (NO_GUARD, _without_guard)):
        left = [replace(each, expr=change(each.expr)) for each in group.recordings]
        if tuple(left) != group.recordings:
            yield Mutant(kind, "", replace(group, recordings=tuple(left)))


def _window(expr: Expr) -> str:
    """``1h`` of slo:error_ratio:rate1h{...} > 0.0144."""
    assert isinstance(expr, Binary) and isinstance(expr.left, Selector)
    return expr.left.name.rpartition("rate")[2]


def _scaled(expr: Expr, times: Decimal) -> Expr:
    """Every threshold times as large."""
    assert isinstance(expr, Binary)
    if isinstance(expr.right, Number):
        return replace(expr, right=Number(expr.right.value * times))
    return replace(expr, left=_scaled(expr.left, times), right=_scaled(expr.right, times))


def _without_zero(expr: Expr) -> Expr:
    """x or 0 * y becomes x."""
    return _rewritten(expr, lambda e: e.left if e.op == "or" else e)


def _without_guard(expr: Expr) -> Expr:
    """x / (y > 0) becomes x / y, and x >= -Inf becomes x."""

    def change(e: Binary) -> Expr:
        if e.op == "/" and isinstance(e.right, Binary):
            return replace(e, right=e.right.left)
        return e.left if e.right == Number(Decimal("-Infinity")) else e

    return _rewritten(expr, change)


def _rewritten(expr: Expr, change: Callable[[Binary], Expr]) -> Expr:
    if isinstance(expr, (Aggregate, Average)):
        return replace(expr, of=_rewritten(expr.of, change))
    if isinstance(expr, Binary):
        left, right = _rewritten(expr.left, change), _rewritten(expr.right, change)
        return change(replace(expr, left=left, right=right))
    return expr
