"""Retries in several layers: how often the lowest is called."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.microservices.resilience.wording import whole_percent
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.amplification import Layers


@explorable(
    "microservices/resilience/layers",
    title=N_("Retries in layers"),
    predict=N_(
        "A browser, a gateway and a service each try three times. The database below them answers"
        " nobody. How often is it called for one click?"
    ),
    controls=(
        Whole(name="layers", label=N_("Layers that try"), low=1, high=5, default=3),
        Whole(name="attempts", label=N_("Tries in each layer"), low=1, high=5, default=3),
        Whole(name="failing", label=N_("Calls that fail, per cent"), low=0, high=100, default=100),
    ),
)
def layers(layers: int, attempts: int, failing: int) -> View:
    """The expected number of calls that each layer makes for one request from above."""
    found = Layers(layers, attempts, failing / 100)
    calls = found.expected()
    says = _(
        "For one request the lowest service is called {bottom} times on average, and {worst} times"
        " if all fails. {failed} of the requests fail after all."
    ).format(
        bottom=f"{calls[-1]:,.4g}" if calls[-1] < 100 else f"{calls[-1]:,.0f}",
        worst=f"{found.worst:,}",
        failed=whole_percent(found.failed()),
    )
    rows = [
        fig.Bar(_("layer {n} from the top").format(n=number), [(_("calls"), made)])
        for number, made in enumerate(calls, 1)
    ]
    picture = fig.bars(
        rows,
        title=_("Calls that each layer makes for one request"),
        description=says,
        total=lambda value: f"{value:,.3g}" if value < 100 else f"{value:,.0f}",
    )
    numbers = {"bottom": calls[-1], "worst": found.worst, "failed": found.failed()}
    return View((picture,), says, numbers)
