"""When automating has paid for itself."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.sre.toil import wording
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.payback import WEEKS, Automation

SHOWN = 2 * WEEKS


@explorable(
    "sre/toil/payback",
    title=N_("Does automating pay?"),
    predict=N_(
        "A task takes 4 hours a week. Automating 90% of it costs 80 hours, and then an hour of"
        " upkeep each week. After how many weeks is it even? With 4 hours of upkeep?"
    ),
    controls=(
        Whole(name="hours", label=N_("By hand, hours a week"), low=1, high=40, default=4),
        Whole(name="cost", label=N_("Cost, hours"), low=0, high=400, default=80),
        Whole(name="saved", label=N_("Machines do, per cent"), low=0, high=100, default=90),
        Whole(name="upkeep", label=N_("Upkeep, hours a week"), low=0, high=20, default=1),
        Whole(name="growth", label=N_("Growth a week, per cent"), low=0, high=5, default=0),
    ),
)
def payback(hours: int, cost: int, saved: int, upkeep: int, growth: int) -> View:
    """Hours won and lost since the beginning, for two years."""
    plan = Automation(hours=hours, cost=cost, saved=saved / 100, upkeep=upkeep, growth=growth / 100)
    even = plan.even()
    balance = plan.balance(SHOWN)
    if even is None:
        says = _("It is not even within five years.")
    else:
        says = _("It is even after {weeks}.").format(weeks=wording.weeks(even))
    says += " " + _("After two years: {hours}.").format(hours=wording.hours(balance[-1]))
    picture = fig.line_chart(
        [
            fig.Series(_("won"), list(enumerate(balance))),
            fig.Series(_("even"), [(0, 0.0), (SHOWN, 0.0)]),
        ],
        title=_("Hours won since the beginning"),
        description=says,
        x_label=_("week"),
        y_label=_("hours of work"),
    )
    numbers = {"even": -1 if even is None else even, "two years": balance[-1]}
    return View((picture,), says, numbers)
