"""What does the rule ask for while pods are starting?"""

from __future__ import annotations

import math
import random
from fractions import Fraction

from lab_kernel.cloud_native.autoscale import Reading, State, advise, desired
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

REQUEST = 1000


@exercise("cloud-native/autoscaling/unready", title=N_("While pods are starting"))
def unready(rng: random.Random) -> Problem:
    """Pods without a metric, or not ready, make the change smaller."""
    while True:
        ready, others = rng.randrange(3, 13), rng.randrange(1, 6)
        target = rng.choice((50, 60, 80))
        use = rng.choice((rng.randrange(target + 15, 200), rng.randrange(5, target - 20)))
        state = rng.choice((State.UNREADY, State.MISSING))
        all_of_them = ready + others
        readings = [Reading(REQUEST * use // 100, REQUEST)] * ready
        readings += [Reading(0, REQUEST, state)] * others
        answer = advise(all_of_them, readings, target).replicas
        if answer is None or (state is State.UNREADY and use < target and rng.random() < 0.7):
            continue
        naive = desired(all_of_them, use, target)
        if answer != naive:
            break
    up = use > target
    counted = 0 if up else 100
    left_out = state is State.UNREADY and not up
    mean = Fraction(ready * use + (0 if left_out else others * counted),
                    ready if left_out else all_of_them)  # fmt: skip
    mistakes: list[Mistake] = [
        (naive, _("That takes the ready pods' use for all of them.")),
        (
            math.ceil(Fraction(ready * use, target)) if not left_out and not up else None,
            _("On the way down a pod without a metric counts as 100% of its request."),
        ),
    ]
    if answer == all_of_them:
        mistakes.append(
            (
                math.ceil(all_of_them * mean / target),
                _("Within the tolerance, or when the direction would turn round, nothing is done."),
            )
        )
    waiting = state is State.UNREADY
    what = _("not ready yet") if waiting else _("without a metric")
    how = (
        _("On the way down, pods that are not ready are left out.")
        if left_out
        else _("On the way up they count as 0% of their request.")
        if up
        else _("On the way down they count as 100% of their request.")
    )
    return Problem(
        prompt=_(
            "Pods that are ready: {ready}, and they use {use}% of what they request. Pods {what}:"
            " {others}. The target is {target}%, the tolerance 10%. How many replicas does the rule"
            " ask for, now that there are {all}?"
        ).format(ready=ready, use=use, what=what, others=others, all=all_of_them, target=target),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("First the direction by the ready pods alone, then the others with it.")
        ),
        hints=(
            _("Which way does it go, by the ready pods alone?"),
            how,
            _("Then the mean is {mean}%, and the ratio {ratio}.").format(
                mean=f"{math.floor(mean)}", ratio=f"{math.floor(mean) / target:.3f}"
            ),
        ),
        solution=_("{how} The mean is {mean}%, the ratio {ratio}; so it is {answer}.").format(
            how=how,
            mean=math.floor(mean),
            ratio=f"{math.floor(mean) / target:.3f}",
            answer=answer,
        ),
    )
