"""Whom does EEVDF pick?"""

from __future__ import annotations

import random
from typing import NamedTuple

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

NAMES = ("A", "B", "C", "D")
WEIGHTS = (1, 1, 2, 4)  # in any order; every slice is a multiple of the largest


class Standing(NamedTuple):
    """``weight`` in units of nice 0; ``vruntime`` and the deadline in virtual time."""

    name: str
    weight: int
    vruntime: int
    slice: int

    @property
    def deadline(self) -> int:
        return self.vruntime + self.slice // self.weight


def average(tasks: list[Standing]) -> float:
    """V, exactly: the weights add up to a power of two."""
    return sum(t.weight * t.vruntime for t in tasks) / sum(t.weight for t in tasks)


@exercise("kernel/processes/eevdf", title=N_("Whom does EEVDF pick?"))
def eevdf(rng: random.Random) -> Problem:
    """Neither the earliest deadline of all nor the least vruntime is the answer."""
    while True:
        weights = rng.sample(WEIGHTS, len(WEIGHTS))
        tasks = [
            Standing(name, weight, rng.randrange(0, 25), 4 * rng.randrange(1, 6))
            for name, weight in zip(NAMES, weights, strict=True)
        ]
        mean = average(tasks)
        eligible = [task for task in tasks if task.vruntime <= mean]
        by_deadline = sorted(tasks, key=lambda task: task.deadline)
        least = min(tasks, key=lambda task: task.vruntime)
        chosen = min(eligible, key=lambda task: task.deadline)
        distinct = len({t.deadline for t in tasks}) == len({t.vruntime for t in tasks}) == 4
        if distinct and len({chosen, by_deadline[0], least}) == 3:
            break
    shortest = min(tasks, key=lambda task: task.slice // task.weight)
    mistakes: list[Mistake] = [
        (
            by_deadline[0].name,
            _(
                "{task} has the earliest virtual deadline of all, but it has had more than the"
                " average: it is not eligible."
            ).format(task=by_deadline[0].name),
        ),
        (
            least.name,
            _("{task} has the least virtual runtime: that is CFS's choice.").format(
                task=least.name
            ),
        ),
        (
            shortest.name,
            _(
                "{task} has the shortest slice, but the deadline counts from its own vruntime."
            ).format(task=shortest.name),
        ),
    ]
    mistakes += [
        (
            task.name,
            _("{task} is eligible, but another eligible one has an earlier deadline.").format(
                task=task.name
            )
            if task in eligible
            else _("{task} is not eligible: its vruntime is above V.").format(task=task.name),
        )
        for task in tasks
    ]
    listed = "\n".join(
        _("{task}: weight {weight}, vruntime {vruntime}, slice {slice}").format(
            task=task.name, weight=task.weight, vruntime=task.vruntime, slice=task.slice
        )
        for task in tasks
    )
    deadlines = ", ".join(f"{task.name} {task.deadline}" for task in eligible)
    return Problem(
        prompt=_(
            "These four are ready; each is at the start of a slice:\n{tasks}\nWhom does EEVDF pick?"
            " V is the mean of the vruntimes, weighted; the virtual deadline is vruntime + slice /"
            " weight."
        ).format(tasks=listed),
        expects=_("The name of a task: A, B, C or D."),
        answer=chosen.name,
        read=one_of(*NAMES),
        explain=recognise(mistakes, _("First who is eligible, then whose deadline is earliest.")),
        hints=(
            _("Eligible is who has had no more than the average: vruntime ≤ V, so lag ≥ 0."),
            _("V is {average}.").format(average=f"{mean:g}"),
            _("Eligible are those with these deadlines: {deadlines}.").format(deadlines=deadlines),
        ),
        solution=_(
            "V = {average}. Eligible, with their deadlines: {deadlines}. {task} runs."
        ).format(average=f"{mean:g}", deadlines=deadlines, task=chosen.name),
    )
