"""The longest that a client may wait before its n-th retry."""

from __future__ import annotations

import random
from itertools import islice

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.backoff import Backoff

KINDS = {
    "none": N_("Pauses have no jitter. How long is the pause before retry {n}, in milliseconds?"),
    "full": N_(
        "Pauses have full jitter. What is the longest that the pause before retry {n} can be, in"
        " milliseconds?"
    ),
    "equal": N_(
        "Pauses have equal jitter. What is the shortest that the pause before retry {n} can be, in"
        " milliseconds?"
    ),
}


@exercise("microservices/resilience/pause", title=N_("How long a pause?"))
def pause(rng: random.Random) -> Problem:
    """Sometimes the cap is reached, sometimes not."""
    kind = rng.choice(list(KINDS))
    base, multiplier = rng.choice((20, 50, 80, 100, 200)), rng.choice((2, 2, 3))
    cap = base * rng.choice((6, 10, 20, 40))
    number = rng.randrange(2, 7)
    ceilings = [round(c) for c in islice(Backoff(
        base=base, cap=cap, multiplier=multiplier, jitter=kind
    ).ceilings(), number + 1)]  # fmt: skip
    ceiling, uncapped = ceilings[number - 1], base * multiplier ** (number - 1)
    half = 2 if kind == "equal" else 1
    answer = ceiling // half
    return Problem(
        prompt=_(
            "initialBackoff: {base} ms\nbackoffMultiplier: {multiplier}\nmaxBackoff: {cap}"
            " ms\n{asked}"
        ).format(base=base, multiplier=multiplier, cap=cap, asked=_(KINDS[kind]).format(n=number)),
        expects=_("Milliseconds, such as 400."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    uncapped // half if uncapped > cap else None,
                    _("The pause does not grow beyond maxBackoff."),
                ),
                (
                    ceilings[number] // half,
                    _("The first pause is initialBackoff itself; it grows from the second on."),
                ),
                (
                    ceiling if half == 2 else None,
                    _("That is the longest. Half of it is certain, chance decides over the rest."),
                ),
                (
                    sum(ceilings[:number]) // half,
                    _("That is all pauses together; asked is the one."),
                ),
                (
                    base * multiplier * (number - 1) // half,
                    _("It grows by the factor each time, not by the same amount."),
                ),
            ],
            _("Write down the pauses one after the other, beginning with initialBackoff."),
        ),
        hints=(
            _("Each ceiling is the one before times backoffMultiplier, up to maxBackoff."),
            _("The first ceilings are {first}, {second} ms.").format(
                first=ceilings[0], second=ceilings[1]
            ),
            _("The ceiling before retry {n} is {ceiling} ms.").format(n=number, ceiling=ceiling)
            + (" " + _("Equal jitter takes at least half of it.") if half == 2 else ""),
        ),
        solution=_("min({base} × {multiplier}^{power}, {cap}) = {ceiling} ms at most").format(
            base=base, multiplier=multiplier, power=number - 1, cap=cap, ceiling=ceiling
        )
        + (f"; {ceiling} / 2 = {answer}." if half == 2 else "."),
    )
