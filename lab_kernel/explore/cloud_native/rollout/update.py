"""Requests during an update, with a node lost in its middle."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.cloud_native.rollout import CHANGED, Plan
from lab_kernel.cloud_native.rollout import update as run_update
from lab_kernel.explore import Toggle, View, Whole, explorable
from lab_kernel.explore.cloud_native.rollout import wording
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

KILLED = 55.0
OUTCOMES = {
    "200": N_("answered in time"),
    "refused": N_("refused"),
    "reset": N_("reset"),
    "timeout": N_("no answer in time"),
    "503": N_("answered 503"),
    "no endpoint": N_("no pod known"),
}


class Result(NamedTuple):
    """What is kept of a run: figures, not the cluster. ``failed`` are (ms, outcome, pod)."""

    pods: Trace
    requests: int
    retried: int
    lost: int
    tries: Counter[str]
    failed: list[tuple[int, str, str]]


@cache
def run(readiness: bool, pre_stop: int, attempts: int, kill: bool) -> Result:
    done = run_update(
        Plan(
            readiness=readiness,
            pre_stop=pre_stop,
            attempts=attempts,
            kill=KILLED if kill else None,
            rate=10,
            until=110,
        )
    )
    requests = done.gateway.requests
    tries = [(each.accepted, outcome, pod) for each in requests for pod, outcome in each.tries]
    return Result(
        done.pods(),
        len(requests),
        done.gateway.retried(),
        len(done.gateway.lost),
        Counter(outcome for _time, outcome, _pod in tries),
        [each for each in tries if each[1] != "200"],
    )


@explorable(
    "cloud-native/rollout/update",
    title=N_("An update that nobody notices"),
    predict=N_(
        "The node fails in the middle of the update. Which of the three (readiness probe, preStop,"
        " retries) is it that saves the requests then?"
    ),
    controls=(
        Toggle(name="readiness", label=N_("Readiness probe"), default="on"),
        Whole(name="pre_stop", label=N_("preStop sleeps, seconds"), low=0, high=8, default=5),
        Whole(name="attempts", label=N_("Tries for a request"), low=1, high=4, default=4),
        Toggle(name="kill", label=N_("A node loses its power"), default="on"),
    ),
)
def update(readiness: bool, pre_stop: int, attempts: int, kill: bool) -> View:
    """Four pods, ten requests in each second, a new image in second 40."""
    done = run(readiness, pre_stop, attempts, kill)
    lost, retried = done.lost, done.retried
    first = done.requests - lost - retried
    says = _("Of {all}: answered at the first try {first}, at a later one {later}, lost {lost}.")
    says = says.format(
        all=wording.requests(done.requests), first=f"{first:,}", later=retried, lost=lost
    )
    bars = fig.bars(
        [
            fig.Bar(_("requests"), [
                (_("at the first try"), first), (_("at a later try"), retried), (_("lost"), lost),
            ])
        ],
        title=_("What became of the requests"),
        description=says
        + " "
        + " ".join(f"{_(OUTCOMES[name])}: {count}." for name, count in done.tries.most_common()),
    )  # fmt: skip
    timeline = wording.timeline(
        Trace([*wording.pod_rows(done.pods, *_span()), *_failures(done, kill)]),
        _("Pods and failed tries"),
        says,
        [_(name) for name in OUTCOMES.values()],
    )
    numbers = {"requests": done.requests, "retried": retried, "lost": lost}
    return View((bars, timeline), says, numbers)


def _span() -> tuple[int, int]:
    return round((CHANGED - 5) * 1000), 100_000


def _failures(done: Result, kill: bool) -> list[Event]:
    """A mark for each try that failed, and the moment at which the node went dark."""
    begin, end = _span()
    rows = [
        Event(time - begin, 0, _("failed tries"), _(OUTCOMES[outcome]), pod)
        for time, outcome, pod in done.failed
        if begin <= time < end
    ]
    if kill:
        at = round(KILLED * 1000) - begin
        rows.append(Event(at, 0, Plan.node, _("power fails"), Plan.node))
    return rows
