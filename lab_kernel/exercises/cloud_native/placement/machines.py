"""How many nodes do so many pods need?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.placement import Scheduler, node, pod
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


def needed(count: int, cpu: int, memory: int, has_cpu: int, has_memory: int, most: int) -> int:
    """The scheduler fills node after node until nothing is Pending."""
    scheduler = Scheduler(score="MostAllocated")
    for number in range(count):
        one = pod(f"p{number}", f"{cpu}m", f"{memory}Mi")
        if not scheduler.place(one):
            name = f"n{len(scheduler.nodes)}"
            scheduler.add(node(name, f"{has_cpu}m", f"{has_memory}Mi", most))
            assert scheduler.place(one)
    return len(scheduler.nodes)


@exercise("cloud-native/placement/machines", title=N_("How many nodes?"))
def machines(rng: random.Random) -> Problem:
    """A pod is not divided: what is left on each node is lost to the others."""
    while True:
        has_cpu, has_memory = rng.choice(((4000, 16384), (8000, 16384), (2000, 8192)))
        cpu, memory = rng.choice((300, 700, 900, 1500)), rng.choice((640, 1536, 2560, 3072))
        most, count = rng.choice((110, 110, 4, 8)), rng.randrange(9, 40)
        each = min(has_cpu // cpu, has_memory // memory, most)
        together = max(-(-count * cpu // has_cpu), -(-count * memory // has_memory))
        answer = needed(count, cpu, memory, has_cpu, has_memory, most)
        if answer != together and answer < 20:
            break
    alone = {
        _("CPU"): -(-count // (has_cpu // cpu)),
        _("memory"): -(-count // (has_memory // memory)),
    }
    mistakes: list[Mistake] = [
        (
            together,
            _("That divides the sums. But a pod is not divided: how many fit on one node?"),
        ),
        *(
            (number, _("That looks at the {what} only. What runs out first?").format(what=what))
            for what, number in alone.items()
        ),
        (-(-count // most), _("That is the number of pods alone. What runs out first?")),
        (count // each, _("The last, partly filled node counts, too.")),
    ]
    return Problem(
        prompt=_(
            "{count} pods request {cpu}m CPU and {memory}Mi each. A node has {has_cpu}m CPU,"
            " {has_memory}Mi and room for {most} pods. How many nodes are needed?"
        ).format(
            count=count,
            cpu=cpu,
            memory=memory,
            has_cpu=has_cpu,
            has_memory=has_memory,
            most=most,
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("How many pods fit on one node? Then divide, rounding up.")),
        hints=(
            _("How many such pods does one node hold, by CPU, by memory, by number?"),
            _("What runs out first decides: {cpu} by CPU, {memory} by memory.").format(
                cpu=has_cpu // cpu, memory=has_memory // memory
            ),
            _("{each} pods on a node. How many nodes for {count}?").format(each=each, count=count),
        ),
        solution=_(
            "A node holds {each}: {cpu} by CPU, {memory} by memory, {most} by number. {count} pods"
            " need {answer} nodes; divided as if pods were sand it would be {together}."
        ).format(
            each=each,
            cpu=has_cpu // cpu,
            memory=has_memory // memory,
            most=most,
            count=count,
            answer=answer,
            together=together,
        ),
    )
