"""What a forecast scores in the mean."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.sre.incidents.game_day import brier

EVERY = range(0, 101, 5)  # per cent


def mean(said: int, really: int) -> float:
    """Brier's score of always saying ``said`` per cent when it holds ``really`` per cent often."""
    held, not_held = (brier([said / 100], [happened]) for happened in (True, False))
    return (really * held + (100 - really) * not_held) / 100


@explorable(
    "sre/incidents/forecast",
    title=N_("What it pays to say"),
    predict=N_(
        "A hypothesis holds 70% of the time. Each time you say how likely it is, and the score is"
        " the squared difference to what happens, 1 or 0. What is best said: 50, 70 or 100%?"
    ),
    controls=(
        Whole(name="really", label=N_("It holds, % of the time"), low=0, high=100, default=70),
        Whole(name="said", label=N_("You say, %"), low=0, high=100, default=100),
    ),
)
def forecast(really: int, said: int) -> View:
    """The mean score by what is said."""
    yours, best = mean(said, really), mean(really, really)
    says = _(
        "Who says {said}% scores {yours} in the mean. The least is {best}, for saying {really}%."
    ).format(said=said, yours=f"{yours:.3f}", best=f"{best:.3f}", really=really)
    chart = fig.line_chart(
        [
            fig.Series(_("mean score"), [(each, mean(each, really)) for each in EVERY]),
            fig.Series(_("what you say"), [(said, yours)]),
        ],
        title=_("Brier score in the mean"),
        description=says,
        x_label=_("what is said, per cent"),
        y_label=_("score; less is better"),
    )
    return View((chart,), says, {"yours": yours, "best": best})
