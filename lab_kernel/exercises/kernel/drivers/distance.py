"""How many cylinders does the head cross?"""

from __future__ import annotations

import random
from itertools import pairwise

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.kernel.drivers.rules import RULES, line, some
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.disk import serve
from lab_kernel.kernel.elevator import Request
from lab_kernel.language import N_, _


@exercise("kernel/drivers/distance", title=N_("How far does the head go?"))
def distance(rng: random.Random) -> Problem:
    """Six requests at once; an elevator goes up first. The policies' distances all differ."""
    policy = rng.choice(tuple(RULES))
    while True:
        head, asked = some(rng, 6)
        runs = {name: serve(map(Request, asked), name, head=head) for name in RULES}
        if len({one.distance for one in runs.values()}) == len(runs):
            break
    own = runs[policy]
    path = own.path
    legs = [abs(there - here) for here, there in pairwise(path)]
    mistakes: list[Mistake] = [
        (runs[other].distance, _("That is the distance under {other}.").format(other=other.upper()))
        for other in RULES
        if other != policy
    ]
    mistakes += [
        (own.distance - legs[0], _("The way to the first request counts, too.")),
        (len(asked), _("That is the number of requests. Add up the cylinders between them.")),
        (
            max(path) - min(path),
            _("That is from the lowest to the highest. The head does not go there only once."),
        ),
    ]
    return Problem(
        prompt=_(
            "The head stands at cylinder {head} of 0 to 199 and goes upwards at first. These"
            " requests wait, in order of arrival: {asked}.\n{rule}\nHow many cylinders does the"
            " head cross until all are served?"
        ).format(head=head, asked=line(asked), rule=_(RULES[policy])),
        expects=_("A whole number of cylinders."),
        answer=own.distance,
        read=whole,
        explain=recognise(
            mistakes, _("Write down the way from stop to stop and add up the differences.")
        ),
        hints=(
            _("First the order, then the distance. {rule}").format(rule=_(RULES[policy])),
            _("The way begins {way} ...").format(way=" → ".join(map(str, path[:3]))),
            _("The way is {way}.").format(way=" → ".join(map(str, path))),
        ),
        solution=_("The way is {way}, so {legs} = {answer}.").format(
            way=" → ".join(map(str, path)), legs=" + ".join(map(str, legs)), answer=own.distance
        ),
    )
