"""What users notice, what a nine costs, and where the two meet."""

from __future__ import annotations

from fractions import Fraction

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.slo import wording
from lab_kernel.language import N_, _
from lab_kernel.sre.slo import picking
from lab_kernel.sre.slo.budget import decimal

TARGETS = ("90", "99", "99.9", "99.99", "99.999")
OF = 10_000


@explorable(
    "sre/slo/picker",
    title=N_("Which target?"),
    predict=N_(
        "Device, Wi-Fi and provider work 99% of the time. How many fewer of 10,000 tries fail for a"
        " user when the service goes from 99.9% to 100%?"
    ),
    controls=(
        Choice(
            name="path",
            label=N_("The user's own path works"),
            default="99",
            options=(("99", "99%"), ("99.9", "99.9%"), ("99.99", "99.99%")),
        ),
        Whole(
            name="revenue",
            label=N_("Revenue that passes through, thousands"),
            low=10,
            high=10_000,
            default=1000,
        ),
        Whole(name="first", label=N_("One nine costs"), low=1, high=1000, default=50),
        Whole(name="factor", label=N_("Each one more costs, times"), low=2, high=100, default=10),
    ),
)
def picker(path: str, revenue: int, first: int, factor: int) -> View:
    """Failures that users see, and the money lost and spent, for each number of nines."""
    own = [wording.share(path)]
    elsewhere = 1 - picking.seen(1, own)
    seen = [
        fig.Bar(
            f"{target}%",
            [
                (_("their own path"), float(elsewhere * OF)),
                (_("the service"), float(picking.noticed(wording.share(target), own) * OF)),
            ],
        )
        for target in (*TARGETS[1:], "100")
    ]
    choices = picking.options(map(wording.share, TARGETS), revenue * 1000, first, factor)
    best = picking.cheapest(choices)
    money = [
        fig.Bar(
            wording.percent(each.target, 3),
            [(_("lost by failures"), float(each.loss)), (_("spent on nines"), float(each.cost))],
        )
        for each in choices
        if each.total <= 20 * best.total
    ]
    fewer = picking.noticed(wording.share("99.9"), own) * OF
    says = _(
        "From 99.9% to 100%, {fewer} fewer of 10,000 tries fail for a user; {path} fail on the way"
        " anyhow. Loss and cost together are least at {best}."
    ).format(
        fewer=decimal(fewer, 1),
        path=decimal(elsewhere * OF, 1),
        best=wording.percent(best.target, 3),
    )
    figures = (
        fig.bars(
            seen,
            title=_("Failures that a user sees, of 10,000 tries"),
            description=says,
            total=lambda value: decimal(Fraction(value), 1),
        ),
        fig.bars(
            money,
            title=_("What each target loses and costs"),
            description=_(
                "Targets that come out at more than twenty times the least are left out."
            ),
            total=lambda value: decimal(Fraction(value), 0),
        ),
    )
    return View(figures, says, {"best": float(best.target), "fewer": float(fewer)})
