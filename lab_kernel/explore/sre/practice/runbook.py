"""The same incident by hand and by code."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.runbook import Response, respond


@cache
def run(by_hand: bool, night: int) -> Response:
    return respond(by_hand=by_hand, seed=night)


@explorable(
    "sre/practice/runbook",
    title=N_("Seven steps, twice"),
    predict=N_(
        "A release makes all pods hang; one request comes each second. A person needs half a minute"
        " to two and a half for each of seven steps, and slips at one in seven. Code needs a"
        " second. How many minutes until the release is taken back, how many requests are lost?"
    ),
    controls=(Whole(name="night", label=N_("Another night"), low=0, high=30, default=0),),
)
def runbook(night: int) -> View:
    """Each step's time, and what the incident cost either way."""
    hand, code = run(True, night), run(False, 0)
    says = _(
        "By hand the release is taken back after {minutes} minutes with {slips}, and {lost}"
        " requests are lost. By code after {seconds} seconds, and {fewer} are lost, most of them"
        " before anybody was called."
    ).format(
        minutes=f"{hand.seconds / 60:.1f}",
        slips=counted(hand.slips, N_("{n} slip"), N_("{n} slips")),
        lost=f"{hand.lost:,}",
        seconds=f"{code.seconds:.0f}",
        fewer=f"{code.lost:,}",
    )
    if hand.slips:
        says += " " + _(
            "A step with a slip is done again, so its bar can be over two and a half minutes."
        )
    steps = fig.bars(
        [fig.Bar(_(name), [(_("by hand"), round(seconds))]) for name, seconds in hand.took],
        title=_("Seconds of each step, by hand"),
        description=says,
    )
    kinds = (_("before anybody was called"), _("after that"))
    cost = fig.bars(
        [
            fig.Bar(label, [(kinds[0], done.before), (kinds[1], done.lost - done.before)])
            for label, done in ((_("by hand"), hand), (_("as code"), code))
        ],
        title=_("Requests lost"),
        description=says,
        kinds=kinds,
    )
    numbers = {"seconds": hand.seconds, "slips": hand.slips, "lost": hand.lost, "code": code.lost}
    return View((steps, cost), says, numbers)
