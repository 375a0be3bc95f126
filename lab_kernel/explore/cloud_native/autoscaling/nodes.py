"""The cluster autoscaler over time: nodes ordered, booted, idle, gone."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.cloud_native.autoscale import Loop, NodeGroup, Run, by_cpu, shapes
from lab_kernel.cloud_native.placement import node
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.cloud_native.autoscaling.wording import seconds
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _

SECONDS = 3600
REQUEST = 500
EVERY = 20


@cache
def run(boot: int, spare: int, unneeded: int, length: int) -> Run:
    """A group of nodes of 2 CPUs, ``spare`` of them kept beyond the first."""
    group = NodeGroup(node("pool", 2, "8Gi"), low=1 + spare, high=8, boot=boot * 1000)
    load = shapes.step(400, 3000, 300, 300 + length * 60)
    asked = by_cpu(50, low=2, high=14)
    loop = Loop(load, asked, REQUEST, REQUEST, group=group, unneeded=unneeded * 60_000)
    return loop.run(SECONDS)


@explorable(
    "cloud-native/autoscaling/nodes",
    title=N_("Nodes that come and go"),
    predict=N_(
        "The load rises at second 300. A node takes three minutes to boot. When does the first pod"
        " on a new node help? And when is the last extra node gone?"
    ),
    controls=(
        Whole(name="boot", label=N_("A node boots in, seconds"), low=10, high=600, default=180),
        Whole(name="spare", label=N_("Nodes kept as headroom"), low=0, high=4, default=0),
        Whole(
            name="unneeded",
            label=N_("Unneeded for, minutes"),
            low=1,
            high=20,
            default=10,
        ),
        Whole(name="length", label=N_("The load lasts, minutes"), low=1, high=30, default=15),
    ),
)
def nodes(boot: int, spare: int, unneeded: int, length: int) -> View:
    """Nodes and Pending pods over time."""
    done = run(boot, spare, unneeded, length)
    says = _says(done)
    points = done.moments[::EVERY]
    machines = fig.step_chart(
        [
            fig.Series(_("nodes"), [(m.second, m.nodes) for m in points]),
            fig.Series(_("booting"), [(m.second, m.booting) for m in points]),
        ],
        title=_("Nodes over time"),
        description=says,
        x_label=_("second"),
        y_label=_("nodes"),
    )
    pods = fig.step_chart(
        [
            fig.Series(_("replicas"), [(m.second, m.replicas) for m in points]),
            fig.Series(_("ready"), [(m.second, m.ready) for m in points]),
            fig.Series("Pending", [(m.second, m.pending) for m in points]),
        ],
        title=_("Pods over time"),
        description=says,
        x_label=_("second"),
        y_label=_("pods"),
    )
    return View((machines, pods), says)


def _says(done: Run) -> str:
    orders = done.trace.where(kind="order").events
    removed = done.trace.where(kind="remove").events
    told = []
    if orders:
        joined = done.trace.where(kind="join").events
        told.append(
            _("The first nodes are ordered in second {order} and there in second {there}.").format(
                order=orders[0].time, there=joined[0].time if joined else "-"
            )
        )
    else:
        told.append(_("No node had to be ordered."))
    if removed:
        told.append(_("The last one goes in second {last}.").format(last=removed[-1].time))
    waited = sum(m.pending > 0 for m in done.moments)
    told.append(_("Pods were Pending for {time}.").format(time=seconds(waited)))
    told.append(
        _("Not served: {lost} of the load. Node hours: {hours}.").format(
            lost=percent(round(done.unserved, 4)), hours=f"{done.node_seconds / 3600:.1f}"
        )
    )
    return " ".join(told)
