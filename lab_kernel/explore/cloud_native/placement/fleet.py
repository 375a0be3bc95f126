"""A large fleet: what two policies leave free, and which nodes could go."""

from __future__ import annotations

import random
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.cloud_native.placement import Filled, Scheduler, node, pod
from lab_kernel.cloud_native.placement.filled import CPU, MEMORY
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.cloud_native.placement.wording import nodes, pods
from lab_kernel.language import N_, _

GI = 1 << 30
MIXES = {
    "small": N_("many small pods"),
    "mixed": N_("small and large pods"),
    "memory": N_("pods that want memory, pods that want CPU"),
}
SIZES = {
    "small": ((250, 0.5), (500, 1.0)),
    "mixed": ((250, 0.5), (500, 1.0), (1000, 2.0), (3000, 6.0)),
    "memory": ((200, 3.0), (1200, 0.5)),
}


@cache
def filled(count: int, wanted: int, mix: str, policy: str) -> tuple[tuple[Filled, ...], int]:
    """The nodes after placing, and how many pods are Pending."""
    chance = random.Random(f"{mix} {wanted}")
    scheduler = Scheduler([node(f"n{number}", 4, "8Gi") for number in range(count)], policy)
    pending = 0
    for number in range(wanted):
        cpu, memory = chance.choice(SIZES[mix])
        one = pod(f"p{number}", f"{cpu}m", f"{int(memory * 1024)}Mi")
        pending += not scheduler.place(one)
    return tuple(scheduler.nodes.values()), pending


@explorable(
    "cloud-native/placement/fleet",
    title=N_("What a policy leaves free"),
    predict=N_(
        "200 pods of different sizes come to 60 nodes, which have room enough for all of them"
        " together. Does each policy find a place for every pod?"
    ),
    controls=(
        Whole(name="pods", label=N_("Pods"), low=1, high=800, default=200),
        Whole(name="nodes", label=N_("Nodes"), low=1, high=200, default=60),
        Choice(name="mix", label=N_("Kinds of pod"), default="mixed", options=tuple(MIXES.items())),
    ),
)
def fleet(pods: int, nodes: int, mix: str) -> View:
    """For both policies: nodes by how full they are, and what still fits."""
    rows, told = [], []
    edges = ((0, 0), (1, 49), (50, 89), (90, 100))
    names = (_("empty"), _("less than half"), _("half to 90%"), _("90% and more"))
    for policy in ("LeastAllocated", "MostAllocated"):
        there, pending = filled(nodes, pods, mix, policy)
        full = [_percent(one) for one in there]
        parts = [
            (name, sum(low <= part <= high for part in full))
            for name, (low, high) in zip(names, edges, strict=True)
        ]
        rows.append(fig.Bar(policy, parts))
        told.append(_told(policy, there, pending))
    says = " ".join(told)
    picture = fig.bars(
        rows,
        title=_("Nodes, by how much of the scarcer resource is requested"),
        description=says,
        kinds=names,
    )
    return View((picture,), says)


def _percent(one: Filled) -> int:
    """Of CPU or memory, whichever is scarcer; a node with any pod counts as 1 at least."""
    used = max(100 * one.used.get(each, 0) // one.allocatable[each] for each in (CPU, MEMORY))
    return max(used, 1) if one.pods else 0


def _told(policy: str, there: tuple[Filled, ...], pending: int) -> str:
    empty = sum(not one.pods for one in there)
    most = max(one.free(CPU) for one in there)
    told = _("{policy}: {nodes} empty; most CPU free on one node: {most}m.").format(
        policy=policy, nodes=nodes(empty), most=f"{most:,}"
    )
    if pending:
        stranded = sum(one.free(CPU) for one in there) / 1000
        told += " " + _("Pending: {pods}, while {free} CPUs are free in all.").format(
            pods=pods(pending), free=f"{stranded:,.1f}"
        )
    return told
