"""A module on its way out: some of the requests go to the new unit, and it may be bad."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.cut import OPERATIONS, PARTS, Cut
from lab_kernel.microservices.architecture.prices import PER_SECOND
from lab_kernel.microservices.program import Handling
from lab_kernel.microservices.service import Service

SECONDS = 30.0
CHANGES_SIDES = ("catalog", "stock", "payment", "price")


@explorable(
    "microservices/strangler/moving",
    title=N_("A module on its way out"),
    predict=N_(
        "A tenth of the payments goes to a new payment unit, and its first version answers nothing"
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
    """One run: the share of requests that need the module, reach the new unit, and fail."""
    found = measured(module, share, bad)
    uses = needs(module)
    told = _(
        "{uses} of the requests need {module}, and {share}% of these are to go to the new unit."
        " Measured with {count} requests: {reached} reach it, {failed} of all fail"
    ).format(
        uses=f"{uses:.0%}",
        module=module,
        share=share,
        count=f"{found.count:,}",
        reached=f"{found.reached:.1%}",
        failed=f"{found.failed:.1%}",
    )
    chart = fig.bars(
        [
            fig.Bar(_("requests that need it"), [(_("percent"), round(100 * uses))]),
            fig.Bar(
                _("requests that reach the new unit"),
                [(_("percent"), round(100 * found.reached, 1))],
            ),
            fig.Bar(_("requests that fail"), [(_("percent"), round(100 * found.failed, 1))]),
        ],
        title=_("Of a hundred requests"),
        description=f"{told}.",
    )
    numbers = {
        "reached": round(found.reached, 4), "failed": round(found.failed, 4), "needs": uses,
    }  # fmt: skip
    return View((chart,), f"{told}.", numbers)


@dataclass(frozen=True)
class Moved:
    """Of ``count`` requests: the shares that reached the new unit, and that failed."""

    count: int
    reached: float
    failed: float


@cache
def measured(module: str, share: int, bad: bool) -> Moved:
    """Half a minute of load while the module is on its way out."""
    cut = leaving(module, share)
    system = cut.system()
    unit, reached = system.services[module], 0

    def counting(service: Service, handling: Handling) -> Generator[Any, Any, int]:
        nonlocal reached
        reached += 1  # no operation needs the module twice
        assert unit.answers is not None
        return (yield from unit.answers(service, handling))

    system.change(module, answers=counting, fails=1.0 if bad else 0.0)
    cut.load(system, PER_SECOND, SECONDS)
    system.run(system.now + SECONDS + 5)
    count = len(system.requests)
    return Moved(count, reached / count, len(system.failed) / count)


def leaving(module: str, share: int) -> Cut:
    """The shop as one unit, and beside it the module that is on its way out of it."""
    rest = " ".join(name for name in PARTS if name != module)
    return Cut(f"{rest} | {module}", moving=module, share=share)


def needs(module: str) -> float:
    """The share of requests that come to it once at least."""

    def reaches(name: str) -> bool:
        return name == module or any(map(reaches, PARTS[name].asks))

    return sum(share for first, share in OPERATIONS.values() if reaches(first)) / 100
