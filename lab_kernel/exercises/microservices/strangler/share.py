"""How many requests fail while a bad version gets a part of them?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/strangler/share", title=N_("A bad version gets a part"))
def share(rng: random.Random) -> Problem:
    """Requests, times who needs it, times the part, for as long as it lasts."""
    rate, needs = rng.randrange(20, 401, 20), rng.choice((5, 10, 20, 25, 50, 100))
    part, minutes = rng.choice((1, 2, 5, 10, 20)), rng.choice((1, 2, 3, 5, 10, 15))
    answer = round(rate * 60 * minutes * needs * part / 10_000)
    mistakes: list[Mistake] = [
        (rate * 60 * minutes * part // 100, _("Not every request needs the module.")),
        (rate * 60 * minutes * needs // 100, _("Only a part of them reaches the new unit.")),
        (round(rate * minutes * needs * part / 10_000), _("The rate is for a second.")),
        (rate * 60 * minutes, _("Those are all requests.")),
    ]
    return Problem(
        prompt=_(
            "{rate} requests a second come, {needs}% of them need the module. A new unit gets"
            " {part}% of what concerns it, and answers nothing but errors. After {minutes}"
            " minutes the gateway sends everything to the old unit again. How many requests have"
            " failed? Round to a whole number."
        ).format(rate=rate, needs=needs, part=part, minutes=minutes),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Of all requests: who needs it, and which part of these?")),
        hints=(
            _("How many requests come in {minutes} minutes?").format(minutes=minutes),
            _("{all} come, and {needs}% of them need it.").format(
                all=f"{rate * 60 * minutes:,}", needs=needs
            ),
            _("{part}% of those reach the new unit.").format(part=part),
        ),
        solution=_("{all} × {needs}% × {part}% = {answer} requests.").format(
            all=f"{rate * 60 * minutes:,}", needs=needs, part=part, answer=f"{answer:,}"
        ),
    )
