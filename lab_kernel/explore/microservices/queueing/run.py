"""One queue over time: who is there, and Little's law counted three ways."""

from __future__ import annotations

import math

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.microservices.queueing.estimate import little
from lab_kernel.microservices.queueing.queue import simulate
from lab_kernel.microservices.queueing.times import Exponential

SHOWN = 300  # customers


@explorable(
    "microservices/queueing/run",
    title=N_("One queue over time"),
    predict=N_(
        "Requests come at random moments, and the server is busy for 80% of its time. How long is"
        " the longest queue? And is the server ever idle?"
    ),
    controls=(
        Whole(name="load", label=N_("Utilization, percent"), low=10, high=120, default=80),
        Whole(name="servers", label=N_("Servers behind one queue"), low=1, high=20, default=1),
        Whole(name="seed", label=N_("Seed"), low=0, high=99, default=1),
    ),
)
def run(load: int, servers: int, seed: int) -> View:
    """Three hundred requests of 10 ms, until all are served."""
    rate = load / 100 * servers / 0.010
    found = simulate(rate, Exponential(0.010), servers, customers=SHOWN, seed=seed)
    counts = list(found.counts())
    law = little(found)
    most = max(there for _moment, there in counts)
    waited = sum(wait > 0 for wait in found.waits) / SHOWN
    told = _(
        "{there} are there on average; {rate} a second come, and each stays {stay} ms on average"
    ).format(there=f"{law.there:.2f}", rate=f"{law.rate:.1f}", stay=f"{1000 * law.stay:.1f}")
    chart = fig.step_chart(
        [
            fig.Series(_("queue and service"), [(0.0, 0), *counts]),
            fig.Series(_("servers"), [(0.0, servers), (counts[-1][0], servers)]),
        ],
        title=_("Requests in queue and service"),
        description=f"{told}.",
        x_label=_("seconds"),
        y_label=_("requests"),
    )
    says = _(
        "{told}: {rate} × {stay} s = {product}. The most at once: {most}; {waited} had to wait."
    ).format(
        told=told,
        rate=f"{law.rate:.1f}",
        stay=f"{law.stay:.4f}",
        product=f"{law.product:.2f}",
        most=most,
        waited=f"{waited:.0%}",
    )
    assert math.isclose(law.there, law.product, rel_tol=1e-9)
    return View((chart,), says, {"there": round(law.there, 4), "most": most})
