"""What the workbook's pairs of windows become for any objective and period."""

from __future__ import annotations

from decimal import Decimal

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.alerts.wording import TARGETS, percent, windows
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.burn import BELOW_ONE, DAY, UNFIRABLE, Condition, conditions, written

FATE = {
    BELOW_ONE: N_("below 1"),
    UNFIRABLE: N_("cannot fire"),
    "": N_("is written"),
}


@explorable(
    "sre/alerts/factors",
    title=N_("Factors for any period"),
    predict=N_(
        "The book's factors are for 30 days. What becomes of 14.4, 6, 3 and 1 if the period is a"
        " week? Which of the four alerts had better not be written?"
    ),
    controls=(
        Whole(name="days", label=N_("Period, days"), low=1, high=365, default=7),
        Choice(
            name="target",
            label=N_("Objective"),
            default="99.9",
            options=tuple((each, f"{each}%") for each in TARGETS),
        ),
    ),
)
def factors(days: int, target: str) -> View:
    """Share, factor and threshold of each pair, and whether a rule is made of it."""
    found = conditions(1 - Decimal(target) / 100, days * DAY)
    alive = [each for each in found if not each.dead]
    rows = [
        fig.Row(
            windows(each.pair),
            [
                fig.Cell(percent(each.pair.share)),
                fig.Cell(written(each.factor, 4)),
                fig.Cell(percent(each.threshold)),
                fig.Cell(_(FATE[each.dead]), _(FATE[each.dead])),
            ],
        )
        for each in found
    ]
    says = _("{written} of 4 pairs are written.").format(written=len(alive))
    says = " ".join([says, *map(_why, (each for each in found if each.dead))])
    picture = fig.table(
        [_("share of the budget"), _("factor"), _("fires above"), _("rule")],
        rows,
        title=_("Pairs of windows for {target}% over {days} days").format(target=target, days=days),
        description=says,
        states=[_(FATE[each]) for each in ("", BELOW_ONE, UNFIRABLE)],
    )
    numbers = {windows(each.pair): float(each.factor) for each in found}
    return View((picture,), says, numbers | {"written": len(alive)})


def _why(condition: Condition) -> str:
    said = {"pair": windows(condition.pair), "factor": written(condition.factor, 4)}
    if condition.dead == BELOW_ONE:
        return _("{pair}: with a factor of {factor} it would fire while the SLO is met.").format(
            **said
        )
    message = _("{pair}: a factor of {factor} needs an objective above {needs}.")
    return message.format(**said, needs=percent(condition.needs))
