"""The same incidents booked against a rolling window and a calendar month."""

from __future__ import annotations

from datetime import UTC, datetime

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.slo import wording
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.availability import written
from lab_kernel.sre.slo.ledger import Entry, Incident
from lab_kernel.sre.slo.ledger import ledger as booked
from lab_kernel.sre.slo.spec import Calendar, Duration, Rolling

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400
SHOWN = 90  # days from 1 January on: January, February, March
EVERY = 6 * 3600
MONTH = Calendar(Duration(1, "M"), datetime(2026, 1, 1), "UTC")


def incident(day: int, minutes: int) -> Incident:
    """From 10:00 of that day of the year on."""
    begin = BEGIN.timestamp() + (day - 1) * DAY + 10 * 3600
    return Incident(begin, begin + 60 * minutes)


def run(
    target: str, days: int, incidents: list[Incident]
) -> tuple[list[float], list[Entry], list[Entry]]:
    """Days since the first of January, and the two accounts at each of them."""
    times = [BEGIN.timestamp() + step for step in range(0, SHOWN * DAY, EVERY)]
    share = wording.share(target)
    rolling = booked(share, Rolling(Duration(days, "d")), incidents, times)
    month = booked(share, MONTH, incidents, times)
    return [(time - times[0]) / DAY + 1 for time in times], rolling, month


@explorable(
    "sre/slo/ledger",
    title=N_("One ledger, two windows"),
    predict=N_(
        "40 minutes of outage on 30 January, 20 more on 3 February, and 99.9% promised. Is the"
        " target missed in a rolling window of 30 days? In the calendar months?"
    ),
    controls=(
        Choice(name="target", label=N_("Target"), default="99.9", options=wording.OPTIONS),
        Whole(name="days", label=N_("Rolling window, days"), low=7, high=60, default=30),
        Whole(name="first", label=N_("First outage, day of the year"), low=1, high=80, default=30),
        Whole(name="length", label=N_("Its minutes"), low=0, high=120, default=40),
        Whole(name="second", label=N_("Second outage, day"), low=1, high=80, default=34),
        Whole(name="more", label=N_("Minutes of the second"), low=0, high=120, default=20),
    ),
)
def ledger(target: str, days: int, first: int, length: int, second: int, more: int) -> View:
    """What is left of the budget over three months, in minutes of full outage."""
    when, rolling, month = run(target, days, [incident(first, length), incident(second, more)])
    lines = {
        _("rolling, {days} days").format(days=days): rolling,
        _("calendar month"): month,
    }
    chart = fig.step_chart(
        [
            *(
                fig.Series(
                    name,
                    [(day, float(each.remaining)) for day, each in zip(when, entries, strict=True)],
                )
                for name, entries in lines.items()
            ),
            fig.Series(_("nothing left"), [(when[0], 0.0), (when[-1], 0.0)]),
        ],
        title=_("Minutes of the budget that are left"),
        description=_("Three months, day by day."),
        x_label=_("day of the year"),
        y_label=_("minutes"),
    )
    least = {name: min(each.remaining for each in entries) for name, entries in lines.items()}
    verdicts = [
        _("{name}: at worst {left}, {verdict}").format(
            name=name,
            left=written(left),
            verdict=_("so it is missed") if left < 0 else _("so it is met"),
        )
        for name, left in least.items()
    ]
    says = _("Left of the budget, {verdicts}.").format(verdicts="; ".join(verdicts))
    rolled, calendar = least.values()
    return View((chart,), says, {"rolling": float(rolled), "calendar": float(calendar)})
