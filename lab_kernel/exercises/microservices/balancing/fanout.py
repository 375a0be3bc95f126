"""How many requests meet a slow answer."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing.fanout import meets_slow


@exercise("microservices/balancing/fanout", title=N_("How many pages are slow?"))
def fanout(rng: random.Random) -> Problem:
    """Of a thousand pages, to the nearest one; drawn where multiplying is clearly wrong."""
    while True:
        slow = rng.choice((1, 2, 5, 10, 20, 50))  # in a thousand
        leaves = rng.choice((5, 8, 10, 20, 30, 40, 50, 80, 100, 150, 200))
        share = meets_slow(slow / 1000, leaves)
        answer = round(1000 * share)
        if 0.03 < share < 0.99 and slow * leaves - answer > 3:
            break
    return Problem(
        prompt=_(
            "{slow} of 1,000 answers of a server are slow. A page needs the answers of {leaves}"
            " such servers, which are slow independently of each other. How many of 1,000 pages"
            " meet at least one slow answer? To the nearest page."
        ).format(slow=slow, leaves=leaves),
        expects=_("A number of pages from 0 to 1,000, such as 250."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    slow * leaves,
                    _("Added up: a page that meets two slow answers is counted twice."),
                ),
                (1000 - answer, _("Those are the pages that meet none.")),
                (slow, _("That is so for one server. Each further one is another chance.")),
            ],
            _("Which share of the pages meets no slow answer at all?"),
        ),
        hints=(
            _("Begin with the pages that meet none."),
            _("One answer is fast with a chance of {fast}; all of them must be.").format(
                fast=f"{1 - slow / 1000:g}"
            ),
            _("{fast} to the power of {leaves} is {none}.").format(
                fast=f"{1 - slow / 1000:g}", leaves=leaves, none=f"{1 - share:.4f}"
            ),
        ),
        solution=_("1 − {fast}^{leaves} = {share}, {answer} of 1,000.").format(
            fast=f"{1 - slow / 1000:g}", leaves=leaves, share=f"{share:.4f}", answer=answer
        ),
    )
