"""What part of the CPU is a nice value worth?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.scheduler import WEIGHTS
from lab_kernel.language import N_, _


def percents(weights: list[int]) -> list[int]:
    """Each one's part in whole percent."""
    return [round(100 * weight / sum(weights)) for weight in weights]


@exercise("kernel/processes/nice", title=N_("What is nice worth?"))
def nice(rng: random.Random) -> Problem:
    """Three busy processes whose shares lie apart from each other, from thirds and from halves."""
    while True:
        values = sorted(rng.sample((-5, -2, 0, 1, 2, 3, 5, 8, 10), 3))
        weights = [WEIGHTS[value] for value in values]
        shares = percents(weights)
        asked = rng.randrange(3)
        if len(set(shares)) == 3 and shares[asked] != 33:
            break
    own, total = weights[asked], sum(weights)
    mistakes: list[Mistake] = [
        (33, _("That would be equal parts. The weights are not equal.")),
        (
            round(100 * own / (total - own)),
            _("That divides by what the others have. Its own weight is in the sum, too."),
        ),
        (
            shares[2 - asked],
            _("That is the other end of the line: a higher nice is a smaller weight."),
        ),
        (round(own / 10), _("A weight is no percentage; it has to be divided by the sum.")),
    ]
    mistakes += [
        (share, _("That is what nice {value} gets.").format(value=value))
        for value, share in zip(values, shares, strict=True)
        if value != values[asked]
    ]
    listed = "\n".join(
        _("nice {value}: weight {weight}").format(value=value, weight=weight)
        for value, weight in zip(values, weights, strict=True)
    )
    return Problem(
        prompt=_(
            "Three threads share one CPU, and none of them ever waits for anything. Linux gives"
            " them these weights:\n{weights}\nWhat part of the CPU does the one at nice {value}"
            " get, in percent?"
        ).format(weights=listed, value=values[asked]),
        expects=_("A whole number, rounded: 50 for 50%."),
        answer=shares[asked],
        read=whole,
        explain=recognise(
            mistakes,
            _("Divide its weight by the sum of all three, and round at the end."),
        ),
        hints=(
            _("Each gets its weight's part of the sum of the weights."),
            _("The sum is {total}.").format(total=total),
            _("{own} of {total}.").format(own=own, total=total),
        ),
        solution=_("{own} / {total} = {part}, so {percent}%.").format(
            own=own, total=total, part=f"{own / total:.3f}", percent=shares[asked]
        ),
    )
