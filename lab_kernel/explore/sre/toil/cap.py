"""A cap on operational work, automation, and work that goes back to developers."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.explore.sre.toil import wording
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.cap import QUARTER
from lab_kernel.sre.toil.team import MINUTES, Step, Team, quarters, simulate

QUARTERS = 8
CAPS = {"50": Fraction(1, 2), "80": Fraction(4, 5), "none": None}


@cache
def run(cap: str, hand_back: bool, tickets: int, automated: int) -> list[Step]:
    team = Team(
        cap=CAPS[cap],
        hand_back=hand_back,
        tickets=float(tickets),
        automated=automated / 100,
        point=12,
    )
    return simulate(team, QUARTERS * QUARTER)


@explorable(
    "sre/toil/cap",
    title=N_("A ceiling, and what is above it"),
    predict=N_(
        "Tickets ask for 220 of 240 hours a week, and 30 are meetings. Half of the engineering"
        " hours go into automation. Under which cap is there most engineering after two years: 50%,"
        " 80% or none? What becomes of the tickets above the cap, with hand-back and without?"
    ),
    controls=(
        Choice(
            name="cap",
            label=N_("Cap on operational work"),
            options=(("50", "50%"), ("80", "80%"), ("none", N_("no cap"))),
            default="50",
        ),
        Toggle(name="hand_back", label=N_("What is over it goes back"), default="off"),
        Whole(name="tickets", label=N_("Tickets a week"), low=30, high=160, default=110),
        Whole(
            name="automated", label=N_("Share that can be automated, %"), low=0, high=90, default=60
        ),
    ),
)
def cap(cap: str, hand_back: bool, tickets: int, automated: int) -> View:
    """Two years of one team."""
    steps = run(cap, hand_back, tickets, automated)
    engineering = quarters(steps)
    handed = sum(step.handed for step in steps) / MINUTES
    waiting = steps[-1].backlog / MINUTES
    says = _(
        "{engineering} of engineering in two years, {first} of them in the first quarter. Sent back"
        " to developers: {handed}; waiting at the end: {waiting}."
    ).format(
        engineering=wording.hours(sum(engineering)),
        first=wording.hours(engineering[0]),
        handed=wording.hours(handed),
        waiting=wording.hours(waiting),
    )
    parts = {
        N_("tickets of the team"): "done",
        N_("building automation"): "building",
        N_("other engineering"): "other",
    }
    rows = [
        fig.Bar(
            _("quarter {n}").format(n=n + 1),
            [(_(name), _sum(steps, n, what)) for name, what in parts.items()],
        )
        for n in range(QUARTERS)
    ]
    hours = fig.bars(
        rows,
        title=_("Hours of the team, meetings left out"),
        description=says,
        kinds=[_(name) for name in parts],
    )
    lines = {
        _("waits"): [step.backlog for step in steps],
        _("sent back"): [step.handed for step in steps],
    }
    loop = fig.line_chart(
        [
            fig.Series(name, [(n, part / MINUTES) for n, part in enumerate(points, 1)])
            for name, points in lines.items()
        ],
        title=_("What is above the ceiling"),
        description=says,
        x_label=_("week"),
        y_label=_("hours of work"),
    )
    numbers = {
        "engineering": sum(engineering),
        "handed": handed,
        "backlog": waiting,
        "mended": steps[-1].mended,
    }
    return View((hours, loop), says, numbers)


def _sum(steps: list[Step], quarter: int, what: str) -> int:
    some = steps[quarter * QUARTER : (quarter + 1) * QUARTER]
    found = {
        "done": sum(step.done for step in some),
        "building": sum(step.building for step in some),
        "other": sum(step.engineering - step.building for step in some),
    }
    return round(found[what] / MINUTES)
