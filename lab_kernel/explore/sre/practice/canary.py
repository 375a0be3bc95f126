"""A change in stages, and what it costs of the error budget."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.canary import STAGES, Rollout, roll

SLOS = {"99": Fraction(99, 100), "99.9": Fraction(999, 1000), "99.99": Fraction(9999, 10000)}


@cache
def run(config: str, seconds: int, staged: bool) -> Rollout:
    return roll(config, seconds, STAGES if staged else STAGES[-1:])


@explorable(
    "sre/practice/canary",
    title=N_("1%, 10%, everybody"),
    predict=N_(
        "A new configuration makes every answer too slow. It gets 1% of the requests for a minute,"
        " and is then compared. What share of the error budget of 30 days does that cost? And if"
        " everybody gets it for that minute?"
    ),
    controls=(
        Choice(
            name="config",
            label=N_("The new configuration"),
            options=(
                ("good", N_("does no harm")),
                ("slow", N_("makes every answer slow")),
                ("hang", N_("hangs 5 s after a pod starts")),
                ("late", N_("hangs 100 s after a pod starts")),
                ("image", N_("has no image")),
            ),
            default="slow",
        ),
        Whole(name="seconds", label=N_("Seconds of a stage"), low=10, high=120, default=60),
        Choice(
            name="slo",
            label=N_("Objective"),
            options=(("99", "99%"), ("99.9", "99.9%"), ("99.99", "99.99%")),
            default="99.9",
        ),
        Toggle(name="staged", label=N_("In stages"), default="on"),
    ),
)
def canary(config: str, seconds: int, slo: str, staged: bool) -> View:
    """Bad requests of canary and control at each stage, and the gate's decision."""
    done = run(config, seconds, staged)
    spent = float(done.spent(SLOS[slo]))
    cost = percent(spent) if spent >= 0.0001 or not spent else f"{100 * spent:.4f}%"
    if not done.ready:
        says = _("The canary never gets ready, so it gets no request: nothing is spent.")
    elif done.done:
        says = _("Everybody has it. It has cost {spent} of the error budget.").format(spent=cost)
        if not staged:
            says = _("Everybody had it at once, and it stays.") + " " + says
    else:
        says = _("Stopped at {share} of the traffic, for {spent} of the error budget.").format(
            share=percent(float(done.stages[-1].share)), spent=cost
        )
    rows = [
        fig.Row(
            percent(float(stage.share)),
            (
                fig.Cell(f"{stage.canary.bad} / {stage.canary.requests}"),
                fig.Cell(f"{stage.control.bad} / {stage.control.requests}"),
                fig.Cell(
                    _("taken back") if stage.stopped else _("goes on"),
                    _("taken back") if stage.stopped else _("goes on"),
                ),
            ),
        )
        for stage in done.stages
    ]
    picture = fig.table(
        [_("canary: bad of all"), _("control: bad of all"), _("the gate")],
        rows,
        title=_("Stage by stage"),
        description=says,
        states=[_("goes on"), _("taken back")],
    )
    numbers = {"stages": len(done.stages), "bad": done.cost, "spent": 100 * spent}
    return View((picture,), says, numbers)
