"""A dependency that hangs, and the pages that do not need it."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.microservices.resilience.wording import whole_percent
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.hang import KINDS, Plan
from lab_kernel.microservices.resilience.hang import run as run_plan

NAMES = {"prices": N_("pages with prices"), "reports": N_("pages with reports")}
EVERY = 2  # seconds


@cache
def run(places: int, timeout: int, workers: int) -> tuple[dict[str, list[float]], float, float]:
    """The share of each kind that came, by time; that of prices in the trouble; workers held."""
    plan = Plan(places=places or None, timeout=timeout, workers=workers)
    done = run_plan(plan)
    starts = range(0, int(plan.seconds), EVERY)
    shares = {
        kind: [done.answered(kind, start, start + EVERY) for start in starts] for kind in KINDS
    }
    return shares, done.answered("prices", plan.begin, plan.end), plan.held


@explorable(
    "microservices/resilience/bulkhead",
    title=N_("One dependency hangs"),
    predict=N_(
        "A page has 8 workers. 15 requests a second want prices, 4 want reports. From second 5 to"
        " 20 the reports hang, and a worker waits 3 seconds for one. What becomes of the prices?"
        " And if only three calls for reports may be under way at once?"
    ),
    controls=(
        Whole(name="places", label=N_("Calls at once (0: no limit)"), low=0, high=12, default=0),
        Whole(
            name="timeout",
            label=N_("A call waits, milliseconds"),
            low=100,
            high=5000,
            default=3000,
        ),
        Whole(name="workers", label=N_("Workers of the page"), low=2, high=32, default=8),
    ),
)
def bulkhead(places: int, timeout: int, workers: int) -> View:
    """The share of the pages of both kinds that came within a second."""
    shares, prices, held = run(places, timeout, workers)
    says = _(
        "While the reports hang, from second 5 to 20, {prices} of the prices come. Reports alone"
        " need {held} workers, and the page has {workers}: 4 a second, {seconds} s each."
    ).format(
        prices=whole_percent(prices),
        held=f"{held:g}",
        workers=workers,
        seconds=f"{timeout / 1000:g}",
    )
    lines = [
        fig.Series(
            _(NAMES[kind]),
            [
                *((n * EVERY, 100 * part) for n, part in enumerate(shares[kind])),
                (len(shares[kind]) * EVERY, 100 * shares[kind][-1]),
            ],
        )
        for kind in KINDS
    ]
    picture = fig.step_chart(
        lines,
        title=_(
            "Pages that came, in per cent, by when they were asked for; reports hang from second 5"
            " to 20"
        ),
        description=says,
        x_label=_("seconds"),
        y_label="%",
    )
    return View((picture,), says, {"prices": prices, "held": held})
