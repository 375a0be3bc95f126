"""Replicas for a peak, on the curve of M/M/c."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.capacity import needed, waits_longer

POINTS = 60
ALLOWED = 5.0  # per cent of the requests may wait longer


@explorable(
    "sre/practice/capacity",
    title=N_("Room for the peak"),
    predict=N_(
        "At the peak 100 requests come each second, of 100 ms each. 95% are to wait at most 50 ms."
        " Ten replicas could just do the work. How many does it take? And what happens when one of"
        " them fails at the peak?"
    ),
    controls=(
        Whole(name="peak", label=N_("Requests a second at the peak"), low=1, high=300, default=100),
        Whole(name="work", label=N_("Work for each, ms"), low=10, high=400, default=100),
        Whole(name="limit", label=N_("95% wait at most, ms"), low=0, high=500, default=50),
        Whole(name="replicas", label=N_("Replicas there are"), low=1, high=130, default=14),
    ),
)
def capacity(peak: int, work: int, limit: int, replicas: int) -> View:
    """The share that waits too long, over the load, with all replicas and with one away."""
    service, most = work / 1000, limit / 1000
    fewest = needed(peak, service, most)
    now = waits_longer(replicas, peak, service, most)
    less = waits_longer(max(replicas - 1, 1), peak, service, most)
    says = _(
        "N = {fewest}, so N + 1 = {spare}. With {replicas} at the peak {now} wait too long, with"
        " one away {less}."
    ).format(
        fewest=fewest,
        spare=fewest + 1,
        replicas=replicas,
        now=percent(round(now, 4)),
        less=percent(round(less, 4)),
    )
    top = max(peak, replicas / service) * 1.1
    rates = [top * n / POINTS for n in range(1, POINTS + 1)]
    lines = {
        _("all replicas"): replicas,
        _("one away"): max(replicas - 1, 1),
    }
    series = [
        fig.Series(name, [(rate, 100 * waits_longer(count, rate, service, most)) for rate in rates])
        for name, count in lines.items()
    ]
    picture = fig.line_chart(
        [
            *series,
            fig.Series(_("the peak"), [(peak, 0.0), (peak, 100.0)]),
            fig.Series(_("5%, the target"), [(rates[0], ALLOWED), (top, ALLOWED)]),
        ],
        title=_("Requests that wait too long, per cent"),
        description=says,
        x_label=_("requests a second"),
        y_label="%",
    )
    return View((picture,), says, {"needed": fewest, "now": 100 * now, "one away": 100 * less})
