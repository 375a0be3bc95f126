"""A program that starts slowly, and the probes that wait for it or kill it."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

from lab_kernel import figures as fig
from lab_kernel.cloud_native.one_pod import Probe, Watched, watched
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

UNTIL = 180
STATES = {
    "starting": N_("is starting"),
    "unready": N_("is starting"),
    "ready": N_("serving"),
    "backoff": N_("waits to be restarted"),
    "stopping": N_("ending"),
}


@cache
def run(start: int, startup: int, liveness: int) -> Watched:
    return watched(
        start=start,
        startup=Probe(failures=startup) if startup else None,
        liveness=Probe(failures=liveness) if liveness else None,
        readiness=Probe(period=5),
        until=UNTIL,
    )


@explorable(
    "cloud-native/rollout/probes",
    title=N_("A slow start"),
    predict=N_(
        "A program needs 40 seconds to start. A liveness probe asks every 10 seconds and gives up"
        " after 3 failures. Does the program ever serve? What changes with a startup probe?"
    ),
    controls=(
        Whole(name="start", label=N_("Start takes, seconds"), low=1, high=120, default=40),
        Whole(
            name="startup",
            label=N_("Startup probe gives up after (0: none)"),
            low=0,
            high=12,
            default=0,
        ),
        Whole(
            name="liveness",
            label=N_("Liveness probe gives up after (0: none)"),
            low=0,
            high=6,
            default=3,
        ),
    ),
)
def probes(start: int, startup: int, liveness: int) -> View:
    """One pod for three minutes: what it does, what its probes say, when it is killed."""
    done = run(start, startup, liveness)
    killed, ready = done.seconds("Killing"), done.ready
    if ready is not None and killed:
        first = _("It serves from second {ready} on, and is killed in second {killed}.").format(
            ready=f"{ready:.0f}", killed=f"{killed[0]:.0f}"
        )
    elif ready is not None:
        first = _("It serves from second {ready} on.").format(ready=f"{ready:.0f}")
    elif killed:
        first = _("Killed in second {killed}, before it can serve.").format(
            killed=f"{killed[0]:.0f}"
        )
    else:
        first = _("It is not ready within the three minutes.")
    restarts = len(done.seconds("Started")) - 1
    says = (
        first
        + " "
        + counted(restarts, N_("{n} restart"), N_("{n} restarts"))
        + _(" in three minutes.")
    )
    picture = fig.timeline(
        _rows(done),
        title=_("One pod and its probes"),
        description=says,
        x_label=_("seconds"),
        unit=1000,
        kinds=[*dict.fromkeys(_(state) for state in STATES.values())],
    )
    return View((picture,), says, {"restarts": restarts, "ready": -1 if ready is None else ready})


def _rows(done: Watched) -> Trace:
    """The program's states, a bar for each start, and what its probes said; time from the start."""
    starts = [round(second * 1000) for second in done.seconds("Started")][1:]
    rows = []
    for event in done.trace:
        begin, end = event.time - done.began, event.time + event.duration - done.began
        if event.track.startswith("node-1/web") and end > 0:
            state = _(STATES[event.kind])
            edges = [max(begin, 0), *(each for each in starts if begin < each < end), end]
            rows += [
                Event(start, over - start, _("program"), state, state)
                for start, over in pairwise(edges)
            ]
    marks = [
        Event(event.time - done.began, 0, _("probes"), _("a probe fails"), event.details["message"])
        for event in done.trace.where(name="Unhealthy")
        if not event.details["message"].startswith("Readiness")
    ]
    killed = [
        Event(round(second * 1000), 0, "SIGTERM", _("told to end"), "SIGTERM")
        for second in done.seconds("Killing")
    ]
    return Trace([*rows, *marks, *killed])
