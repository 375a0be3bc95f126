"""An incident by phases, by hand and as code."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.slo.wording import share
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.sre.incidents.postmortem import due
from lab_kernel.sre.incidents.response import PHASES, Incident, of_runbook
from lab_kernel.sre.practice.runbook import respond
from lab_kernel.sre.slo.budget import Number

SLOS = (("99", "99%"), ("99.9", "99.9%"), ("99.99", "99.99%"))


@cache
def run(by_hand: bool, night: int) -> Incident:
    return of_runbook(respond(by_hand=by_hand, seed=night))


@explorable(
    "sre/incidents/response",
    title=N_("Where the minutes go"),
    predict=N_(
        "Half of the requests fail. It takes five minutes until the alert and five more until"
        " somebody looks; then the runbook is followed by hand. Which phase is the longest? What"
        " share of the error budget of four weeks does it cost? And if the runbook is code?"
    ),
    controls=(
        Whole(name="detect", label=N_("Minutes until the alert"), low=0, high=60, default=5),
        Whole(name="answer", label=N_("Minutes until somebody looks"), low=0, high=60, default=5),
        Whole(name="impact", label=N_("Requests that fail, %"), low=1, high=100, default=50),
        Choice(name="slo", label=N_("Objective"), options=SLOS, default="99.9"),
        Whole(name="night", label=N_("Another night"), low=0, high=30, default=0),
    ),
)
def response(detect: int, answer: int, impact: int, slo: str, night: int) -> View:
    """Minutes of each phase both ways, and what they cost of the budget."""
    target = share(slo)
    hand = replace(run(True, night), detect=detect, answer=answer, impact=impact / 100)
    code = replace(run(False, 0), detect=detect, impact=impact / 100)
    spent = {each: float(each.spent(target)) for each in (hand, code)}
    says = _(
        "By hand it is over after {minutes} minutes, for {spent} of the budget: {due}. As code"
        " after {fewer}, for {less}: {other}."
    ).format(
        minutes=f"{hand.minutes:.1f}",
        spent=percent(spent[hand]),
        due=_due(hand, target),
        fewer=f"{code.minutes:.1f}",
        less=percent(spent[code]),
        other=_due(code, target),
    )
    picture = fig.bars(
        [
            fig.Bar(
                label,
                [(_(title), round(each.took[phase], 1)) for phase, title in PHASES.items()],
            )
            for label, each in ((_("by hand"), hand), (_("as code"), code))
        ],
        title=_("Minutes of the incident, by phase"),
        description=says,
        kinds=[_(title) for title in PHASES.values()],
    )
    numbers = {
        "minutes": hand.minutes,
        "spent": 100 * spent[hand],
        "code": code.minutes,
        "less": 100 * spent[code],
    }
    return View((picture,), says, numbers)


def _due(incident: Incident, target: Number) -> str:
    return _("a postmortem is due") if due(incident.spent(target)) else _("no postmortem is due")
