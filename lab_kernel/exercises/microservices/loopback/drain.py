"""How long does a backlog take to go?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/loopback/drain", title=N_("How long until it is gone?"))
def drain(rng: random.Random) -> Problem:
    """The backlog by what is left of the capacity."""
    while True:
        waiting, can = rng.randrange(60, 1200, 20), rng.choice((50, 80, 100, 125, 200, 250))
        spare = rng.choice((5, 8, 10, 20, 25, 40))
        if spare < can and waiting % spare == 0 and waiting % can:
            break
    rate, answer = can - spare, waiting // spare
    mistakes: list[Mistake] = [
        (-(-waiting // can), _("New requests come meanwhile.")),
        (waiting // can, _("New requests come meanwhile.")),
        (-(-waiting // rate), _("That is how long so many take to come.")),
        (spare, _("That is by how much it shrinks each second.")),
    ]
    return Problem(
        prompt=_(
            "{waiting} requests wait at a service that is fast again and can answer {can} a second."
            " {rate} new ones come each second. After how many seconds is nobody waiting any more?"
        ).format(waiting=waiting, can=can, rate=rate),
        expects=_("A whole number of seconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("By how many does the backlog shrink each second?")),
        hints=(
            _("What is left of its capacity after those that come now?"),
            _("{can} − {rate} = {spare}: by so many the backlog shrinks each second.").format(
                can=can, rate=rate, spare=spare
            ),
            _("{waiting} by {spare} a second.").format(waiting=waiting, spare=spare),
        ),
        solution=_("It takes {waiting} / ({can} − {rate}) = {answer} s.").format(
            waiting=waiting, can=can, rate=rate, answer=answer
        ),
    )
