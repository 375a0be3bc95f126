"""How many pods has a controller that counts notices?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.edges import DIED, WANTED, Happening, course
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


def told(number: int, each: Happening, mark: str) -> str:
    if each.kind == DIED:
        what = _("{n} pods die") if each.amount > 1 else _("one pod dies")
    elif each.amount > 0:
        what = _("{n} more are wanted") if each.amount > 1 else _("one more is wanted")
    else:
        what = _("one fewer is wanted")
    line = _("{number}. at {time} s: ").format(number=number, time=each.time)
    return line + what.format(n=abs(each.amount)) + (f" ({mark})" if mark else "")


def _draw(rng: random.Random) -> tuple[int, list[Happening], int, int]:
    replicas = rng.randrange(3, 7)
    happenings = []
    for n in range(4):
        kind = DIED if n == 0 else rng.choice((DIED, WANTED))
        amount = rng.choice((1, 2)) if kind == DIED else rng.choice((1, 2, -1))
        happenings.append(Happening(10 + 20 * n + rng.randrange(9), kind, amount))
    lost, twice = rng.sample(range(1, 5), 2)
    return replicas, happenings, lost, twice


@exercise("cloud-native/reconciliation/levels", title=N_("What comes of counting notices?"))
def levels(rng: random.Random) -> Problem:
    """One notice is lost, another comes twice, and nobody ever looks again."""
    while True:
        replicas, happenings, lost, twice = _draw(rng)
        found = course(replicas, happenings, lost={lost}, twice={twice}, until=100)
        answer, desired = found.edges[-1][1], found.desired[-1][1]
        only_lost = course(replicas, happenings, lost={lost}, until=100).edges[-1][1]
        only_twice = course(replicas, happenings, twice={twice}, until=100).edges[-1][1]
        if len({answer, desired, only_lost, only_twice}) == 4:
            break
    mistakes: list[Mistake] = [
        (
            desired,
            _("That is what is desired. Who counts notices does not know what there is."),
        ),
        (only_lost, _("A notice that comes twice is acted on twice.")),
        (only_twice, _("A notice that is lost is not acted on; what it told of has happened.")),
        (replicas, _("That is where it began.")),
    ]
    marks = {lost: _("the notice is lost"), twice: _("the notice comes twice")}
    lines = [told(n, each, marks.get(n, "")) for n, each in enumerate(happenings, 1)]
    steps = []
    pods = replicas
    for n, each in enumerate(happenings, 1):
        died = each.amount if each.kind == DIED else 0
        times = 0 if n == lost else 2 if n == twice else 1
        acted = times * each.amount
        pods += acted - died
        steps.append(f"{n}. {-died:+d} {acted:+d} → {pods}".replace("+0 ", ""))
    return Problem(
        prompt=_(
            "A controller begins with {replicas} pods and counts notices: for each pod that has"
            " died it makes one, for each more (fewer) that is wanted it makes one (takes one"
            " away). It never counts pods.\n{lines}\nHow many pods are there in the end?"
        ).format(replicas=replicas, lines="\n".join(lines)),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("Go line by line: first what happens to the pods, then what is done.")
        ),
        hints=(
            _("What happens to the pods happens whether or not the notice arrives."),
            _("For each line: pods that die go away; then the action, not at all, once or twice."),
            _("After the third line there are {n}.").format(n=steps[2].rpartition(" ")[2]),
        ),
        solution=_(
            "{steps}. So {answer}; desired are {desired}, which a controller that counts pods would"
            " have."
        ).format(steps="; ".join(steps), answer=answer, desired=desired),
    )
