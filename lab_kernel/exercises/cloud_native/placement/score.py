"""How many points does the node get?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.placement import strategy_score
from lab_kernel.cloud_native.placement.scores import STRATEGIES as BY_NAME
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.cloud_native.placement.drawing import STRATEGIES, asked, draw, other
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

EVEN = {"cpu": 1, "memory": 1}


@exercise("cloud-native/placement/score", title=N_("The points of a node"))
def score(rng: random.Random) -> Problem:
    """CPU and memory, each rounded down, then the mean, rounded down."""
    while True:
        one, strategy = draw(rng, "a"), rng.choice(STRATEGIES)
        cpu, memory = asked(rng)
        sums = {"cpu": one.used_cpu + cpu, "memory": one.used_memory + memory}
        has = {"cpu": one.cpu, "memory": one.memory}
        if all(sums[each] <= has[each] for each in has):
            break
    answer = strategy_score(strategy, sums, has, EVEN)
    before = {"cpu": one.used_cpu, "memory": one.used_memory}
    parts = [BY_NAME[strategy](sums[each], has[each]) for each in ("cpu", "memory")]
    turned = strategy_score(other(strategy), sums, has, EVEN)
    mistakes: list[Mistake] = [
        (
            strategy_score(strategy, before, has, EVEN),
            _("The node is judged as it would be with the pod on it: add its requests first."),
        ),
        (turned, _("Those are the points of {other}.").format(other=other(strategy))),
        (parts[0], _("That is the CPU alone. Take the mean with the memory.")),
        (parts[1], _("That is the memory alone. Take the mean with the CPU.")),
        (sum(parts), _("Take the mean of the two, not their sum.")),
        (answer + 1, _("Every division drops the remainder: round down, not up.")),
    ]
    part = _("free") if strategy == "LeastAllocated" else _("requested")
    return Problem(
        prompt=_(
            "{node}. A pod requests {cpu}m CPU and {memory}Gi. How many points does the node get"
            " from {strategy}, with CPU and memory weighed alike?"
        ).format(node=one.told(), cpu=cpu, memory=memory, strategy=strategy),
        expects=_("A whole number from 0 to 100."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("Percent of the CPU and of the memory, each rounded down; then the mean.")
        ),
        hints=(
            _("Add the pod's requests to what is requested of the node."),
            _("What part of the CPU is then {part}, in whole percent? And of the memory?").format(
                part=part
            ),
            _("CPU {cpu}, memory {memory}. Now the mean, rounded down.").format(
                cpu=parts[0], memory=parts[1]
            ),
        ),
        solution=_(
            "With the pod {used_cpu}m of {cpu}m and {used_memory}Gi of {memory}Gi are requested:"
            " {first} and {second} points, on average {answer}."
        ).format(
            used_cpu=sums["cpu"],
            cpu=one.cpu,
            used_memory=sums["memory"],
            memory=one.memory,
            first=parts[0],
            second=parts[1],
            answer=answer,
        ),
    )
