"""How many servers are enough, and one to spare?"""

from __future__ import annotations

import math
import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/queueing/servers", title=N_("How many servers?"))
def servers(rng: random.Random) -> Problem:
    """Work that comes by the utilization wanted, rounded up, and the spare ones."""
    work, rate = rng.choice((5, 8, 10, 20, 25, 40)), rng.randrange(50, 1500, 10)
    target, spare = rng.choice((50, 60, 70, 75, 80)), rng.choice((1, 1, 2))
    offered = rate * work / 1000
    fewest = math.ceil(offered * 100 / target - 1e-9)
    answer = fewest + spare
    mistakes: list[Mistake] = [
        (fewest, _("And when {spare} of them are gone?").format(spare=spare)),
        (math.ceil(offered) + spare, _("Then they would be busy all the time.")),
        (math.ceil(offered), _("Then they would be busy all the time, and none to spare.")),
        (math.floor(offered * 100 / target) + spare, _("Round up.")),
    ]
    return Problem(
        prompt=_(
            "At the peak {rate} requests a second come, and each takes {work} ms of a server."
            " Servers shall be busy for at most {target}% of their time, also while {spare} of"
            " them are gone. How many do you need?"
        ).format(rate=rate, work=work, target=target, spare=spare),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("How many servers' worth of work comes?")),
        hints=(
            _("How many servers would be busy all the time?"),
            _("{offered}. At {target}% it takes more.").format(
                offered=f"{offered:g}", target=target
            ),
            _("{offered} / {share}, rounded up; then the spare ones.").format(
                offered=f"{offered:g}", share=f"{target / 100:g}"
            ),
        ),
        solution=_("{offered} / {share}, rounded up {fewest}, and {spare} more: {answer}.").format(
            offered=f"{offered:g}", share=f"{target / 100:g}", fewest=fewest, spare=spare,
            answer=answer,
        ),
    )  # fmt: skip
