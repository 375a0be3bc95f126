"""Who is left when one process is killed?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.containers.namespaces.family import Family, Plan, plan, told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

SIZE = 7


def descendants(members: Plan, n: int) -> set[int]:
    """Children, their children, and so on."""
    below = {m for m, member in enumerate(members) if member.parent == n}
    return below.union(*(descendants(members, m) for m in below))


@exercise("containers/namespaces/survivors", title=N_("Who is left?"))
def survivors(rng: random.Random) -> Problem:
    """The death of a number 1 ends its namespace; any other death is one death."""
    first = rng.random() < 0.7
    while True:
        members = plan(rng, SIZE)
        killed = rng.randrange(1, SIZE)
        below = len(descendants(members, killed))
        if members[killed].begins == first and 1 <= below < SIZE - 2:
            break
    answer = Family(members, killed).living()
    mistakes: list[Mistake] = [
        (
            SIZE - 1,
            _("It was number 1 of a pid namespace. What does the kernel do with the others there?"),
        ),
        (
            SIZE - 1 - below,
            _("Its children lose their parent, and no more: it was not the number 1."),
        ),
        (SIZE, _("One at least is gone: the one that was killed.")),
        (answer - 1, _("The shell is one of those who are left.")),
        (answer + 1, _("Namespaces inside the one that ends are gone with it.")),
    ]
    return Problem(
        prompt=_(
            "A shell p0 of the host and its family:\n{calls}\nAll of them wait. Now the shell sends"
            " SIGKILL to p{killed}. How many of the {size} processes are left, the shell counted?"
        ).format(calls=told(members), killed=killed, size=SIZE),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Mark who is in which pid namespace. Whose number 1 died?")),
        hints=(
            _("Is p{killed} the first process of a pid namespace?").format(killed=killed),
            _("If so, everybody in that namespace is killed. If not, its children are orphans."),
            _("p{killed} has {below} descendants.").format(killed=killed, below=below),
        ),
        solution=(
            _("p{killed} is a number 1: with it {below} more are killed. {answer} are left.")
            if first
            else _("p{killed} is no number 1: only it dies, its children go on. {answer} are left.")
        ).format(killed=killed, below=below, answer=answer),
    )
