"""The nearest rank, in a handful of times."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.histogram import quantile, rank

PERCENTILES = (50, 80, 90, 95)


@exercise("sre/sli/percentile", title=N_("The nearest rank"))
def percentile(rng: random.Random) -> Problem:
    """The rank does not come out even; the slowest ones are far away, as they are."""
    while True:
        count, p = rng.randrange(7, 14), rng.choice(PERCENTILES)
        times = rng.sample(range(8, 90), count - 2) + rng.sample(range(200, 3000, 10), 2)
        ordered = sorted(times)
        place = rank(p / 100, count)
        answer = round(quantile(ordered, p / 100) or 0)
        mean = round(sum(times) / count)
        if p * count % 100 and 1 < place < count and mean != answer:
            break
    mistakes: list[Mistake] = [
        (ordered[place - 2], _("Rounded down: then fewer than {p}% are within it.").format(p=p)),
        (times[place - 1], _("Put them in order first.")),
        (ordered[place], _("One too far: the smallest one that {p}% are within.").format(p=p)),
        (ordered[count - place], _("Counted from the slow end.")),
        (mean, _("That is the mean.")),
    ]
    return Problem(
        prompt=_("Requests took, in ms: {times}. What is p{p}, by the nearest rank?").format(
            times=", ".join(map(str, times)), p=p
        ),
        expects=_("One of the times, in ms."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("It is one of the times: order them, and count to the rank.")
        ),
        hints=(
            _("p{p} is the smallest of the times that at least {p}% of them do not pass.").format(
                p=p
            ),
            _("{p}% of {count} are {exact}; the rank is that, rounded up.").format(
                p=p, count=count, exact=f"{p * count / 100:g}"
            ),
            _("In order: {ordered}. It is number {place}.").format(
                ordered=", ".join(map(str, ordered)), place=place
            ),
        ),
        solution=_("Number {place} of {count} in order: {answer} ms.").format(
            place=place, count=count, answer=answer
        ),
    )
