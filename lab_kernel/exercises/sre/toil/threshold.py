"""The share to automate for the backlog to stand still."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.team import Team


@exercise("sre/toil/threshold", title=N_("From which share on?"))
def threshold(rng: random.Random) -> Problem:
    """Drawn until the share does not come out even, as the simulator's threshold has it."""
    while True:
        staff = rng.randrange(2, 13)
        each = Fraction(rng.choice((1, 3, 4, 5)), 2)
        tickets = rng.randrange(20, 301)
        team = Team(staff=staff, tickets=float(tickets), hours=each)
        share = 100 * team.threshold()
        if 5 < share < 95 and 0.05 < share % 1 < 0.95:
            break
    answer = math.ceil(share)
    free, work = staff * 20, float(tickets * each)
    return Problem(
        prompt=_(
            "{staff} people work 40 hours a week each, and at most half of that on tickets."
            " {tickets} tickets arrive a week, each takes {hours} hours by hand. Machines are to"
            " take some of them.\nFrom which whole per cent on does the backlog no longer grow?"
        ).format(staff=staff, tickets=tickets, hours=f"{float(each):g}"),
        expects=_("A whole number of per cent, such as 35."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    answer - 1,
                    _("With that share there is still a little more than the team may do."),
                ),
                (
                    math.ceil(100 * (1 - 2 * free / work)),
                    _("Tickets may take half of the hours only."),
                ),
                (
                    math.floor(100 * free / work),
                    _("That share may stay with people; asked is the rest."),
                ),
                (
                    math.ceil(100 * free / work),
                    _("That share may stay with people; asked is the rest."),
                ),
                (
                    math.ceil(100 * (1 - free / tickets)),
                    _("Tickets are not hours: each takes {hours} of them.").format(
                        hours=f"{float(each):g}"
                    ),
                ),
            ],
            _("Compare the hours that arrive with those that the team has for them."),
        ),
        hints=(
            _("The backlog stands still when no more is left for people than they may do."),
            _("They may do {free} hours a week, and {work} arrive.").format(
                free=free, work=f"{work:g}"
            ),
            _("People can keep {kept}% of the tickets.").format(kept=f"{100 * free / work:.2f}"),
        ),
        solution=_("1 − {free} / {work} = {share}%, so from {answer}% on.").format(
            free=free, work=f"{work:g}", share=f"{share:.2f}", answer=answer
        ),
    )
