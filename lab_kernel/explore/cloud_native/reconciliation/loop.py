"""The control loop at work: what is desired, what is there, what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.cloud_native.reconciliation.wording import START, pods, seconds, web
from lab_kernel.language import N_, _

AFTER = 60  # s that are watched after the fault


def _first(cluster: Cluster) -> str:
    return cluster.pods("web")[0].metadata.name


def _both(cluster: Cluster) -> None:
    cluster.scale("web", 5)
    cluster.delete_pod(_first(cluster))


FAULTS: dict[str, tuple[str, Callable[[Cluster], object]]] = {
    "delete": (N_("a pod is deleted"), lambda c: c.delete_pod(_first(c))),
    "kill": (N_("a program is killed"), lambda c: c.crash_container(_first(c))),
    "more": (N_("five replicas are wanted"), lambda c: c.scale("web", 5)),
    "fewer": (N_("one replica is wanted"), lambda c: c.scale("web", 1)),
    "image": (N_("another image is wanted"), lambda c: c.set_image("web", "web:2")),
    "both": (N_("five are wanted, and a pod is deleted"), _both),
}
DOES = {
    "SuccessfulCreate": N_("make a pod"),
    "SuccessfulDelete": N_("delete a pod"),
    "ScalingReplicaSet": N_("set how many are wanted"),
    "Scheduled": N_("choose a node"),
    "Started": N_("start a container"),
    "Killing": N_("stop a container"),
}


class Look(NamedTuple):
    """What was seen at one time: pods wanted, there, ready; and what was done just then."""

    time: int
    desired: int
    there: int
    ready: int
    done: tuple[tuple[str, int], ...] = ()


@cache
def looks(fault: str) -> tuple[Look, ...]:
    """A look each time that something is different, from just before the fault on."""
    cluster = web().run(START)
    seen: list[Look] = [_look(cluster, len(cluster.record))]
    FAULTS[fault][1](cluster)
    told, time = len(cluster.record), cluster.clock.now
    while time < (START + AFTER) * 1000:
        cluster.clock.step()
        if cluster.clock.now == time:
            continue
        look = _look(cluster, told)._replace(time=time)  # an instant is over
        told, time = len(cluster.record), cluster.clock.now
        if look.done or look[1:4] != seen[-1][1:4]:
            seen.append(look)
    return tuple(seen)


def _look(cluster: Cluster, before: int) -> Look:
    done: dict[str, int] = {}
    for event in cluster.record.since(before):
        if event.name in DOES:
            done[event.name] = done.get(event.name, 0) + 1
    there = cluster.pods("web")
    return Look(
        cluster.clock.now,
        cluster.deployment("web").spec.replicas,
        len(there),
        sum(pod.status.ready for pod in there),
        tuple(done.items()),
    )


@explorable(
    "cloud-native/reconciliation/loop",
    title=N_("Desired, observed, act"),
    predict=N_(
        "Three replicas run, and one pod is deleted. How long until a new pod exists? And until it"
        " is ready?"
    ),
    controls=(
        Choice(
            name="fault",
            label=N_("What happens"),
            default="delete",
            options=tuple((name, label) for name, (label, _do) in FAULTS.items()),
        ),
        Whole(name="rows", label=N_("Rounds shown"), default=8, low=3, high=20),
    ),
)
def loop(fault: str, rows: int) -> View:
    """Pods over time, and the rounds of the loop one by one."""
    seen = looks(fault)
    start = START * 1000
    lines = []
    for name, values in (
        (N_("desired"), [each.desired for each in seen]),
        (N_("there"), [each.there for each in seen]),
        (N_("ready"), [each.ready for each in seen]),
    ):
        times = [max(each.time - start, 0) / 1000 for each in seen]
        points = [*zip(times, values, strict=True), (float(AFTER), values[-1])]
        lines.append(fig.Series(_(name), points))
    last = seen[-1]
    says = _(
        "{fault}: {desired} wanted. The last change comes {time} later; {ready} ready."
    ).format(
        fault=_(FAULTS[fault][0]).capitalize(),
        desired=pods(last.desired),
        time=seconds(last.time - start),
        ready=pods(last.ready),
    )
    chart = fig.step_chart(
        lines,
        title=_("Pods over time"),
        description=says,
        x_label=_("seconds after it happened"),
        y_label=_("pods"),
    )
    acted, quiet = _("something is done"), _("nothing to do")
    shown = [
        fig.Row(
            seconds(max(each.time - start, 0)),
            [
                fig.Cell(str(each.desired)),
                fig.Cell(str(each.there), heavy=each.there != each.desired),
                fig.Cell(str(each.ready), heavy=each.ready != each.desired),
                fig.Cell(_done(each), acted if each.done else quiet),
            ],
        )
        for each in seen[:rows]
    ]
    table = fig.table(
        (_("desired"), _("there"), _("ready"), _("what is done")),
        shown,
        title=_("The first rounds"),
        description=" ".join(
            f"{row.head}: {', '.join(cell.words for cell in row.cells)}." for row in shown
        ),
        states=(acted, quiet),
    )
    return View((chart, table), says, {"rounds": len(seen), "settled_ms": last.time - start})


def _done(look: Look) -> str:
    words = [_(DOES[name]) + (f" ×{count}" if count > 1 else "") for name, count in look.done]
    return ", ".join(words) or "–"
