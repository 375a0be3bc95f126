"""People needed as the service grows, by hand and with automation."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.staffing import Growth, constant

QUARTERS = 16


@explorable(
    "sre/toil/staffing",
    title=N_("Linear or sublinear"),
    predict=N_(
        "A service grows by 10% a quarter, and 4 people run it. Two more do nothing but automate 6%"
        " of the manual work each quarter. When is their team the smaller one? At which rate does"
        " the manual work stop growing?"
    ),
    controls=(
        Whole(name="people", label=N_("People who run it today"), low=1, high=12, default=4),
        Whole(name="builders", label=N_("People who automate"), low=0, high=6, default=2),
        Whole(name="growth", label=N_("Growth a quarter, per cent"), low=1, high=30, default=10),
        Whole(name="rate", label=N_("Automated a quarter, per cent"), low=0, high=30, default=6),
    ),
)
def staffing(people: int, builders: int, growth: int, rate: int) -> View:
    """Four years; below the picture is the size of the service, not time."""
    team = Growth(people, builders, growth / 100, rate / 100)
    crossing = team.crossover()
    if crossing is None:
        when = _("The team that automates is never the smaller one.")
    elif crossing == 0:
        when = _("The team that automates is the smaller one from the start.")
    else:
        when = _("The team that automates is the smaller one from quarter {n} on.").format(
            n=crossing
        )
    says = (
        when
        + " "
        + _(
            "Manual work grows as size to the power of {power}; {rate} a quarter would keep it as"
            " it is."
        ).format(power=f"{team.exponent:.2f}", rate=f"{100 * constant(growth / 100):.1f}%")
    )
    sizes = [team.size(quarter) for quarter in range(QUARTERS + 1)]
    lines = {_("by hand"): team.by_hand, _("automating"): team.automated}
    picture = fig.line_chart(
        [
            fig.Series(name, [(size, need(quarter)) for quarter, size in enumerate(sizes)])
            for name, need in lines.items()
        ],
        title=_("People needed"),
        description=says,
        x_label=_("times as large as today"),
        y_label=_("people"),
    )
    last = {"by hand": team.by_hand(QUARTERS), "automating": team.automated(QUARTERS)}
    numbers = last | {"crossover": -1 if crossing is None else crossing, "exponent": team.exponent}
    return View((picture,), says, numbers)
