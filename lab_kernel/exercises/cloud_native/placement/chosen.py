"""Which node gets the pod?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.placement import best
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.cloud_native.placement.drawing import (
    STRATEGIES,
    asked,
    draw,
    other,
    scheduler,
    wanted,
)
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

NAMES = "abcd"


@exercise("cloud-native/placement/chosen", title=N_("Which node?"))
def chosen(rng: random.Random) -> Problem:
    """Four nodes, one of which is too full; the two policies disagree."""
    while True:
        strategy = rng.choice(STRATEGIES)
        nodes = [draw(rng, name) for name in NAMES]
        pod = wanted(*(request := asked(rng)))
        judged = scheduler(nodes, strategy).judge(pod)
        turned = best(scheduler(nodes, other(strategy)).judge(pod))
        found = best(judged)
        left = [one for one in judged if not one.reasons]
        points = sorted((one.points for one in left), reverse=True)
        if found and turned and len(left) == 3 and points[0] > points[1] and turned != found:
            break
    (out,) = (one for one in judged if one.reasons)
    mistakes: list[Mistake] = [
        (
            out.name,
            _("There is no room for the pod on node {name}: {why}.").format(
                name=out.name, why=", ".join(out.reasons)
            ),
        ),
        (
            turned.name,
            _("That is what {other} would choose.").format(other=other(strategy)),
        ),
    ]
    told = ", ".join(f"{one.name} {one.points}" for one in left)
    return Problem(
        prompt="\n".join(
            [
                *(one.told() for one in nodes),
                _(
                    "A pod requests {cpu}m CPU and {memory}Gi. Which node does {strategy} choose,"
                    " with CPU and memory weighed alike?"
                ).format(cpu=request[0], memory=request[1], strategy=strategy),
            ]
        ),
        expects=_("The letter of a node: a, b, c or d."),
        answer=found.name,
        read=one_of(*NAMES),
        explain=recognise(mistakes, _("Work out the points of each node that has room.")),
        hints=(
            _("Filter first: one of the nodes has too little left of something."),
            _("For the others, the percentages with the pod on the node, and their mean."),
            _("Node {out} is out. One of the others has {points} points.").format(
                out=out.name, points=points[0]
            ),
        ),
        solution=_("Node {out} has no room. Points: {told}. So it is {answer}.").format(
            out=out.name, told=told, answer=found.name
        ),
    )
