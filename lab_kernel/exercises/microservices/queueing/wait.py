"""How long does a request wait for one server?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.queueing.formulas import mm1


@exercise("microservices/queueing/wait", title=N_("How long does it wait?"))
def wait(rng: random.Random) -> Problem:
    """M/M/1: rho S / (1 - rho)."""
    while True:
        work, rate = rng.choice((4, 5, 8, 10, 20, 25, 40)), rng.randrange(2, 240)
        busy = rate * work / 1000
        exact = mm1(rate, work / 1000).wait * 1000
        if 0.3 <= busy <= 0.97 and abs(exact - round(exact)) < 0.3:
            break
    answer = round(exact)
    mistakes: list[Mistake] = [
        (round(exact + work), _("That is how long it stays: its own work is in it.")),
        (round(work / (1 - busy)), _("That is how long it stays: its own work is in it.")),
        (round(busy * work), _("That would be so without any queue. Divide by 1 − ρ.")),
        (round(busy / (1 - busy)), _("That is how many are there. And in ms?")),
        (work, _("That is its own work.")),
    ]
    return Problem(
        prompt=_(
            "{rate} requests a second come at random moments to one server; a request takes {work}"
            " ms on average, by chance (M/M/1). How many ms does a request wait on average before"
            " its work begins? Round to a whole number."
        ).format(rate=rate, work=work),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("How busy is the server, and which share of its time is left?")
        ),
        hints=(
            _("For which share of its time is the server busy?"),
            _("ρ = {rate} × {work} / 1000 = {busy}.").format(
                rate=rate, work=work, busy=f"{busy:.3f}"
            ),
            _("The wait is ρ·S / (1 − ρ), with S = {work} ms.").format(work=work),
        ),
        solution=_("{busy} × {work} / (1 − {busy}), about {answer} ms.").format(
            busy=f"{busy:.3f}", work=work, answer=answer
        ),
    )
