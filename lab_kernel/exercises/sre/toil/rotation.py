"""The smallest rotation, and the most incidents of a shift."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.oncall import Rotation, smallest


@exercise("sre/toil/rotation", title=N_("A pager for how many?"))
def rotation(rng: random.Random) -> Problem:
    """Weeks of each person, by the rotation itself."""
    roles = rng.randrange(2, 6)
    percent = rng.choice((15, 20, 25, 30, 35, 40))
    there = rng.randrange(roles, 2 * roles + 2)
    needed = smallest(roles, Fraction(percent, 100))
    answer = max(0, needed - there)
    now = Rotation(there, roles).share
    return Problem(
        prompt=_(
            "{roles} people are on call at any time, a week each. Nobody is to be on call for more"
            " than {percent}% of the weeks. {there} people are there now.\nHow many more does the"
            " rotation need?"
        ).format(roles=roles, percent=percent, there=there),
        expects=_("A whole number of people, such as 3."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (needed, _("That is the whole rotation; some of them are there already.")),
                (
                    math.ceil(100 / percent) - there,
                    _("That would do for one role; {roles} are on call at the same time.").format(
                        roles=roles
                    ),
                ),
                (
                    answer - 1,
                    _("With one fewer each is on call for more than {percent}%.").format(
                        percent=percent
                    ),
                ),
                (
                    answer + 1,
                    _("One fewer is enough."),
                ),
            ],
            _("Work out which share of the weeks each is on call in a rotation of n."),
        ),
        hints=(
            _("In a rotation of n each is on call in {roles} of n weeks.").format(roles=roles),
            _("Now it is {share}% of the weeks.").format(share=f"{float(100 * now):.1f}"),
            _("{roles} / n ≤ {percent}% holds from n = {needed} on.").format(
                roles=roles, percent=percent, needed=needed
            ),
        ),
        solution=_("{needed} are needed, {there} are there: {answer}.").format(
            needed=needed, there=there, answer=answer
        ),
    )
