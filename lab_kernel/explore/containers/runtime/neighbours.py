"""Container or virtual machine: what becomes of the neighbour."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.containers.runtime.neighbours import HARM, HOUSES, WINDOW, Outcome, live
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.language import N_, _


@cache
def lived(house: str, harm: str) -> Outcome:
    return live(house, harm)


@explorable(
    "containers/runtime/neighbours",
    title=N_("Two tenants, one of whom does harm"),
    predict=N_(
        "A tenant triggers a fault in a driver. How much work does its neighbour get done"
        " afterwards: in the next container, and in the next virtual machine?"
    ),
    controls=(
        Choice(
            name="harm",
            label=N_("What the one tenant does"),
            default="kernel",
            options=tuple((name, label) for name, (label, _program) in HARM.items()),
        ),
    ),
)
def neighbours(harm: str) -> View:
    """Bars: what the neighbour got done in the same time, beside what it does in peace."""
    shares: dict[str, int] = {}
    for house, label in HOUSES.items():
        done, peace = lived(house, harm).done, lived(house, "nothing").done
        shares[_(label)] = round(100 * done / peace)
    kernels = lived("containers", harm).kernels
    says = _("{harm}. What the neighbour still gets done of its usual work: {shares}.").format(
        harm=_(HARM[harm][0]).capitalize(),
        shares=", ".join(f"{house} {share}%" for house, share in shares.items()),
    )
    if not kernels:
        says += " " + _("The kernel has stopped, and with it every container on it.")
    elif min(shares.values()) < 90:
        says += " " + _("Limits keep it for one's own container.")
    picture = fig.bars(
        [fig.Bar(house, [(_("done"), share)]) for house, share in shares.items()],
        title=_("The neighbour's work in {ticks} ticks, in percent of its usual").format(
            ticks=WINDOW
        ),
        description=says,
        total=lambda value: f"{value:.0f}%",
    )
    return View((picture,), says)
