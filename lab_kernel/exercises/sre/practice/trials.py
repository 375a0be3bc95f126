"""Tests that are still missing."""

from __future__ import annotations

import math
import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.reliability import trials as needed

RELIABILITIES = ("90", "95", "98", "99", "99.5", "99.9")


@exercise("sre/practice/trials", title=N_("How many more?"))
def trials(rng: random.Random) -> Problem:
    """The number is the module's; some have passed already."""
    reliability, confidence = rng.choice(RELIABILITIES), rng.choice((80, 90, 95, 99))
    part = float(reliability) / 100
    total = needed(part, confidence / 100)
    passed = rng.randrange(1, max(2, total // 2))
    answer = total - passed
    miss = 1 - part
    return Problem(
        prompt=_(
            "A failover is to work in at least {reliability}% of all cases, and that is to be shown"
            " with {confidence}% confidence. {passed} trials have been made, independent of each"
            " other, and none has failed. How many more without a failure does it take?"
        ).format(reliability=reliability, confidence=confidence, passed=passed),
        expects=_("A whole number of trials, such as 45."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (total, _("That is all of them; some have been made already.")),
                (
                    math.ceil(1 / miss - 1e-9) - passed,
                    _("Even a rate of 1 in n shows no failure in n trials quite often."),
                ),
                (
                    math.ceil(3 / miss - 1e-9) - passed if confidence == 95 else None,
                    _(
                        "The rule of three is an approximation; the exact number is a little"
                        " smaller."
                    ),
                ),
                (answer - 1, _("With one fewer the chance is still a little too large.")),
            ],
            _("When would a service that is just too bad pass all of them by chance?"),
        ),
        hints=(
            _("If it works in a share R of all cases, n trials all pass with a chance of R^n."),
            _("That chance must not be over {rest}%.").format(rest=100 - confidence),
            _("n is at least ln {chance} / ln {share}.").format(
                chance=f"{1 - confidence / 100:g}", share=f"{part:g}"
            ),
        ),
        solution=_("ln {chance} / ln {share} gives {total}; {passed} are done: {answer}.").format(
            chance=f"{1 - confidence / 100:g}",
            share=f"{part:g}",
            total=total,
            passed=passed,
            answer=answer,
        ),
    )
