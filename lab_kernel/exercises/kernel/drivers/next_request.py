"""Which request is served next?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.kernel.drivers.rules import RULES, line, some
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.disk import serve
from lab_kernel.kernel.elevator import Request
from lab_kernel.language import N_, _

POLICIES = ("fcfs", "sstf", "look", "c-look")


@exercise("kernel/drivers/next-request", title=N_("Which request is next?"))
def next_request(rng: random.Random) -> Problem:
    """The nearest one lies behind, and the oldest one is neither: three rules, three answers."""
    while True:
        head, asked = some(rng, 5)
        going = rng.choice((True, False))
        picks = {
            name: serve(map(Request, asked), name, head=head, rising=going or name == "c-look")
            .served[0]
            .request.cylinder
            for name in POLICIES
        }
        if len({picks["fcfs"], picks["sstf"], picks["look"]}) == 3:
            break
    policy = rng.choice(POLICIES if going else POLICIES[:3])
    answer = picks[policy]
    rule = _(RULES[policy])
    nearest = picks["sstf"]
    mistakes: list[Mistake] = [
        (
            picks["fcfs"],
            _("{cylinder} came first. The rule says otherwise: {rule}").format(
                cylinder=picks["fcfs"], rule=rule
            ),
        ),
        (
            nearest,
            _("{cylinder} is the nearest. The rule says otherwise: {rule}").format(
                cylinder=nearest, rule=rule
            ),
        ),
        (head, _("There the head stands already.")),
        (
            picks["look"],
            _("{cylinder} comes next in its direction. The rule: {rule}").format(
                cylinder=picks["look"], rule=rule
            ),
        ),
    ]
    mistakes += [
        (other, _("Nobody asks for cylinder {cylinder}.").format(cylinder=other))
        for other in range(200)
        if other not in asked
    ]
    return Problem(
        prompt=_(
            "The head stands at cylinder {head} and is going {direction}. These requests wait, in"
            " order of arrival: {asked}.\n{rule}\nTo which cylinder does the head go next?"
        ).format(
            head=head,
            direction=_("upwards") if going else _("downwards"),
            asked=line(asked),
            rule=rule,
        ),
        expects=_("A cylinder."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("That one waits longer. {rule}").format(rule=rule)),
        hints=(
            _("What does the rule look at: arrival, distance, or direction? {rule}").format(
                rule=rule
            ),
            _("Ahead of the head: {ahead}. Behind it: {behind}.").format(
                ahead=line(sorted(c for c in asked if (c > head) == going)),
                behind=line(sorted(c for c in asked if (c > head) != going)),
            ),
            _("It is {distance} cylinders away.").format(distance=abs(answer - head)),
        ),
        solution=_("{rule} From {head} that is {answer}.").format(
            rule=rule, head=head, answer=answer
        ),
    )
