"""What a client sees while one service is slow: on the simulated cluster, and on a real Linux."""

from __future__ import annotations

import statistics
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.host.loopback import SLOW, STAGES, SlowDependency, recorded_slow_dependency
from lab_kernel.language import N_, _
from lab_kernel.microservices.loopback import slow_dependency

RECORDED_TIMEOUT = 100  # ms
EVERY = 250  # ms: a point of the curve is the median of what was due within so many
NAMES = {
    "before": N_("before it is slow"),
    "slow": N_("while it is slow"),
    "after": N_("after it was slow"),
}


@explorable(
    "microservices/loopback/slow",
    title=N_("One slow service"),
    predict=N_(
        "Stock answers in 8 ms, and for four seconds in 400 ms. It has four workers, and 40"
        " requests a second come. What does a client of the gateway wait when the gateway waits for"
        " ever?"
        " And what does it get when the gateway waits 100 ms?"
    ),
    controls=(
        Choice(
            name="gateway",
            label=N_("The gateway"),
            default="forever",
            options=(
                ("forever", N_("waits for ever")),
                ("timeout", N_("waits for the timeout")),
                ("optional", N_("answers without stock after the timeout")),
            ),
        ),
        Whole(name="slow", label=N_("Stock while it is slow, ms"), low=8, high=800, default=SLOW),
        Whole(
            name="timeout",
            label=N_("The gateway's timeout, ms"),
            low=20,
            high=1000,
            default=RECORDED_TIMEOUT,
        ),
    ),
)
def slow(gateway: str, slow: int, timeout: int) -> View:
    """Latency over time and by stage; beside it the recording, where the settings are its."""
    patience = None if gateway == "forever" else timeout
    runs = {_("simulated"): simulated(gateway, slow, patience)}
    if slow == SLOW and patience in (None, RECORDED_TIMEOUT):
        found = recorded_slow_dependency(patience, optional=gateway == "optional")
        runs[_("Linux, recorded")] = found
    told = "; ".join(f"{name}: {_told(run)}" for name, run in runs.items())
    source = "".join(f" ({run.source})" for run in runs.values() if run.source.kind == "recording")
    chart = fig.line_chart(
        [fig.Series(name, curve(run)) for name, run in runs.items()],
        title=_("What a client waits"),
        description=f"{told}{source}.",
        x_label=_("seconds; stock is slow from 4 to 8"),
        y_label=_("median of each quarter of a second, ms"),
    )
    heads = [_("median, ms"), _("99% within, ms"), _("answered with 200")]
    rows = [
        fig.Row(f"{_(NAMES[stage])}, {name}", _cells(run.stage(stage)))
        for stage in STAGES
        for name, run in runs.items()
    ]
    table = fig.table(heads, rows, title=_("By stage"), description=f"{told}{source}.")
    first = next(iter(runs.values())).stage("slow")
    says = _(
        "While stock is slow, half of the clients wait {median} ms or less, 99% at most {p99} ms,"
        " and {answered} get an answer with 200{source}."
    ).format(
        median=f"{first.percentile(50):,.0f}",
        p99=f"{first.percentile(99):,.0f}",
        answered=f"{first.answered:.0%}",
        source=source,
    )
    return View(
        (chart, table),
        says,
        {"median": first.percentile(50), "p99": first.percentile(99), "answered": first.answered},
    )


@cache
def simulated(gateway: str, slow: int, timeout: int | None) -> SlowDependency:
    return slow_dependency(timeout, optional=gateway == "optional", slow=slow)


def curve(run: SlowDependency) -> list[tuple[float, float]]:
    """(second, median of what was due in the quarter of a second before it)."""
    taken: dict[int, list[float]] = {}
    for each in run.asked:
        taken.setdefault(int(each.due // EVERY), []).append(each.took)
    return [((n + 1) * EVERY / 1000, statistics.median(taken[n])) for n in sorted(taken)]


def _told(run: SlowDependency) -> str:
    part = run.stage("slow")
    return _("while stock is slow, median {median} ms, {answered} answered").format(
        median=f"{part.percentile(50):,.0f}", answered=f"{part.answered:.0%}"
    )


def _cells(part: SlowDependency) -> list[fig.Cell]:
    words = f"{part.percentile(50):,.0f}", f"{part.percentile(99):,.0f}", f"{part.answered:.0%}"
    return list(map(fig.Cell, words))
