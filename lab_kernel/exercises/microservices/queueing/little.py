"""Little's law: two of the three are known."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/queueing/little", title=N_("Little's law"))
def little(rng: random.Random) -> Problem:
    """L = lambda W, with a unit that has to be turned first."""
    rate, stay = rng.randrange(4, 400, 4), rng.choice((25, 50, 75, 125, 150, 250, 500, 750))
    there = rate * stay / 1000
    asked = rng.choice(("there", "rate", "stay"))
    while not there.is_integer():
        rate += 1
        there = rate * stay / 1000
    count = int(there)
    told, answer = {
        "there": (
            _("{rate} requests a second come, and each stays {stay} ms on average. How many are"
              " there on average?").format(rate=rate, stay=stay),
            count,
        ),
        "rate": (
            _("On average {there} requests are there, and each stays {stay} ms. How many come in a"
              " second?").format(there=count, stay=stay),
            rate,
        ),
        "stay": (
            _("{rate} requests a second come, and on average {there} are there. How many ms does"
              " each stay on average?").format(rate=rate, there=count),
            stay,
        ),
    }[asked]  # fmt: skip
    mistakes: list[Mistake] = [
        (rate * stay, _("Mind the units: ms and seconds.")),
        (count * stay, _("L = λ W: what is asked for?")),
        (count * rate, _("L = λ W: what is asked for?")),
        (round(1000 * rate / stay), _("It is a product, not a quotient.")),
    ]
    return Problem(
        prompt=_("Of a service that is neither filling nor emptying it is known: {told}").format(
            told=told
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            [each for each in mistakes if each[0] != answer],
            _("How many are there is how many come, times how long each stays."),
        ),
        hints=(
            _("There are three: how many are there, how many come, how long each stays."),
            _("L = λ W, with W in seconds if λ is for a second."),
            _("{rate} × {stay} s = {there}: which of them is asked for?").format(
                rate="λ" if asked == "rate" else rate,
                stay="W" if asked == "stay" else f"{stay / 1000:g}",
                there="L" if asked == "there" else count,
            ),
        ),
        solution=_("{rate} × {stay} s = {there}, so the answer is {answer}.").format(
            rate=rate, stay=f"{stay / 1000:g}", there=count, answer=answer
        ),
    )
