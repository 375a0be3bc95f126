"""How many replicas does the rule ask for?"""

from __future__ import annotations

import math
import random
from fractions import Fraction

from lab_kernel.cloud_native.autoscale import Tolerance, desired
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("cloud-native/autoscaling/rule", title=N_("What does the rule ask for?"))
def rule(rng: random.Random) -> Problem:
    """Up, down, or nothing within a tenth."""
    near = rng.random() < 0.3
    while True:
        replicas, target = rng.randrange(3, 31), rng.choice((40, 50, 60, 70, 75, 80))
        use = rng.randrange(10, 160)
        within = Tolerance().covers(Fraction(use, target))
        if within == near and use != target:
            break
    answer = desired(replicas, use, target)
    exact = Fraction(replicas * use, target)
    mistakes: list[Mistake] = []
    if within:
        said = _("The ratio is {ratio}: within a tenth of 1 nothing is done.").format(
            ratio=f"{use / target:.2f}"
        )
        mistakes += [(number, said) for number in {math.ceil(exact), math.floor(exact)}]
    mistakes += [
        (math.floor(exact), _("Round up: with fewer pods the target would be passed.")),
        (replicas, _("The ratio is {ratio}, outside the tolerance.").format(
            ratio=f"{use / target:.2f}")),
        (
            math.ceil(Fraction(replicas * target, use)),
            _("It is metric / target, not target / metric."),
        ),
    ]  # fmt: skip
    ratio = f"{use / target:.3f}"
    return Problem(
        prompt=_(
            "{replicas} pods, all ready, use {use}% of what they request. The target is {target}%,"
            " the tolerance 10%. How many replicas does the rule ask for?"
        ).format(replicas=replicas, use=use, target=target),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("replicas × metric / target, rounded up.")),
        hints=(
            _("How far from 1 is metric / target?"),
            _("Within 0.9 to 1.1 nothing changes; else multiply and round up."),
            _("{use} / {target} = {ratio}.").format(use=use, target=target, ratio=ratio),
        ),
        solution=_("{use} / {target} = {ratio}: ").format(use=use, target=target, ratio=ratio)
        + (
            _("within the tolerance, so it stays at {replicas}.").format(replicas=replicas)
            if within
            else _("{replicas} × {ratio} = {exact}, rounded up {answer}.").format(
                replicas=replicas, ratio=ratio, exact=f"{float(exact):.2f}", answer=answer
            )
        ),
    )
