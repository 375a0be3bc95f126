"""How many requests a second can a pool of workers answer?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/loopback/capacity", title=N_("How much can it answer?"))
def capacity(rng: random.Random) -> Problem:
    """Workers by the time for which a request holds one."""
    workers = rng.randrange(2, 17)
    own, asked = rng.choice((5, 10, 20, 25)), rng.choice((15, 20, 30, 75, 80, 100, 175, 180))
    held = own + asked
    answer = 1000 * workers // held
    mistakes: list[Mistake] = [
        (1000 * workers // own, _("A worker is held while it waits for the answer, too.")),
        (1000 * workers // asked, _("A worker is held by its own work, too.")),
        (1000 // held, _("That is one worker. How many are there?")),
        (workers * held, _("How often does this time fit into a second?")),
    ]
    return Problem(
        prompt=_(
            "A service has {workers} workers. For a request a worker computes for {own} ms and then"
            " waits {asked} ms for another service. How many requests a second can the service"
            " answer at most? Round down."
        ).format(workers=workers, own=own, asked=asked),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("How long does one request hold a worker?")),
        hints=(
            _("A worker does one request at a time. For how long is it held?"),
            _("For {held} ms: its own work and the waiting.").format(held=held),
            _("One worker does 1000 / {held} a second; there are {workers} of them.").format(
                held=held, workers=workers
            ),
        ),
        solution=_("{workers} × 1000 / {held} is {exact}, so at most {answer} a second.").format(
            workers=workers, held=held, exact=f"{1000 * workers / held:.2f}", answer=answer
        ),
    )
