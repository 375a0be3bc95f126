"""How long an incident may last without a postmortem."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.incidents.postmortem import THRESHOLD
from lab_kernel.sre.incidents.response import FOUR_WEEKS
from lab_kernel.sre.slo.budget import decimal, share_of

TARGETS = ("99", "99.5", "99.9", "99.95")
IMPACTS = (2, 5, 10, 20, 25, 50)  # per cent


@exercise("sre/incidents/due", title=N_("Is a postmortem due?"))
def due(rng: random.Random) -> Problem:
    """Drawn until the limit lies between two minutes, and not close to one."""
    while True:
        slo, impact = rng.choice(TARGETS), rng.choice(IMPACTS)
        rate = 100 * rng.randrange(2, 61)
        budget = share_of(Fraction(slo) / 100) * FOUR_WEEKS  # minutes of full outage
        exact = THRESHOLD * budget * 100 / impact
        if 3 < exact < 2000 and Fraction(1, 20) < exact % 1 < Fraction(19, 20):
            break
    answer = math.floor(exact)
    days = share_of(Fraction(slo) / 100) * 30 * 1440
    return Problem(
        prompt=_(
            "A team has an SLO of {slo}% over four weeks and this rule: an incident that takes more"
            " than a fifth of their error budget gets a postmortem. There are {rate} requests a"
            " minute at all times, and an incident fails {impact}% of them. For how many whole"
            " minutes can it last without a postmortem being due?"
        ).format(slo=slo, rate=f"{rate:,}", impact=impact),
        expects=_("A whole number of minutes, such as 40."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (answer + 1, _("So long, it takes more than a fifth.")),
                (math.floor(exact * 5), _("That spends all of the budget. A fifth is the limit.")),
                (
                    math.floor(THRESHOLD * budget),
                    _("So long if every request fails. Here only a part of them does."),
                ),
                (
                    math.floor(THRESHOLD * days * 100 / impact),
                    _("Four weeks are 28 days, not 30."),
                ),
                (
                    math.floor(THRESHOLD * budget * impact / 100),
                    _("The fewer requests fail, the longer it may last: divide."),
                ),
            ],
            _("Put the budget into minutes in which everything fails."),
        ),
        hints=(
            _("The number of requests a minute cancels out: count in minutes of full outage."),
            _("Four weeks have 40,320 minutes. 1 − SLO of that is {budget} minutes.").format(
                budget=decimal(budget, 4)
            ),
            _("A fifth of it is {fifth} minutes. A minute of this incident counts {part}.").format(
                fifth=decimal(budget * THRESHOLD, 4), part=decimal(Fraction(impact, 100))
            ),
        ),
        solution=_("{fifth} / {part} = {exact}, so {answer} minutes.").format(
            fifth=decimal(budget * THRESHOLD, 4),
            part=decimal(Fraction(impact, 100)),
            exact=decimal(exact, 2),
            answer=answer,
        ),
    )
