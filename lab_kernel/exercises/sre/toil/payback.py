"""Weeks until automating is even."""

from __future__ import annotations

import math
import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.payback import Automation


@exercise("sre/toil/payback", title=N_("When is it even?"))
def payback(rng: random.Random) -> Problem:
    """Drawn until it does not come out even; the balance is the simulator's."""
    while True:
        hours, saved = rng.randrange(2, 21), rng.choice((50, 60, 75, 80, 90))
        upkeep, cost = rng.randrange(2, 6), rng.randrange(20, 301)
        gain = hours * saved / 100 - upkeep
        if gain > 0.4 and 0.02 < cost / gain % 1 < 0.98 and cost / gain < 250:
            break
    plan = Automation(hours=hours, cost=cost, saved=saved / 100, upkeep=upkeep)
    answer = plan.even()
    assert answer is not None
    return Problem(
        prompt=_(
            "A task takes {hours} hours a week by hand. Automating it costs {cost} hours; from then"
            " on machines do {saved}% of it, and the automation wants {upkeep} hours of upkeep a"
            " week.\nAfter how many whole weeks have the {cost} hours come back?"
        ).format(hours=hours, cost=cost, saved=saved, upkeep=upkeep),
        expects=_("A whole number of weeks, such as 30."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    answer - 1,
                    _("By then a little is still missing."),
                ),
                (
                    math.ceil(100 * cost / (hours * saved)),
                    _("Upkeep comes off each week."),
                ),
                (
                    math.ceil(cost / (hours - upkeep)) if hours > upkeep else None,
                    _("Machines do {saved}% of it; the rest stays with people.").format(
                        saved=saved
                    ),
                ),
                (
                    math.ceil(cost / hours),
                    _("Neither upkeep nor the part that stays with people is in that."),
                ),
            ],
            _("What does a week bring, all told?"),
        ),
        hints=(
            _("Each week brings what machines do, less the upkeep."),
            _("Machines do {done} hours of it a week.").format(done=f"{hours * saved / 100:g}"),
            _("A week brings {gain} hours.").format(gain=f"{gain:g}"),
        ),
        solution=_("{cost} / {gain} = {exact}, so after {answer} weeks.").format(
            cost=cost, gain=f"{gain:g}", exact=f"{cost / gain:.2f}", answer=answer
        ),
    )
