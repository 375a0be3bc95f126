"""How many requests wait when a service has been too slow for a while?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/loopback/backlog", title=N_("How many wait?"))
def backlog(rng: random.Random) -> Problem:
    """What comes, less what is answered, for as long as it lasts."""
    workers, slow = rng.choice((2, 4, 5, 8)), rng.choice((200, 250, 400, 500, 1000))
    can = 1000 * workers // slow
    rate, seconds = can + rng.randrange(5, 60), rng.randrange(3, 31)
    answer = (rate - can) * seconds
    mistakes: list[Mistake] = [
        (rate * seconds, _("It does answer some of them meanwhile. How many a second?")),
        (can * seconds, _("That is what it answers. What is left?")),
        (rate - can, _("That is what is added each second.")),
        ((rate - 1000 // slow) * seconds, _("There is more than one worker.")),
    ]
    return Problem(
        prompt=_(
            "{rate} requests a second come to a service of {workers} workers. For {seconds} s every"
            " request takes {slow} ms of a worker. Nobody gives up, and nobody waited before. How"
            " many requests are waiting or being worked on at the end of it?"
        ).format(rate=rate, workers=workers, seconds=seconds, slow=slow),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("What comes each second, less what is answered.")),
        hints=(
            _("How many a second can {workers} workers answer at {slow} ms each?").format(
                workers=workers, slow=slow
            ),
            _("{can} a second, and {rate} come. What is left of each second?").format(
                can=can, rate=rate
            ),
            _("{left} are added each second, for {seconds} s.").format(
                left=rate - can, seconds=seconds
            ),
        ),
        solution=_("The backlog is ({rate} − {can}) × {seconds} = {answer}.").format(
            rate=rate, can=can, seconds=seconds, answer=answer
        ),
    )
