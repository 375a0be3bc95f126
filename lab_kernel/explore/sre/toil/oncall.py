"""Incidents per shift, and a rotation."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.sre.toil import wording
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.oncall import INCIDENT, MOST, SHIFT, Rotation, over, shifts

WEEKS = 4


@explorable(
    "sre/toil/oncall",
    title=N_("Four weeks of a pager"),
    predict=N_(
        "A shift of 12 hours has room for 2 incidents of 6 hours each. If 2 come on average, how"
        " many of 56 shifts have more? And how many people does it take for nobody to be on call"
        " for more than a quarter of the time?"
    ),
    controls=(
        Whole(
            name="tenths",
            label=N_("Incidents in 10 shifts, on average"),
            low=0,
            high=60,
            default=20,
        ),
        Whole(name="people", label=N_("People in the rotation"), low=2, high=16, default=6),
        Whole(name="roles", label=N_("On call at the same time"), low=1, high=3, default=2),
        Whole(name="seed", label=N_("Another month"), low=0, high=99, default=40),
    ),
)
def oncall(tenths: int, people: int, roles: int, seed: int) -> View:
    """The shifts of four weeks by the incidents that they had, beside what is expected."""
    counts = shifts(tenths / 10, WEEKS, seed)
    crowded = sum(n > MOST for n in counts)
    rotation = Rotation(max(people, roles), roles)
    says = _(
        "{crowded} of {all} shifts have more than 2 incidents; {expected} of them on average. Each"
        " is on call {share} of the time: {verdict}."
    ).format(
        crowded=crowded,
        all=len(counts),
        expected=percent(round(over(tenths / 10), 3)),
        share=percent(round(float(rotation.share), 3)),
        verdict=_("within the 25%") if rotation.within else _("over the 25%"),
    )
    rows = [
        fig.Bar(str(n), [(_("room for it") if n <= MOST else _("too many"), counts.count(n))])
        for n in range(max(max(counts), MOST) + 1)
    ]
    picture = fig.bars(
        rows,
        title=_("Shifts by their incidents"),
        description=says + " " + ", ".join(f"{n}: {counts.count(n)}" for n in range(len(rows))),
        kinds=[_("room for it"), _("too many")],
    )
    week = [n * INCIDENT for n in counts[:14]]
    hours = fig.step_chart(
        [
            fig.Series(_("asked of it"), [*enumerate(week), (len(week), week[-1])]),
            fig.Series(_("hours of the shift"), [(0, SHIFT), (len(week), SHIFT)]),
        ],
        title=_("The first week, shift by shift"),
        description=_("The first week asks for {hours}.").format(hours=wording.hours(sum(week))),
        x_label=_("shift"),
        y_label=_("hours of work"),
    )
    share = float(100 * rotation.share)
    numbers = {"crowded": crowded, "hours": sum(counts) * INCIDENT, "share": share}
    return View((picture, hours), says, numbers)
