"""Replicas with one to spare."""

from __future__ import annotations

import math
import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.capacity import needed, waits_longer


@exercise("sre/practice/spare", title=N_("One to spare"))
def spare(rng: random.Random) -> Problem:
    """The table is the formula's; drawn until the load alone would not do."""
    while True:
        work = rng.choice((20, 40, 50, 80, 100, 200))
        peak = rng.randrange(10, 201)
        limit = rng.choice((10, 20, 50, 100))
        load = peak * work / 1000
        if 1 < load < 16 and not load.is_integer():
            fewest = needed(peak, work / 1000, limit / 1000)
            if fewest > math.ceil(load):
                break
    away = rng.choice((1, 2))
    answer = fewest + away
    rows = {
        count: waits_longer(count, peak, work / 1000, limit / 1000)
        for count in range(math.ceil(load), fewest + 4)
    }
    return Problem(
        prompt=_(
            "At the peak {peak} requests come each second, of {work} ms each. So many of them wait"
            " longer than {limit} ms, by the number of replicas:\n{rows}\nAt most 5% may, also"
            " while so many replicas are away: {away}. How many are needed in all?"
        ).format(
            peak=peak,
            work=work,
            limit=limit,
            away=away,
            rows="\n".join(f"{count}: {100 * share:.2f}%" for count, share in rows.items()),
        ),
        expects=_("A whole number of replicas, such as 9."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (fewest, _("That is enough only as long as none is away.")),
                (
                    math.ceil(load),
                    _("So many can do the work, but nearly everybody waits: that is the knee."),
                ),
                (
                    math.ceil(load) + away,
                    _("Find N from the table first, and not from the work alone."),
                ),
                (answer + 1, _("One fewer is enough.")),
            ],
            _("N is the first line with at most 5%."),
        ),
        hints=(
            _("First find N, as if none were ever away."),
            _("N is {fewest}: {share}% wait too long.").format(
                fewest=fewest, share=f"{100 * rows[fewest]:.2f}"
            ),
            _("And then {away} more.").format(away=away),
        ),
        solution=_("{fewest} + {away} = {answer}.").format(fewest=fewest, away=away, answer=answer),
    )
