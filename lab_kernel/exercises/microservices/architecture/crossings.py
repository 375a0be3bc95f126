"""How many calls of one request cross the network?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.microservices.architecture.cuts import by_chance, told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.cut import PARTS
from lab_kernel.microservices.architecture.prices import crossings as counted


def asked(module: str) -> int:
    """How many calls there are below it, wherever they go."""
    return sum(1 + asked(each) for each in PARTS[module].asks)


@exercise("microservices/architecture/crossings", title=N_("How many network calls?"))
def crossings(rng: random.Random) -> Problem:
    """Only calls between units, and the two on the way in."""
    cut = by_chance(rng)
    answer, calls = counted(cut, "check out"), asked("orders")
    inside = calls - (answer - 2)
    mistakes: list[Mistake] = [
        (answer - 1, _("The user calls the gateway, and the gateway calls the unit: two calls.")),
        (answer - 2, _("The user calls the gateway, and the gateway calls the unit: two calls.")),
        (calls, _("Calls within a unit do not cross the network.")),
        (calls + 2, _("Calls within a unit do not cross the network.")),
        (len(cut.groups), _("That is how many units there are. A unit may be called twice.")),
    ]
    return Problem(
        prompt=_(
            "{cut} A user checks out: he calls the gateway, which calls the unit of orders. From"
            " orders on each module asks those behind its arrow once; what orders does not reach"
            " plays no part. How many calls of this one request cross the network?"
        ).format(cut=told(cut)),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Follow who asks whom, and look whether both share a unit.")),
        hints=(
            _("Two calls lead to orders. What does orders ask, and what do those ask?"),
            _("There are {calls} calls below orders: which of them stay in their unit?").format(
                calls=calls
            ),
            _("{inside} of the {calls} stay in their unit.").format(inside=inside, calls=calls),
        ),
        solution=_("2 on the way in, and {below} of {calls} between units: {answer}.").format(
            below=calls - inside, calls=calls, answer=answer
        ),
    )
