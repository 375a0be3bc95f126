"""A made time log: the share of each week and quarter against the cap."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Toggle, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.cap import QUARTER, added, watch
from lab_kernel.sre.toil.criteria import CLASSES, Class
from lab_kernel.sre.toil.made import made_log
from lab_kernel.sre.toil.time_log import Log


@cache
def log(tickets: int, growth: int) -> Log:
    return Log(made_log(tickets=tickets, growth=growth / 100))


@explorable(
    "sre/toil/ledger",
    title=N_("Half a year of a team"),
    predict=N_(
        "Six people, 240 hours a week. In the first week they have 70 hours of tickets, and 14 for"
        " who is on call; the tickets grow by 3% a week. In which week does the trailing quarter"
        " pass 50%? How many single weeks have passed it before?"
    ),
    controls=(
        Whole(name="tickets", label=N_("Tickets at first, hours"), low=0, high=140, default=70),
        Whole(name="growth", label=N_("Growth a week, per cent"), low=0, high=8, default=3),
        Whole(name="cap", label=N_("Cap, per cent"), low=10, high=90, default=50),
        Toggle(name="overhead", label=N_("Overhead is part of the whole"), default="on"),
    ),
)
def ledger(tickets: int, growth: int, cap: int, overhead: bool) -> View:
    """The log is made anew from its seed; the shares come from the reader that the command uses."""
    weeks = watch(log(tickets, growth), Fraction(cap, 100), of_work=not overhead)
    over = [n for n, week in enumerate(weeks, 1) if (week.share or 0) > week.cap]
    alarm = next((n for n, week in enumerate(weeks, 1) if week.alarm), 0)
    last = float(weeks[-1].trailing or 0)
    says = _(
        "The last quarter is {share} operational work; {over} of {all} weeks are over the cap."
    )
    says = says.format(share=percent(round(last, 3)), over=len(over), all=len(weeks)) + " "
    says += (
        _("The trailing quarter passes it in week {week}.").format(week=alarm)
        if alarm
        else _("The trailing quarter never passes it.")
    )
    lines: dict[str, list[Fraction | None]] = {
        _("each week"): [week.share for week in weeks],
        _("trailing quarter"): [week.trailing for week in weeks],
        _("the cap"): [week.cap for week in weeks],
    }
    chart = fig.line_chart(
        [
            fig.Series(
                name,
                [(n, float(100 * part)) for n, part in enumerate(parts, 1) if part is not None],
            )
            for name, parts in lines.items()
        ],
        title=_("Operational work, per cent of the hours"),
        description=says,
        x_label=_("week of the log"),
        y_label="%",
    )
    quarters = [added(week.hours for week in weeks[n : n + QUARTER]) for n in (0, QUARTER)]
    parts = fig.bars(
        [
            fig.Bar(
                _("weeks {first} to {last}").format(first=n + 1, last=n + QUARTER),
                [(_(CLASSES[found]), float(hours[found])) for found in Class],
            )
            for n, hours in zip((0, QUARTER), quarters, strict=True)
        ],
        title=_("Where the hours of a quarter go"),
        description=says,
        kinds=[_(CLASSES[found]) for found in Class],
    )
    return View((chart, parts), says, {"over": len(over), "alarm": alarm, "trailing": 100 * last})
