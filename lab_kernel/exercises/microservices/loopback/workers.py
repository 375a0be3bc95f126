"""How many workers does a caller need, so that a slow service does not fill it?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/loopback/workers", title=N_("How many workers for a timeout?"))
def workers(rng: random.Random) -> Problem:
    """Little's law: how many are held is how many come by how long each is held."""
    own, timeout = rng.choice((5, 10, 20, 30)), rng.choice((100, 150, 200, 250, 500, 1000, 2000))
    rate = rng.randrange(15, 120)
    held = own + timeout
    answer = -(-rate * held // 1000)
    mistakes: list[Mistake] = [
        (-(-rate * timeout // 1000), _("Its own work holds a worker, too.")),
        (rate * held // 1000, _("Round up: a part of a worker does not do it.")),
        (-(-rate * own // 1000), _("That is enough while the other one answers at once.")),
        (rate, _("A worker does more than one request a second, or less. How long is it held?")),
    ]
    return Problem(
        prompt=_(
            "A gateway computes for {own} ms for each request and then asks a service, for at most"
            " {timeout} ms. {rate} requests a second come, evenly. The service no longer answers."
            " How many workers does the gateway need at least, so that no request waits for one?"
        ).format(own=own, timeout=timeout, rate=rate),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("How many come while one request holds its worker?")),
        hints=(
            _("Every request now costs the whole timeout. How long does it hold a worker?"),
            _("For {held} ms. How many requests come in that time?").format(held=held),
            _("{rate} × {seconds} s, rounded up.").format(rate=rate, seconds=f"{held / 1000:g}"),
        ),
        solution=_("{rate} × {seconds} = {exact}, so {answer} workers.").format(
            rate=rate, seconds=f"{held / 1000:g}", exact=f"{rate * held / 1000:g}", answer=answer
        ),
    )
