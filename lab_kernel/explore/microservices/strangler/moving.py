"""A module on its way out: some of the requests go to the new unit, and it may be bad."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.cut import OPERATIONS, PARTS, Cut
from lab_kernel.microservices.architecture.prices import measure

CHANGES_SIDES = ("catalog", "stock", "payment", "price")


@explorable(
    "microservices/strangler/moving",
    title=N_("A module on its way out"),
    predict=N_(
        "A tenth of the checkouts goes to a new payment unit, and its first version answers nothing"
        " but errors. How many of all requests fail? And how long until none do?"
    ),
    controls=(
        Choice(
            name="module",
            label=N_("The module that leaves"),
            default="payment",
            options=tuple((name, name) for name in CHANGES_SIDES),
        ),
        Whole(name="share", label=N_("To the new unit, percent"), low=0, high=100, default=10),
        Toggle(name="bad", label=N_("The new version is bad"), default="on"),
    ),
)
def moving(module: str, share: int, bad: bool) -> View:
    """Measured: the share of requests that fail, of all and of those that need the module."""
    found = measure(leaving(module, share), module if bad else "")
    uses = needs(module)
    failed = 1 - found.answered
    told = _(
        "{uses} of the requests need {module}; {share}% of what concerns it goes to the new unit;"
        " {failed} of all requests fail"
    ).format(uses=f"{uses:.0%}", module=module, share=share, failed=f"{failed:.1%}")
    chart = fig.bars(
        [
            fig.Bar(_("requests that need it"), [(_("percent"), round(100 * uses))]),
            fig.Bar(
                _("requests that reach the new unit"), [(_("percent"), round(share * uses, 1))]
            ),
            fig.Bar(_("requests that fail"), [(_("percent"), round(100 * failed, 1))]),
        ],
        title=_("Of a hundred requests"),
        description=f"{told}.",
    )
    return View((chart,), f"{told}.", {"failed": round(failed, 4), "needs": uses})


def leaving(module: str, share: int) -> Cut:
    """The shop as one unit, and beside it the module that is on its way out of it."""
    rest = " ".join(name for name in PARTS if name != module)
    return Cut(f"{rest} | {module}", moving=module, share=share)


def needs(module: str) -> float:
    """The share of requests that come to it once at least."""

    def reaches(name: str) -> bool:
        return name == module or any(map(reaches, PARTS[name].asks))

    return sum(share for first, share in OPERATIONS.values() if reaches(first)) / 100
