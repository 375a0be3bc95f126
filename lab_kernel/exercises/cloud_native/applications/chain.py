"""How many of these requests go through?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.coupling import chain
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

REQUESTS = 100_000


@exercise("cloud-native/applications/chain", title=N_("How many requests go through?"))
def in_a_row(rng: random.Random) -> Problem:
    """Only what has to answer counts, and shares multiply."""
    each = rng.choice((0.99, 0.995, 0.98, 0.9))
    needed, queued, optional = rng.randrange(3, 9), rng.randrange(1, 4), rng.randrange(1, 4)
    answer = round(REQUESTS * chain(needed, each))
    every = round(REQUESTS * chain(needed + queued + optional, each))
    added = round(REQUESTS * (1 - needed * (1 - each)))
    mistakes: list[Mistake] = [
        (every, _("Those in a queue and those with a fallback do not have to answer.")),
        (added, _("The shares of failures are not added up: the shares of success multiply.")),
        (round(REQUESTS * each), _("That is one service. The request needs several.")),
        (REQUESTS - answer, _("That many do not go through.")),
    ]
    return Problem(
        prompt=_(
            "A request calls {needed} services one after the other and needs the answer of each. It"
            " leaves messages for {queued} more in a queue, and calls {optional} that it can do"
            " without. Each is available {each} of the time, independently.\nOf 100,000 requests,"
            " how many go through? Round to a whole number."
        ).format(needed=needed, queued=queued, optional=optional, each=f"{100 * each:g}%"),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Multiply the shares of those that have to answer.")),
        hints=(
            _("Which services have to answer, and how many are they?"),
            _("Independent shares multiply: a to the power n."),
            _("It is 100,000 × {each}^{n}.").format(each=f"{each:g}", n=needed),
        ),
        solution=_("100,000 × {each}^{n} = {answer}.").format(
            each=f"{each:g}", n=needed, answer=f"{answer:,}"
        ),
    )
