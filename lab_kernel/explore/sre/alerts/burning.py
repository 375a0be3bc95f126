"""One incident in a long and a short window: when an alert begins, and when it is over."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.explore.sre.alerts.wording import lasting, percent
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import MINUTE
from lab_kernel.sre.alerts.demo import incident, ready
from lab_kernel.sre.alerts.promql import duration
from lab_kernel.sre.slo.budget import spent_in

ERRORS = ("0.2", "0.5", "1", "1.5", "2", "5", "15", "50", "100")
POINTS = 72


class Result(NamedTuple):
    """Minutes from the beginning of the incident; lines of (minute, burn rate)."""

    spell: tuple[int, int] | None
    lines: dict[int, list[tuple[float, float]]]
    factor: float
    spent: float


@cache
def run(errors: str, minutes: int, number: int, short: bool) -> Result:
    found = ready()
    condition, budget = found.conditions[number], Decimal("0.001")
    pair = condition.pair
    shown = min(pair.long if not short else pair.short, 12 * 3600) // MINUTE
    last = minutes + shown + max(5, shown // 6)
    seen = incident(found, Decimal(errors) / 100, minutes, last - minutes)
    step = max(1, last // POINTS)
    lines: dict[int, list[tuple[float, float]]] = {
        window: [(m, seen.ratio(window, m) / float(budget)) for m in range(0, last + 1, step)]
        for window in (pair.long, pair.short)
    }
    spell = seen.spell(condition, last, 1 if last < 600 else step, short)
    rate = Decimal(errors) / 100 / budget
    spent = float(spent_in(rate, minutes, 43_200))
    return Result(spell, lines, float(condition.factor), spent)


@explorable(
    "sre/alerts/burning",
    title=N_("A long window and a short one"),
    predict=N_(
        "For half an hour 5% of the requests fail; the objective is 99.9% over 30 days. After how"
        " many minutes is somebody paged, and how long after the end does the page go on? And"
        " without the short window?"
    ),
    controls=(
        Choice(
            name="errors",
            label=N_("Requests that fail, percent"),
            default="5",
            options=tuple((each, f"{each}%") for each in ERRORS),
        ),
        Whole(name="minutes", label=N_("Minutes that it lasts"), low=1, high=720, default=30),
        Choice(
            name="pair",
            label=N_("Pair of windows (factor)"),
            default="1",
            options=(
                ("1", "1h/5m (14.4)"),
                ("2", "6h/30m (6)"),
                ("3", "1d/2h (3)"),
                ("4", "3d/6h (1)"),
            ),
        ),
        Toggle(name="short", label=N_("Use the short window"), default="on"),
    ),
)
def burning(errors: str, minutes: int, pair: str, short: bool) -> View:
    """The rules' own recordings, as burn rates, around the incident."""
    done = run(errors, minutes, int(pair) - 1, short)
    numbers: dict[str, int | float] = {"spent": done.spent}
    if done.spell is None:
        said = _("the alert does not fire")
    else:
        on, off = done.spell
        after = max(0, off - minutes)
        said = _("the alert fires after {on} and goes on for {after} after the end").format(
            on=lasting(on), after=lasting(after)
        )
        numbers |= {"detection": on, "reset": after}
    says = _("It takes {spent} of the month's budget; {said}.").format(
        spent=percent(done.spent, 3), said=said
    )
    ends = max(points[-1][0] for points in done.lines.values())
    series = [
        fig.Series(_("window of {window}").format(window=duration(window)), points)
        for window, points in done.lines.items()
    ]
    series.append(fig.Series(_("factor"), [(0, done.factor), (ends, done.factor)]))
    picture = fig.line_chart(
        series,
        title=_("Burn rate in both windows"),
        description=says,
        x_label=_("minutes from the beginning"),
        y_label=_("burn rate"),
    )
    return View((picture,), says, numbers)
