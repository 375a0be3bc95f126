"""How many changes one team can bring to users alone: teams, modules, units."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.microservices.architecture.cut import CUTS, SHOP_AS
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.cut import Cut
from lab_kernel.microservices.architecture.teams import agreement

OWNERSHIP = {
    "capability": N_("by what it does: browsing, buying, warehouse, money"),
    "layer": N_("by layer: pages, logic, data"),
}


@explorable(
    "microservices/architecture/teams",
    title=N_("Who has to agree with whom"),
    predict=N_(
        "Four teams own a shop. How many of a hundred changes can one team bring to users without"
        " anybody else, if the shop is one unit? If it is one unit for each team? And seven?"
    ),
    controls=(
        SHOP_AS,
        Choice(
            name="teams",
            label=N_("Teams"),
            default="capability",
            options=tuple(OWNERSHIP.items()),
        ),
        Whole(
            name="spread",
            label=N_("Changes that touch a neighbour, too, percent"),
            low=0,
            high=100,
            default=25,
        ),
    ),
)
def teams(cut: str, teams: str, spread: int) -> View:
    """Of a thousand changes: how many teams each needs, how many units it deploys."""
    found = agreement(Cut(CUTS[cut][1]), teams, spread / 100)
    most = max(*found.teams, *found.units)
    rows = [(n, found.teams[n] / 10, found.units[n] / 10) for n in range(1, most + 1)]
    told = "; ".join(
        _("{count}: {teams}% of the changes need so many teams, {units}% deploy so many units")
        .format(count=n, teams=f"{a:.0f}", units=f"{b:.0f}")
        for n, a, b in rows
    )  # fmt: skip
    chart = fig.bars(
        [
            fig.Bar(said.format(count=n), [(_("percent"), round(value))])
            for n, a, b in rows
            for said, value in (
                (_("needs {count} of the teams"), a),
                (_("deploys {count} of the units"), b),
            )
        ],
        title=_("Of a hundred changes"),
        description=f"{told}.",
    )
    says = _(
        "{alone} of the changes one team brings to users alone: it touches only its own modules,"
        " and deploys nobody else's along."
    ).format(alone=f"{found.alone:.0%}")
    return View((chart,), says, {"alone": round(found.alone, 3)})
