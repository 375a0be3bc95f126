"""How often the lowest service is called."""

from __future__ import annotations

import random
from math import prod

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.amplification import Layers

NAMES = ("browser", "gateway", "shop", "stock")


def called(attempts: list[int]) -> int:
    """Calls at the bottom when nothing succeeds: layer after layer, as the model sends them."""
    calls = 1
    for tries in attempts:
        calls *= Layers(1, tries, 1.0).request(random.Random(0))[0][0]
    return calls


@exercise("microservices/resilience/layers", title=N_("Tries upon tries"))
def layers(rng: random.Random) -> Problem:
    """Each layer has an attempt limit of its own; one of them may not try again at all."""
    number = rng.randrange(2, 5)
    while True:
        attempts = [rng.randrange(1, 6) for _layer in range(number)]
        if sum(tries > 1 for tries in attempts) >= 2:
            break
    answer = called(attempts)
    listed = "\n".join(
        f"{name}: maxAttempts {tries}" for name, tries in zip(NAMES, attempts, strict=False)
    )
    product = " × ".join(map(str, attempts))
    return Problem(
        prompt=_(
            "Each of these calls the next, and the last one calls a database that answers nobody."
            " An attempt limit counts the first try, too.\n{list}\nHow often is the database called"
            " for one request of browser?"
        ).format(list=listed),
        expects=_("A number of calls, such as 12."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (sum(attempts), _("The tries of the layers multiply, they do not add up.")),
                (
                    prod(max(1, tries - 1) for tries in attempts),
                    _("Attempts include the first try: three attempts are two retries."),
                ),
                (
                    prod(tries + 1 for tries in attempts),
                    _("Attempts include the first try: three attempts are two retries."),
                ),
                (
                    answer // attempts[-1],
                    _("That is how often the last service is called. It tries, too."),
                ),
                (answer // attempts[0], _("The first one tries, too.")),
            ],
            _("Begin at the top: each call of a layer makes so many of the next."),
        ),
        hints=(
            _("Every try of one layer is a whole request for the layer below."),
            _("{first} sends up to {n}. Each of them sets off how many below?").format(
                first=NAMES[0], n=attempts[0]
            ),
            _("Multiply: {product}.").format(product=product),
        ),
        solution=_("{product} = {answer} calls.").format(product=product, answer=answer),
    )
