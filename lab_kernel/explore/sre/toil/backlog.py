"""Tickets, a fixed staff, and the share of automation above which the backlog stays bounded."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.sre.toil import wording
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.team import MINUTES, Step, Team, simulate

WEEKS = 52


@cache
def run(staff: int, tickets: int, growth: int, automated: int) -> list[Step]:
    return simulate(_team(staff, tickets, growth, automated), WEEKS)


def _team(staff: int, tickets: int, growth: int, automated: int) -> Team:
    return Team(staff=staff, tickets=float(tickets), growth=growth / 100, automated=automated / 100)


@explorable(
    "sre/toil/backlog",
    title=N_("With automation and without"),
    predict=N_(
        "Six people may spend half of their 240 hours a week on tickets. About 90 arrive, of 2"
        " hours each. How many hours of work wait after a year? What share must machines do for the"
        " backlog to stand still?"
    ),
    controls=(
        Whole(name="staff", label=N_("People"), low=1, high=12, default=6),
        Whole(name="tickets", label=N_("Tickets a week"), low=10, high=200, default=90),
        Whole(name="growth", label=N_("Growth a week, per cent"), low=0, high=5, default=0),
        Whole(name="automated", label=N_("Automated, per cent"), low=0, high=90, default=20),
    ),
)
def backlog(staff: int, tickets: int, growth: int, automated: int) -> View:
    """The same tickets arrive in both runs; only who does them differs."""
    runs = {share: run(staff, tickets, growth, share) for share in {0, automated}}
    waiting = {share: steps[-1].backlog / MINUTES for share, steps in runs.items()}
    needed = _team(staff, round(tickets * (1 + growth / 100) ** (WEEKS - 1)), 0, 0).threshold()
    says = _(
        "After a year {with_} of work wait, without automation {without}. At the tickets of the"
        " last week the backlog stays bounded above {threshold} automated."
    ).format(
        with_=wording.hours(waiting[automated]),
        without=wording.hours(waiting[0]),
        threshold=percent(round(needed, 3)),
    )
    lines = {_("all by hand"): runs[0]}
    if automated:
        lines[_("{share} automated").format(share=f"{automated}%")] = runs[automated]
    picture = fig.line_chart(
        [
            fig.Series(
                name, [(0, 0.0), *((n, s.backlog / MINUTES) for n, s in enumerate(steps, 1))]
            )
            for name, steps in lines.items()
        ],
        title=_("Hours of work that wait"),
        description=says,
        x_label=_("week"),
        y_label=_("hours of work"),
    )
    numbers = {"backlog": waiting[automated], "by hand": waiting[0], "threshold": 100 * needed}
    return View((picture,), says, numbers)
