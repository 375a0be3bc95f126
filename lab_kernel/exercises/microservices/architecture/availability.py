"""How many of ten thousand requests fail?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

OF = 10_000


@exercise("microservices/architecture/availability", title=N_("How many fail?"))
def availability(rng: random.Random) -> Problem:
    """A chain: one minus the product."""
    while True:
        calls, optional = rng.randrange(3, 15), rng.randrange(3)
        percent = rng.choice(("99.9", "99.5", "99.8", "99", "98", "99.95"))
        each = float(percent) / 100
        exact = OF * (1 - each**calls)
        if abs(exact - round(exact)) < 0.4:
            break
    answer = round(exact)
    mistakes: list[Mistake] = [
        (round(OF * (1 - each)), _("Every one of the calls must succeed, not only one.")),
        (round(OF * each**calls), _("That is how many succeed.")),
        (round(OF * (1 - each ** (calls + optional))), _("Optional calls may fail.")),
        (
            round(OF * (1 - each) * calls),
            _("Almost: that counts a request twice in which two calls fail."),
        ),
    ]
    return Problem(
        prompt=_(
            "A request needs {calls} calls, one after another, and makes {optional} more whose"
            " failure does no harm. Each call succeeds with {percent}%, independently. How many of"
            " 10,000 requests fail on average? Round to a whole number."
        ).format(calls=calls, optional=optional, percent=percent),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("With what chance do all the calls that it needs succeed?")),
        hints=(
            _("With what chance do all {calls} succeed?").format(calls=calls),
            _("{each} to the power of {calls}.").format(each=f"{each:g}", calls=calls),
            _("{share} succeed. The others fail.").format(share=f"{each**calls:.5f}"),
        ),
        solution=_("10,000 × (1 − {each}^{calls}), about {answer}.").format(
            each=f"{each:g}", calls=calls, answer=answer
        ),
    )
