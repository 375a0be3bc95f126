"""The fewest bad requests that stop a canary."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.canary import fisher

LEVELS = (1, 5)  # per cent


@exercise("sre/practice/gate", title=N_("Where does the gate close?"))
def gate(rng: random.Random) -> Problem:
    """The chances are the gate's own; those around the answer are given."""
    level, of = rng.choice(LEVELS), rng.choice((50, 100, 200, 300, 500))
    control = rng.randrange(0, 9)
    chances = {bad: fisher(bad, of, control, of) for bad in range(control, control + 30)}
    answer = next(bad for bad, chance in chances.items() if 100 * chance < level)
    first = max(control, answer - rng.randrange(2, 5))
    shown = range(first, answer + 3)
    return Problem(
        prompt=_(
            "Canary and control have had {of} requests each, and {control} of the control's were"
            " bad. If both were alike, the canary would have so many bad ones or more with a chance"
            " of:\n{rows}\nThe gate takes a change back when the chance is below {level}%. What is"
            " the smallest number of bad requests that closes it?"
        ).format(
            of=of,
            control=control,
            level=level,
            rows="\n".join(f"{bad}: {100 * chances[bad]:.2f}%" for bad in shown),
        ),
        expects=_("A whole number of requests, such as 9."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    answer - 1,
                    _("With so many the chance is {chance}%, which is not below {level}%.").format(
                        chance=f"{100 * chances.get(answer - 1, 1):.2f}", level=level
                    ),
                ),
                (
                    control + 1,
                    _("One more than the control is chance most of the time."),
                ),
                (answer + 1, _("One fewer closes it already.")),
            ],
            _("Read down to the first line that is below the level."),
        ),
        hints=(
            _("More bad requests are less likely: the chances fall down the list."),
            _("Compare each with {level}%.").format(level=level),
            _("With {bad} it is still {chance}%.").format(
                bad=answer - 1, chance=f"{100 * chances.get(answer - 1, 1):.2f}"
            ),
        ),
        solution=_(
            "With {answer} the chance is {chance}%, for the first time below {level}%."
        ).format(answer=answer, chance=f"{100 * chances[answer]:.2f}", level=level),
    )
