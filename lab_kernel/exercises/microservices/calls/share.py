"""How many requests are answered when several services are needed."""

from __future__ import annotations

import random
from fractions import Fraction

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.availability import enough

REQUESTS = 100_000
SHARES = ("90", "95", "98", "99", "99.5", "99.9")


@exercise("microservices/calls/share", title=N_("How many are answered?"))
def share(rng: random.Random) -> Problem:
    """The binomial distribution; all, one or some of them are needed."""
    word, number = rng.choice(SHARES), rng.randrange(2, 9)
    needs = rng.choice((number, number, 1, max(2, number - 1)))
    each = float(Fraction(word) / 100)
    answer = round(REQUESTS * enough([each] * number, needs))
    if needs == number:
        wanted = _("all of them")
        formula = f"{each:g}^{number}"
    elif needs == 1:
        wanted = _("at least one of them")
        formula = f"1 − {1 - each:g}^{number}"
    else:
        wanted = _("at least {needs} of them").format(needs=needs)
        formula = _(
            "the sum of C({n}, k) × {p}^k × {q}^({n} − k) for k from {needs} to {n}"
        ).format(n=number, p=f"{each:g}", q=f"{1 - each:g}", needs=needs)
    return Problem(
        prompt=_(
            "A service asks {number} others side by side. Each answers {share}% of its requests,"
            " independently of the others. An answer needs {wanted}. Of 100,000 requests how many"
            " are answered on average, to the whole number?"
        ).format(number=number, share=word, wanted=wanted),
        expects=_("A number of requests, such as 98,010."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (round(REQUESTS * each), _("That is one service alone.")),
                (
                    round(REQUESTS * (1 - number * (1 - each))),
                    _("Failures do not add up: some requests would meet two of them. Multiply."),
                ),
                (
                    round(REQUESTS * each**number),
                    _("That many would be answered if all were needed."),
                ),
                (
                    round(REQUESTS * (1 - (1 - each) ** number)),
                    _("That many would be answered if one were enough."),
                ),
            ],
            _("Is it asked for all, for one, or for some? Each has its own formula."),
        ),
        hints=(
            _("If all are needed multiply the shares; if one will do multiply the failures."),
            _("The formula here: {formula}.").format(formula=formula),
            _("{low} < answer < {high}.").format(
                low=f"{(answer - 1) // 1000 * 1000:,}", high=f"{answer // 1000 * 1000 + 1000:,}"
            ),
        ),
        solution=_("100,000 × ({formula}) = {answer}.").format(
            formula=formula, answer=f"{answer:,}"
        ),
    )
