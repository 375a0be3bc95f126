"""Which module can leave without calling back into the old unit?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _

NAMES = ("accounts", "billing", "cart", "catalog", "invoices", "orders", "reviews", "search")


@exercise("microservices/strangler/leaver", title=N_("Which module leaves first?"))
def leaver(rng: random.Random) -> Problem:
    """The one that asks none of the others: a leaf of the graph."""
    names = rng.sample(NAMES, rng.randrange(4, 6))
    # the first asks nobody; each other one asks somebody before it
    asks = {
        name: sorted(rng.sample(names[:number], rng.randint(1, min(2, number))))
        for number, name in enumerate(names)
        if number
    }
    answer = names[0]
    asked = sorted(name for name, whom in asks.items() if answer in whom)
    told = ", ".join(f"{name} → {' '.join(asks[name])}" for name in sorted(asks))
    mistakes = [
        (
            name,
            _("{name} asks {whom}: outside, it would call back into the old unit.").format(
                name=name, whom=", ".join(whom)
            ),
        )
        for name, whom in asks.items()
    ]
    return Problem(
        prompt=_(
            "One unit has these modules: {names}. Who asks whom: {told}. One of them is to become a"
            " unit of its own, and must not call back into the old one. Which one?"
        ).format(names=", ".join(sorted(names)), told=told),
        expects=_("One of: {names}.").format(names=", ".join(sorted(names))),
        answer=answer,
        read=one_of(*sorted(names)),
        explain=recognise(mistakes, _("Which one stands on the right of arrows only?")),
        hints=(
            _("A module that asks another one needs it, wherever it runs."),
            _("Whom could it not do without once it is outside? Go through the arrows one by one."),
            _("These ask it: {asked}. It asks nobody.").format(asked=", ".join(asked)),
        ),
        solution=_("{answer} asks nobody, so it can leave first.").format(answer=answer),
    )
