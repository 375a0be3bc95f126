"""How long does a change take until it is live?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

DAY = 480  # minutes


@exercise("microservices/strangler/lead", title=N_("How long until it is live?"))
def lead(rng: random.Random) -> Problem:
    """Its own time, and the mean wait of an M/D/1 queue."""
    while True:
        each, changes = rng.choice((10, 12, 15, 16, 20, 24, 30, 32, 40)), rng.randrange(4, 40)
        busy = changes * each / DAY
        if not 0.2 <= busy <= 0.95:
            continue
        wait = busy * each / (2 * (1 - busy))
        if abs(wait - round(wait)) < 0.4:
            break
    answer = each + round(wait)
    mistakes: list[Mistake] = [
        (each, _("And how long does it wait for its turn?")),
        (round(wait), _("That is the wait. Then it is built itself.")),
        (
            each + round(busy * each / (1 - busy)),
            _("Without the 2: that is for times by chance. Here each takes as long."),
        ),
        (changes * each, _("They do not all come at the same time.")),
    ]
    return Problem(
        prompt=_(
            "Every change to a unit takes {each} minutes of its pipeline, one at a time. {changes}"
            " changes come in a day of 480 minutes, at random moments. How many minutes pass on"
            " average from when a change is ready until it is live? The mean wait is"
            " ρ·D / (2 (1 − ρ)). Round to a whole number."
        ).format(each=each, changes=changes),
        expects=_("A whole number of minutes."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("ρ is how much of the day the pipeline is busy; D is {each}.")
                          .format(each=each)),
        hints=(
            _("How much of the day is the pipeline busy?"),
            _("ρ = {changes} × {each} / 480 = {busy}.").format(
                changes=changes, each=each, busy=f"{busy:.3f}"
            ),
            _("The wait is {wait} minutes; then come its own {each}.").format(
                wait=f"{wait:.1f}", each=each
            ),
        ),
        solution=_("{wait} of waiting and {each} of its own: {answer} minutes.").format(
            wait=f"{wait:.1f}", each=each, answer=answer
        ),
    )  # fmt: skip
