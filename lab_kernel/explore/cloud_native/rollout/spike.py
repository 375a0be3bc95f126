"""A rush of requests, and what a liveness probe makes of it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.cloud_native.spike import RUSH, START, Rush, rush
from lab_kernel.explore import Toggle, View, Whole, explorable
from lab_kernel.explore.cloud_native.rollout import wording
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _


class Result(NamedTuple):
    """What is kept of a run: figures, not the cluster."""

    requests: int
    lost: int
    restarts: int
    answered: list[tuple[int, float]]


@cache
def run(liveness: bool, replicas: int, timeout: int, failures: int) -> Result:
    done = rush(Rush(liveness=liveness, replicas=replicas, timeout=timeout, failures=failures))
    lost = len(done.gateway.lost)
    return Result(len(done.gateway.requests), lost, done.restarts, done.answered())


@explorable(
    "cloud-native/rollout/spike",
    title=N_("A cure that makes it worse"),
    predict=N_(
        "Three pods can answer 15 requests a second. For 20 seconds 20 arrive, then 12 again. How"
        " many are lost with a liveness probe, how many without?"
    ),
    controls=(
        Toggle(name="liveness", label=N_("Liveness probe"), default="on"),
        Whole(name="replicas", label=N_("Replicas"), low=2, high=6, default=3),
        Whole(name="timeout", label="timeoutSeconds", low=1, high=10, default=1),
        Whole(name="failures", label="failureThreshold", low=1, high=6, default=3),
    ),
)
def spike(liveness: bool, replicas: int, timeout: int, failures: int) -> View:
    """The share of requests that is answered, every five seconds."""
    done = run(liveness, replicas, timeout, failures)
    says = _("{restarts}; of {all} {lost} were lost.").format(
        restarts=counted(done.restarts, N_("{n} restart"), N_("{n} restarts")),
        all=wording.requests(done.requests),
        lost=f"{done.lost:,}",
    )
    points = [(second - START, share) for second, share in done.answered]
    picture = fig.step_chart(
        [fig.Series(_("answered in time"), points)],
        title=_("Requests answered, per cent; the rush is from second {begin} to {end}").format(
            begin=RUSH - START, end=RUSH - START + 20
        ),
        description=says + " " + ", ".join(f"{second}: {share:.0f}%" for second, share in points),
        x_label=_("seconds"),
        y_label="%",
    )
    return View((picture,), says, {"restarts": done.restarts, "lost": done.lost})
