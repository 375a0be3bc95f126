"""The same load with more even, or more uneven, work."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.queueing.formulas import mg1


@exercise("microservices/queueing/variation", title=N_("The same load, more uneven"))
def variation(rng: random.Random) -> Problem:
    """Pollaczek and Khinchine: the wait grows with 1 + C2."""
    while True:
        work = rng.choice((4, 5, 8, 10, 20, 25))
        percent = rng.choice((50, 60, 75, 80, 90))
        before, after = rng.sample((0, 1, 2, 3, 4, 9), 2)
        rate = percent / 100 / work * 1000
        old, new = (1000 * mg1(rate, work / 1000, each).wait for each in (before, after))
        if abs(old - round(old)) < 1e-6 and abs(new - round(new)) < 1e-6:
            break
    answer = round(new)
    mistakes: list[Mistake] = [
        (round(old), _("The mean is as it was, but the wait is not.")),
        (
            round(old * after / before) if before else None,
            _("It goes with 1 + C², not with C² alone."),
        ),
        (round(new + work), _("That is with its own work.")),
        (round(2 * new), _("Divide by two: the formula has a 2 below.")),
    ]
    return Problem(
        prompt=_(
            "One server is busy {percent}% of its time. A request takes {work} ms on average, with"
            " a squared coefficient of variation C² = {before}, and waits {old} ms on average. Now"
            " the work becomes different: C² = {after}, with the same average. How many ms does a"
            " request wait then?"
        ).format(percent=percent, work=work, before=before, old=round(old), after=after),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("The wait goes with (1 + C²) / 2.")),
        hints=(
            _("Arrivals, utilization and mean stay. Only C² changes."),
            _("The wait goes with (1 + C²) / 2."),
            _("From 1 + {before} to 1 + {after}.").format(before=before, after=after),
        ),
        solution=_("{old} × (1 + {after}) / (1 + {before}) = {answer} ms.").format(
            old=round(old), after=after, before=before, answer=answer
        ),
    )
