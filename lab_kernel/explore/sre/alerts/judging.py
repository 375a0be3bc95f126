"""The six strategies judged: on a month that is made up, and on a recorded hour."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.alerts.wording import lasting, percent
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import PAGE
from lab_kernel.sre.alerts.incidents import Incident, Log, month, recorded
from lab_kernel.sre.alerts.strategies import Judged, fires, judged, six
from lab_kernel.sre.sli.condition import GOOD, condition

BUDGET = Decimal("0.001")


@cache
def happened(source: str, seed: int) -> tuple[Log, list[Incident]]:
    return month(seed) if source == "month" else recorded(condition(GOOD, "good"))


@cache
def results(source: str, seed: int, severity: str) -> list[Judged]:
    log, incidents = happened(source, seed)
    return [judged(fires(each, log, BUDGET, severity), log, incidents, BUDGET) for each in six()]


@explorable(
    "sre/alerts/judging",
    title=N_("Six ways to alert, judged"),
    predict=N_(
        "A month has six incidents that matter and forty blips that do not. Which of the six ways"
        " calls for nothing most often? Which misses something?"
    ),
    controls=(
        Choice(
            name="source",
            label=N_("What happened"),
            default="month",
            options=(
                ("month", N_("a month that is made up")),
                ("recorded", N_("the recorded hour, stretched to a day")),
            ),
        ),
        Whole(name="seed", label=N_("Number of the month"), low=1, high=50, default=1),
        Choice(
            name="severity",
            label=N_("Alerts that count"),
            default="all",
            options=(("all", N_("pages and tickets")), ("page", N_("pages only"))),
        ),
    ),
)
def judging(source: str, seed: int, severity: str) -> View:
    """Precision, recall, detection time and reset time of each."""
    found = results(source, seed, PAGE if severity == "page" else "")
    rows, said, numbers = [], [], {}
    for each, one in zip(six(), found, strict=True):
        cells = [str(one.alerts), _share(one.precision), _share(one.recall)]
        cells += [_time(one.detection), _time(one.reset)]
        rows.append(fig.Row(f"{each.number}. {_(each.title)}", [fig.Cell(c) for c in cells]))
        said.append(f"{each.number}: " + ", ".join(cells))
        numbers[f"{each.number} alerts"] = one.alerts
    heads = [_("alerts"), _("precision"), _("recall"), _("noticed"), _("ends")]
    most = max(found, key=lambda one: one.alerts)
    says = _(
        "Most alerts: {alerts}, by strategy {number}. The last one, with two windows, gives {six}."
    ).format(alerts=most.alerts, number=found.index(most) + 1, six=found[-1].alerts)
    picture = fig.table(
        heads,
        rows,
        title=_("The six strategies, judged"),
        description=" ".join([", ".join(heads) + ".", "; ".join(said) + "."]),
    )
    return View((picture,), says, numbers)


def _share(value: float | None) -> str:
    return "–" if value is None else percent(round(value, 2))


def _time(value: float | None) -> str:
    return "–" if value is None else lasting(value)
