"""The slowest answer, when each late one is asked for again."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _


def took(first: int, second: int, after: int) -> int:
    """The first answer of two counts; the second copy leaves ``after`` ms later."""
    return first if first <= after else min(first, after + second)


@exercise("microservices/balancing/hedge", title=N_("Asked for again"))
def hedge(rng: random.Random) -> Problem:
    """Six leaves, two of them slow; drawn until the easy mistakes give something else."""
    while True:
        first = [rng.randrange(5, 30) for _leaf in range(6)]
        for leaf in rng.sample(range(6), 2):
            first[leaf] = rng.randrange(60, 300)
        second = [rng.choice((rng.randrange(5, 60), rng.randrange(60, 200))) for _leaf in first]
        after = rng.choice((30, 40, 50))
        answer = max(took(a, b, after) for a, b in zip(first, second, strict=True))
        together = max(min(a, b) for a, b in zip(first, second, strict=True))
        replaced = max(a if a <= after else after + b for a, b in zip(first, second, strict=True))
        if len({answer, together, max(first), after}) == 4:
            break
    late = [n + 1 for n, a in enumerate(first) if a > after]
    worked = ", ".join(str(took(a, b, after)) for a, b in zip(first, second, strict=True))
    return Problem(
        prompt=_(
            "A page asks six servers. Their answers would take, in ms: {first}\nWhere there is no"
            " answer after {after} ms, a second copy goes to another server. It would take, in ms,"
            " from the moment at which it is sent: {second}\nThe first answer counts. After how"
            " many ms does the page have all six?"
        ).format(first=" ".join(map(str, first)), second=" ".join(map(str, second)), after=after),
        expects=_("A time in ms, such as 75."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (max(first), _("That is without second copies.")),
                (together, _("Second copies do not leave at the beginning.")),
                (
                    replaced,
                    _("The first copy goes on, and may still answer before the second."),
                ),
            ],
            _("Work out each server's time, then take the slowest."),
        ),
        hints=(
            _("A second copy is sent only for servers {late}.").format(
                late=", ".join(map(str, late))
            ),
            _("Their second answer comes {after} ms plus its own time after the start.").format(
                after=after
            ),
            _("The six take {times} ms.").format(times=worked),
        ),
        solution=_("The slowest of {times} is {answer} ms. Second copies: {copies}.").format(
            times=worked, answer=answer, copies=len(late)
        ),
    )
