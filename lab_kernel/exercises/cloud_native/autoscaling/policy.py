"""How fast may it grow?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.autoscale import Memory
from lab_kernel.cloud_native.objects.scaling import Behavior, ScalingPolicy, ScalingRules
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

STEP = 15  # seconds from one decision to the next


def grown(start: int, wanted: int, rounds: int, pods: int, percent: int, policy: str) -> int:
    """After so many decisions, the first of them at once."""
    rules = ScalingRules(
        select_policy=policy,  # type: ignore[arg-type]
        policies=(
            ScalingPolicy(type="Pods", value=pods, period_seconds=STEP),
            ScalingPolicy(type="Percent", value=percent, period_seconds=STEP),
        ),
    )
    memory, current = Memory(), start
    for number in range(rounds):
        now = number * STEP * 1000
        current = memory.follow(now, current, wanted, 1, 1000, Behavior(scale_up=rules)).replicas
    return current


@exercise("cloud-native/autoscaling/policy", title=N_("How fast may it grow?"))
def policy(rng: random.Random) -> Problem:
    """The larger (or the smaller) of so many pods and so many percent."""
    while True:
        start, rounds = rng.randrange(1, 13), rng.randrange(2, 5)
        pods, percent = rng.choice((4, 4, 2, 6)), rng.choice((100, 100, 50))
        choice = rng.choice(("Max", "Max", "Min"))
        wanted = rng.choice((20, 40, 80, 120))
        answer = grown(start, wanted, rounds, pods, percent, choice)
        turned = grown(start, wanted, rounds, pods, percent, "Min" if choice == "Max" else "Max")
        if answer not in (start, turned):
            break
    steps = [start]
    for number in range(1, rounds + 1):
        steps.append(grown(start, wanted, number, pods, percent, choice))
    told = " → ".join(map(str, steps))
    mistakes: list[Mistake] = [
        (wanted, _("The policies hold it: it may not get there so fast.")),
        (turned, _("selectPolicy {choice} takes the other of the two.").format(choice=choice)),
        (start + pods * rounds, _("Only the policy in pods; in percent it may be another number.")),
        (steps[-2], _("The first decision is taken at once: count again.")),
        (
            grown(start, wanted, rounds + 1, pods, percent, choice),
            _("That is one decision too many: the first is taken at once."),
        ),
    ]
    return Problem(
        prompt=_(
            "Replicas now: {start}; wanted from now on: {wanted}. Every 15 s one decision is taken,"
            " the first at once. Per 15 s at most {pods} pods or {percent}% may be added,"
            " selectPolicy: {choice}. How many replicas are there after {rounds} decisions?"
        ).format(
            start=start, wanted=wanted, pods=pods, percent=percent, choice=choice, rounds=rounds
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Go step by step, and round a percentage up.")),
        hints=(
            _("What does each policy allow, starting from {start}?").format(start=start),
            _("Max takes the larger of the two in each step, Min the smaller."),
            _("After the first decision there are {next}.").format(next=steps[1]),
        ),
        solution=_("{told}: {answer} after {rounds} decisions.").format(
            told=told, answer=answer, rounds=rounds
        ),
    )
