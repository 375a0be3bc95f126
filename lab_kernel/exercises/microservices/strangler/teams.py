"""Between how many people, and teams, does talk take place?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.teams import lines_between


@exercise("microservices/strangler/teams", title=N_("How many pairs?"))
def teams(rng: random.Random) -> Problem:
    """n (n - 1) / 2, within each team and between one speaker of each."""
    count, size = rng.randrange(2, 9), rng.randrange(3, 10)
    people = count * size
    answer = count * lines_between(size) + lines_between(count)
    mistakes: list[Mistake] = [
        (lines_between(people), _("That is everybody with everybody.")),
        (count * lines_between(size), _("The speakers of the teams talk to each other, too.")),
        (lines_between(size) + lines_between(count), _("There is more than one team.")),
        (people * (people - 1), _("A pair counts once, not from both sides.")),
        (count * size * (size - 1) + count * (count - 1), _("A pair counts once.")),
    ]
    return Problem(
        prompt=_(
            "{people} people work in {count} teams of {size}. In a team everybody talks with"
            " everybody. Between teams only one speaker of each does. How many pairs talk?"
        ).format(people=people, count=count, size=size),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("n people are n (n − 1) / 2 pairs.")),
        hints=(
            _("How many pairs are there among {size} people?").format(size=size),
            _("{pairs} in each team, and there are {count} teams.").format(
                pairs=lines_between(size), count=count
            ),
            _("The {count} speakers are {more} pairs more.").format(
                count=count, more=lines_between(count)
            ),
        ),
        solution=_(
            "{count} × {pairs} + {more} = {answer} pairs. Everybody with everybody would be {all}."
        ).format(
            count=count,
            pairs=lines_between(size),
            more=lines_between(count),
            answer=answer,
            all=lines_between(people),
        ),
    )
