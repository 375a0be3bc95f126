"""What is this process called?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.containers.namespaces.family import SHELL, Family, level, plan, told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("containers/namespaces/number", title=N_("Which number has it?"))
def number(rng: random.Random) -> Problem:
    """A process in a nested pid namespace, and its number in its own."""
    later = rng.random() < 0.85  # seldom a number 1
    while True:
        members = plan(rng, 7)
        asked = rng.randrange(1, 7)
        if not level(members, asked):
            continue
        family = Family(members)
        names = family.numbers(asked)
        apart = len(set(names)) == len(names) and asked not in names
        if apart and (names[-1] > 1) == later:
            break
    answer, outermost = names[-1], names[0]
    mistakes: list[Mistake] = [
        (outermost, _("That is its number on the host. What does it get from getpid()?")),
        *((one, _("That is its number one namespace further out.")) for one in names[1:-1]),
        (asked, _("The names here are only names. Count within its pid namespace.")),
        (1, _("Number 1 is the first process of the namespace, and this one is not.")),
        (answer + 1, _("Who counts in there? Only those who are in it or in one inside it.")),
        (answer - 1, _("The first process of a namespace counts, too: it is number 1.")),
    ]
    return Problem(
        prompt=_(
            "A shell p0 has number {shell} on the host. These calls are made in this order, and the"
            " host counts on from there:\n{calls}\nWhat does getpid() return in p{asked}?"
        ).format(shell=SHELL, calls=told(members), asked=asked),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Write down each namespace and give out its numbers.")),
        hints=(
            _("clone(CLONE_NEWPID) begins a namespace: the child is number 1 in it."),
            _("A process gets a number in its own namespace and in each one around it."),
            _("On the host p{asked} is number {outermost}.").format(
                asked=asked, outermost=outermost
            ),
        ),
        solution=_(
            "From the outside in, p{asked} is called {numbers}. getpid() returns the last."
        ).format(asked=asked, numbers=", ".join(map(str, names))),
    )
