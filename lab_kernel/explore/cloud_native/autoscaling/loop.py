"""Load against replicas: a closed loop with its delays."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.cloud_native.autoscale import Loop, Run, by_cpu, shapes
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.cloud_native.autoscaling.wording import outcome
from lab_kernel.language import N_, _

SECONDS = 2400
REQUEST, LIMIT = 200, 200
EVERY = 15  # a point in the pictures for so many seconds
LOADS = {
    "spike": shapes.step(400, 2400, 300, 1200),
    "ramp": shapes.ramp(400, 2400, 300, 900),
    "waves": shapes.wave(400, 2400, 800),
    "flutter": shapes.wave(900, 1500, 120),
    "steady": shapes.constant(1200),
}
NAMES = {
    "spike": N_("a spike of 15 minutes"),
    "ramp": N_("a slow rise"),
    "waves": N_("waves of 13 minutes"),
    "flutter": N_("quick small waves"),
    "steady": N_("steady"),
}


@cache
def run(load: str, target: int, window: int, tolerance: int, startup: int) -> Run:
    loop = Loop(
        LOADS[load],
        by_cpu(target, window=window, tolerance=tolerance),
        REQUEST,
        LIMIT,
        startup=startup,
    )
    return loop.run(SECONDS)


@explorable(
    "cloud-native/autoscaling/loop",
    title=N_("Load, and the replicas that follow it"),
    predict=N_(
        "The load rises to six times in an instant. A pod takes 30 seconds to start, the target is"
        " 50%. How long until all of the load is served? And when do the pods go again?"
    ),
    controls=(
        Choice(name="load", label=N_("Load"), default="spike", options=tuple(NAMES.items())),
        Whole(name="target", label=N_("Target, percent of the requests"), low=20, high=100,
              default=50),
        Whole(name="window", label=N_("Window for the way down, seconds"), low=0, high=600,
              default=300),
        Whole(name="tolerance", label=N_("Tolerance, percent"), low=0, high=30, default=10),
        Whole(name="startup", label=N_("A pod starts in, seconds"), low=0, high=180, default=30),
    ),
)  # fmt: skip
def loop(load: str, target: int, window: int, tolerance: int, startup: int) -> View:
    """Replicas over time, and what of the load is served."""
    done = run(load, target, window, tolerance, startup)
    points = done.moments[::EVERY]
    says = outcome(done)
    late = [m.second for m in done.moments if m.served < m.load]
    if late:
        says = (
            _("From second {first} to {last} load is lost.").format(first=late[0], last=late[-1])
            + " "
            + says
        )
    exact = [
        (m.second, max(4, -(-m.load * 100 // (target * REQUEST)))) for m in points
    ]  # what the rule would want if it knew the load at once
    counts = fig.step_chart(
        [
            fig.Series(_("replicas"), [(m.second, m.replicas) for m in points]),
            fig.Series(_("ready"), [(m.second, m.ready) for m in points]),
            fig.Series(_("for the target"), exact),
        ],
        title=_("Replicas over time"),
        description=says,
        x_label=_("second"),
        y_label=_("pods"),
    )
    work = fig.line_chart(
        [
            fig.Series(_("load"), [(m.second, m.load) for m in points]),
            fig.Series(_("served"), [(m.second, m.served) for m in points]),
        ],
        title=_("The load, and what of it is served"),
        description=says,
        x_label=_("second"),
        y_label=_("thousandths of a CPU"),
    )
    return View((counts, work), says)
