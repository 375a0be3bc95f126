"""What dependencies leave of a service's budget."""

from __future__ import annotations

from fractions import Fraction

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.slo import wording
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.budget import decimal, share_of
from lab_kernel.sre.slo.composition import left_for, parallel, serial

OF = 1_000_000
DEPENDENCIES = ("99", "99.9", "99.95", "99.99", "99.999")


@explorable(
    "sre/slo/chain",
    title=N_("What the others leave"),
    predict=N_(
        "A service promises 99.9% and needs five others for every request, each of which promises"
        " 99.9%, too. What is left for its own failures? And if each of the five has a double?"
    ),
    controls=(
        Choice(name="target", label=N_("It promises"), default="99.9", options=wording.OPTIONS),
        Whole(name="count", label=N_("It needs so many others"), low=0, high=12, default=5),
        Choice(
            name="each",
            label=N_("Each of them promises"),
            default="99.9",
            options=tuple((word, f"{word}%") for word in DEPENDENCIES),
        ),
        Whole(name="copies", label=N_("Copies of each, one is enough"), low=1, high=3, default=1),
    ),
)
def chain(target: str, count: int, each: str, copies: int) -> View:
    """Failures of a million requests, allowed and used up by others."""
    promised = wording.share(target)
    one = parallel([wording.share(each)] * copies)
    allowed = share_of(promised) * OF
    independent = left_for(promised, [one.independent] * count) * OF
    others = allowed - independent
    together = serial([one.independent] * count) if count else None
    best = wording.percent(together.independent, 4) if together else "100%"
    verdict = (
        _("It cannot be promised: {over} too many.").format(over=decimal(-independent, 1))
        if independent < 0
        else _("{left} are left for its own.").format(left=decimal(independent, 1))
    )
    says = _(
        "Of a million requests {allowed} may fail, and the others use up {others}. {verdict} All"
        " of them together work {best} of the time if they fail independently."
    ).format(allowed=decimal(allowed, 1), others=decimal(others, 1), verdict=verdict, best=best)
    worst = left_for(promised, [one.least] * count) * OF  # copies that always fail together
    rows = [_bar(_("each fails by itself"), allowed, allowed - independent)]
    if copies > 1:
        rows.append(_bar(_("copies fail together"), allowed, allowed - worst))
    bars = fig.bars(
        rows,
        title=_("The failures that may be, of a million requests"),
        description=says,
        total=lambda value: decimal(Fraction(value), 1),
        kinds=[_("used up by others"), _("for its own failures"), _("more than allowed")],
    )
    return View((bars,), says, {"left": float(independent), "worst": float(worst)})


def _bar(label: str, allowed: Fraction, others: Fraction) -> fig.Bar:
    parts = [
        (_("used up by others"), min(others, allowed)),
        (_("for its own failures"), max(allowed - others, Fraction(0))),
        (_("more than allowed"), max(others - allowed, Fraction(0))),
    ]
    return fig.Bar(label, [(name, round(float(part), 2)) for name, part in parts if part])
