"""How many slow answers may there be."""

from __future__ import annotations

import math
import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing.fanout import leaf_share


def most(share: float, leaves: int) -> int:
    """Slow answers in a million with which ``share`` of the requests still meets none."""
    return math.floor(1_000_000 * (1 - leaf_share(share, leaves)))


@exercise("microservices/balancing/allowed", title=N_("What must one server promise?"))
def allowed(rng: random.Random) -> Problem:
    """The other way round: from the page to the server."""
    percent = rng.choice((90, 95, 98, 99))
    leaves = rng.choice((5, 10, 20, 25, 40, 50, 80, 100, 200))
    share = percent / 100
    answer = most(share, leaves)
    root = leaf_share(share, leaves)
    divided = (100 - percent) * 10_000 // leaves
    return Problem(
        prompt=_(
            "{percent}% of the pages shall have all their {leaves} answers in time, each from a"
            " server of its own, late independently of each other. How many of a million answers of"
            " a server may be late at the most? Rounded down."
        ).format(percent=percent, leaves=leaves),
        expects=_("A number of answers in a million, such as 500."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    divided,
                    _("Divided: near, but some pages meet two late answers and count once."),
                ),
                (
                    (100 - percent) * 10_000,
                    _("Then a page that waits for only one of them would keep the promise."),
                ),
                (math.floor(1_000_000 * root), _("Those are the answers in time.")),
                (answer + 1, _("Rounded down: one more is too many.")),
            ],
            _("Which share of a server's answers, multiplied by itself so often, is the page's?"),
        ),
        hints=(
            _("All {leaves} answers have to be in time: their shares are multiplied.").format(
                leaves=leaves
            ),
            _("So a server needs the {leaves}th root of {share}.").format(
                leaves=leaves, share=share
            ),
            _("That is {root}; the rest may be late.").format(root=f"{root:.8f}"),
        ),
        solution=_("1 − {share}^(1/{leaves}) = {rest}: {answer} in a million.").format(
            share=share, leaves=leaves, rest=f"{1 - root:.8f}", answer=f"{answer:,}"
        ),
    )
