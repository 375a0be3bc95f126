"""Hours that go back to the developers."""

from __future__ import annotations

import random
from fractions import Fraction

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.cap import to_hand_back
from lab_kernel.sre.toil.criteria import Class


@exercise("sre/toil/cap", title=N_("What goes back"))
def cap(rng: random.Random) -> Problem:
    """A quarter of a team, over its cap four times in five."""
    people = rng.randrange(4, 11)
    whole_quarter = people * 480
    overhead = whole_quarter * rng.randrange(2, 5) // 20
    over = rng.random() < 0.8
    part = rng.randrange(52, 76) if over else rng.randrange(10, 51)
    operational = whole_quarter * part // 100
    other = operational * rng.randrange(2, 6) // 10
    toil, project = operational - other, whole_quarter - operational - overhead
    hours = {
        Class.TOIL: Fraction(toil),
        Class.OTHER: Fraction(other),
        Class.ENGINEERING: Fraction(project),
        Class.OVERHEAD: Fraction(overhead),
    }
    answer = int(to_hand_back(hours))
    ceiling = whole_quarter // 2
    return Problem(
        prompt=_(
            "The hours of a team in a quarter: toil {toil}, other operational work {other}, project"
            " work {project}, overhead {overhead}. At most 50% of all hours may be operational"
            " work.\nHow many hours of it have to go back to the developers, if everybody stays and"
            " does project work instead? (0 if none.)"
        ).format(toil=toil, other=other, project=project, overhead=overhead),
        expects=_("A whole number of hours, such as 240."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    max(0, toil - ceiling),
                    _("The cap is on all operational work, not on toil alone."),
                ),
                (
                    max(0, operational - (whole_quarter - overhead) // 2),
                    _("The share is of all hours here, overhead included."),
                ),
                (
                    max(0, 2 * operational - whole_quarter),
                    _("That shrinks the whole, too. But the people stay, and so do their hours."),
                ),
                (
                    abs(operational - project),
                    _("The cap does not ask for as much project work as operational work."),
                ),
                (
                    ceiling - operational,
                    _("It is a ceiling, not a share to fill: less is fine, and nothing goes back."),
                ),
                (operational, _("Only what is over the ceiling goes back.")),
            ],
            _("Work out the ceiling in hours first."),
        ),
        hints=(
            _("Toil and other operational work count together."),
            _("All hours together are {all}.").format(all=whole_quarter),
            _(
                "The ceiling is {ceiling} hours, and there are {operational} of operational work."
            ).format(ceiling=ceiling, operational=operational),
        ),
        solution=(
            _("{operational} − {ceiling} = {answer} hours.")
            if answer
            else _("{operational} hours are not over the ceiling of {ceiling}: {answer}.")
        ).format(operational=operational, ceiling=ceiling, answer=answer),
    )
