"""The percentile of two servers together."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.percentile import percentile

PERCENT = 90


@exercise("microservices/balancing/merged", title=N_("The percentile of both"))
def merged(rng: random.Random) -> Problem:
    """A busy fast server and a slow one with little to do; drawn until averaging is wrong."""
    while True:
        fast = sorted(rng.randrange(5, 40) for _answer in range(rng.choice((15, 16, 17, 18))))
        slow = sorted(rng.randrange(50, 300) for _answer in range(rng.choice((2, 3, 4, 5))))
        both = fast + slow
        answer = int(percentile(both, PERCENT))
        each = [percentile(values, PERCENT) for values in (fast, slow)]
        average = round(sum(each) / 2)
        weighted = round((each[0] * len(fast) + each[1] * len(slow)) / len(both))
        if len({answer, average, weighted, *each}) == 5 and len(both) % 10 in (0, 1, 2):
            break
    rank = -(-PERCENT * len(both) // 100)
    return Problem(
        prompt=_(
            "Two servers answered, in ms, sorted:\nA: {fast}\nB: {slow}\nWhat is the {percent}th"
            " percentile of all of these answers? It is the smallest of them that {percent}% do not"
            " exceed."
        ).format(fast=" ".join(map(str, fast)), slow=" ".join(map(str, slow)), percent=PERCENT),
        expects=_("A time in ms that is in one of the lists."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (average, _("That is the average of two percentiles, which means nothing.")),
                (
                    weighted,
                    _("Weighted by the number of answers it is still no percentile of them."),
                ),
                (int(max(each)), _("That is the percentile of the slow server alone.")),
                (int(min(each)), _("That is the percentile of the fast server alone.")),
            ],
            _("Sort all of them into one list, and count from below."),
        ),
        hints=(
            _("Percentiles cannot be averaged. Go back to the answers themselves."),
            _(
                "There are {number} answers in all; {percent}% of them are {rank}, rounded up."
            ).format(number=len(both), percent=PERCENT, rank=rank),
            _("All of B are slower than all of A, so it is number {place} of B.").format(
                place=rank - len(fast)
            )
            if rank > len(fast)
            else _("All of B are slower than all of A, so it is number {place} of A.").format(
                place=rank
            ),
        ),
        solution=_("Number {rank} of {number} is {answer} ms.").format(
            rank=rank, number=len(both), answer=answer
        ),
    )
