"""How many zombies are there now?"""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.process import State
from lab_kernel.kernel.syscalls import Exit, Fork, Nanosleep, Pause, Wait4
from lab_kernel.language import N_, _

SHELL = "shell"
STEPS = 9
APART = 20  # ticks from one step to the next


class Step(NamedTuple):
    """``who`` starts ``whom``, or waits for a child, or ends."""

    who: str
    what: str
    whom: str = ""


SAID = {
    "start": N_("{who} starts {whom}"),
    "wait": N_("{who} calls wait"),
    "end": N_("{who} ends"),
}


def drawn(rng: random.Random) -> list[Step]:
    """Steps that are possible in this order; a wait never blocks."""
    steps: list[Step] = []
    parent: dict[str, str] = {}
    alive = [SHELL]
    for _number in range(STEPS):
        unread = [name for name, by in parent.items() if by == SHELL and name not in alive]
        waits = sum(step.what == "wait" for step in steps)
        possible = [Step(who, "end") for who in alive[1:]]
        if len(parent) < 4:
            who = rng.choice([SHELL, SHELL, *alive])
            possible += [Step(who, "start", "ABCD"[len(parent)])] * 2
        if len(unread) > waits:
            possible.append(Step(SHELL, "wait"))
        step = rng.choice(possible or [Step(SHELL, "wait")])
        steps.append(step)
        if step.what == "start":
            parent[step.whom] = step.who
            alive.append(step.whom)
        elif step.what == "end":
            alive.remove(step.who)
    return steps


def run(steps: list[Step]) -> Machine:
    """The same on the machine, up to the moment after the last step."""
    machine = Machine()

    def program(me: str) -> Any:
        for number, step in enumerate(steps, 1):
            if step.who != me:
                continue
            yield Nanosleep(max(0, number * APART - machine.clock.now))
            if step.what == "start":
                yield Fork(program, step.whom)
            elif step.what == "wait":
                yield Wait4()
            else:
                yield Exit(0)
        yield Pause()

    machine.spawn(program, SHELL, name=SHELL)
    return machine.run(until=(len(steps) + 1) * APART)


def zombies(machine: Machine) -> int:
    return sum(process.state is State.ZOMBIE for process in machine.processes.values())


@exercise("kernel/processes/zombies", title=N_("How many zombies?"))
def problem(rng: random.Random) -> Problem:
    """A shell, children, and children of children; some are waited for and some are orphans."""
    while True:
        steps = drawn(rng)
        ended = sum(step.what == "end" for step in steps)
        waits = sum(step.what == "wait" for step in steps)
        grandchildren = any(step.what == "start" and step.who != SHELL for step in steps)
        if not (waits and ended > waits and grandchildren):
            continue
        answer = zombies(run(steps))
        if answer and answer != ended:
            break
    started = sum(step.what == "start" for step in steps)
    mistakes: list[Mistake] = [
        (ended, _("That is all that have ended. Whoever was read by a wait is gone.")),
        (
            ended - waits,
            _(
                "That takes only the waits away. When a parent ends, init takes its children over"
                " and reads at once those that have ended."
            ),
        ),
        (started - ended, _("Those are the ones that still run. A zombie has ended.")),
        (started, _("That is all that were started. Most of them are no zombies.")),
        (waits, _("That is how many were read. What was read is no zombie any more.")),
    ]
    listed = "; ".join(_(SAID[step.what]).format(who=step.who, whom=step.whom) for step in steps)
    parents = ", ".join(f"{step.whom} ← {step.who}" for step in steps if step.what == "start")
    return Problem(
        prompt=_(
            "One after the other: {steps}. Only the shell ever waits, each time for one child that"
            " has ended. How many zombies are there now?"
        ).format(steps=listed),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("Write down for each: who started it, has it ended, and who has read that?")
        ),
        hints=(
            _("A zombie has ended, its parent still runs, and has not read how it ended."),
            _("Who was started by whom: {parents}.").format(parents=parents),
            _(
                "{ended} have ended, and the shell has read {waits}. Whose parent has ended, too?"
            ).format(ended=ended, waits=waits),
        ),
        solution=_(
            "{ended} have ended. The shell has read {waits}, and init {orphans}, whose parents had"
            " ended: that leaves {answer}."
        ).format(ended=ended, waits=waits, orphans=ended - waits - answer, answer=answer),
    )
