"""How many nodes are ordered?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.autoscale import ClusterAutoscaler, NodeGroup
from lab_kernel.cloud_native.placement import Scheduler, node, pod
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


def ordered(pending: int, cpu: int, size: int, there: int, coming: int, most: int) -> int:
    """By the autoscaler itself: ``there`` full nodes, ``coming`` already ordered."""
    group = NodeGroup(node("pool", f"{size}m", "64Gi"), low=1, high=most)
    scheduler = Scheduler([group.node(n) for n in range(1, there + 1)])
    for name in list(scheduler.nodes):
        scheduler.bind(pod(f"full-{name}", f"{size}m"), name)
    waiting = [pod(f"p{n}", f"{cpu}m") for n in range(pending)]
    return ClusterAutoscaler(group).plan(0, scheduler, waiting, coming).add


@exercise("cloud-native/autoscaling/nodes", title=N_("How many nodes are ordered?"))
def nodes(rng: random.Random) -> Problem:
    """Enough for what is Pending, less what is coming, and never beyond the maximum."""
    while True:
        size, cpu = rng.choice((2000, 4000, 8000)), rng.choice((300, 700, 900, 1100, 1500))
        pending, there = rng.randrange(5, 30), rng.randrange(1, 6)
        coming, most = rng.randrange(4), rng.randrange(6, 16)
        answer = ordered(pending, cpu, size, there, coming, most)
        each = size // cpu
        needs = -(-pending // each)
        if each and answer and (coming or needs > most - there):
            break
    room = most - there - coming
    limit, missing = _("maximum"), needs - coming
    mistakes: list[Mistake] = [
        (needs, _("Nodes that are coming already, and the maximum, count, too.")),
        (missing, _("The group has a maximum, and the nodes that are there count.")),
        (most - there, _("Nodes that are coming already count towards the maximum.")),
        (
            -(-pending * cpu // size) - coming,
            _("A pod is not divided: how many fit on one node?"),
        ),
        (pending, _("Several pods fit on one node.")),
    ]
    return Problem(
        prompt=_(
            "{pending} pods of {cpu}m CPU each are Pending. A node of the group has {size}m CPU."
            " Nodes that are there: {there}, all of them full; booting: {coming}; the group's"
            " maximum: {most}. How many nodes does the cluster autoscaler order now?"
        ).format(pending=pending, cpu=cpu, size=size, there=there, coming=coming, most=most),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("What the pods need, less what is coming, at most what the group may have.")
        ),
        hints=(
            _("How many of the pods fit on one node?"),
            _("{each} on each, so {needs} nodes are needed. Some are booting.").format(
                each=each, needs=needs
            ),
            _("{missing} are missing, and the group may grow by {room}.").format(
                missing=max(0, missing), room=room
            ),
        ),
        solution=_(
            "{each} pods on a node: {needs} nodes, of which {coming} are coming. The {limit} leaves"
            " {room}. So {answer}."
        ).format(each=each, needs=needs, coming=coming, limit=limit, room=room, answer=answer),
    )
