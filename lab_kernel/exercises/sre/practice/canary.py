"""Failed canaries that an error budget can take."""

from __future__ import annotations

import random
from fractions import Fraction

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.canary import PERIOD, PODS, RATE, budget

SLOS = ("99", "99.5", "99.9", "99.95", "99.99")


@exercise("sre/practice/canary", title=N_("How many canaries may die?"))
def canary(rng: random.Random) -> Problem:
    """Drawn until the budget holds between two and 500 of them, and not evenly."""
    while True:
        slo = rng.choice(SLOS)
        share, minutes = rng.choice((1, 2, 5, 10)), rng.randrange(2, 31)
        cost = Fraction(share, 100) * minutes * 60 * PODS * RATE
        exact = budget(Fraction(slo) / 100) / cost
        if 2 < exact < 500 and 0.02 < exact % 1 < 0.98:
            break
    answer = int(exact)
    left = (1 - Fraction(slo) / 100) * PERIOD / 60  # minutes of full outage
    one = Fraction(share * minutes, 100)
    return Problem(
        prompt=_(
            "A service with an SLO of {slo}% over 30 days has the same traffic at all times. A"
            " canary gets {share}% of it for {minutes} minutes before it is compared. It is bad:"
            " every request of it fails. How many such canaries fit into the error budget of 30"
            " days, if nothing else fails?"
        ).format(slo=slo, share=share, minutes=minutes),
        expects=_("A whole number of canaries, such as 12."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (answer + 1, _("The last one would not fit in whole.")),
                (int(left / minutes), _("Only its share of the requests fails, not all of them.")),
                (
                    int(exact / 30),
                    _("The budget is that of 30 days, not of one."),
                ),
            ],
            _("Put both into minutes in which everything fails."),
        ),
        hints=(
            _("The budget is 1 − SLO of all requests; so count in minutes of full outage."),
            _("30 days have 43,200 minutes, so the budget is {left} minutes.").format(
                left=f"{float(left):g}"
            ),
            _("One canary costs {share}% of {minutes} minutes: {one}.").format(
                share=share, minutes=minutes, one=f"{float(one):g}"
            ),
        ),
        solution=_("{left} / {one} = {exact}, so {answer}.").format(
            left=f"{float(left):g}",
            one=f"{float(one):g}",
            exact=f"{float(exact):.2f}",
            answer=answer,
        ),
    )
