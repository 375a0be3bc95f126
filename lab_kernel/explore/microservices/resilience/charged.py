"""Sales that are charged twice, and idempotency keys."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.sales import Outcome, Plan
from lab_kernel.microservices.resilience.sales import run as run_sales

KEYS = {
    "none": N_("no key"),
    "own": N_("each pod has its own keys"),
    "shared": N_("all pods share the keys"),
}


@cache
def run(keys: str, attempts: int, timeout: int) -> tuple[int, int, int, int]:
    """Sales, charges too many, sales that failed, and those of them that were charged."""
    plan = Plan(key=keys != "none", shared=keys == "shared", attempts=attempts, timeout=timeout)
    done: Outcome = run_sales(plan)
    return done.sales, done.twice, len(done.system.failed), done.unknown


@explorable(
    "microservices/resilience/charged",
    title=N_("Who pays twice?"),
    predict=N_(
        "Charging a card takes 50 ms, and for five seconds 300 ms. The shop waits 250 ms and tries"
        " up to four times. About ten sales fall into these five seconds. How many charges are too"
        " many? What if the tries carry a key, and the next try comes to the other pod?"
    ),
    controls=(
        Choice(
            name="keys", label=N_("Idempotency keys"), default="none", options=tuple(KEYS.items())
        ),
        Whole(name="attempts", label=N_("Tries, at most"), low=1, high=6, default=4),
        Whole(
            name="timeout", label=N_("Each try waits, milliseconds"), low=100, high=400, default=250
        ),
    ),
)
def charged(keys: str, attempts: int, timeout: int) -> View:
    """Two pods charge 20 seconds of sales, two a second; for five seconds they are slow."""
    sales, twice, failed, unknown = run(keys, attempts, timeout)
    says = _(
        "{sales}: {twice} too many; {failed} failed for the shop, although the card was charged in"
        " {unknown} of them."
    ).format(
        sales=counted(sales, N_("{n} sale"), N_("{n} sales")),
        twice=counted(twice, N_("{n} charge"), N_("{n} charges")),
        failed=failed,
        unknown=unknown,
    )
    rows = [
        fig.Bar(_("sales asked for"), [(_("how many"), sales)]),
        fig.Bar(_("charges too many"), [(_("how many"), twice)]),
        fig.Bar(_("failed for the shop"), [(_("how many"), failed)]),
        fig.Bar(_("failed, but charged"), [(_("how many"), unknown)]),
    ]
    picture = fig.bars(rows, title=_("Sales and charges"), description=says)
    return View((picture,), says, {"sales": sales, "twice": twice, "unknown": unknown})
