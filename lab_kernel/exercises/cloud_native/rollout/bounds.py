"""The most and the fewest pods that a rolling update allows."""

from __future__ import annotations

import random

from lab_kernel.cloud_native.objects.fields import IntOrPercent
from lab_kernel.cloud_native.objects.meta import Selector
from lab_kernel.cloud_native.objects.pods import PodSpec, Template
from lab_kernel.cloud_native.objects.workloads import DeploymentSpec, RollingUpdate, Strategy
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

SHARES = ("10%", "20%", "25%", "30%", "40%", "50%")
NUMBERS = ("1", "2", "3")


def spec_of(replicas: int, surge: str, unavailable: str) -> tuple[int, int]:
    """maxSurge and maxUnavailable in pods, as the deployment controller reads them."""
    pods = [IntOrPercent(int(w.rstrip("%")), percent=w.endswith("%")) for w in (surge, unavailable)]
    rolling = RollingUpdate(max_surge=pods[0], max_unavailable=pods[1])
    spec = DeploymentSpec(
        selector=Selector(),
        template=Template(spec=PodSpec(containers=())),
        replicas=replicas,
        strategy=Strategy(rolling_update=rolling),
    )
    return spec.surge(), spec.unavailable()


@exercise("cloud-native/rollout/bounds", title=N_("Ceiling and floor"))
def bounds(rng: random.Random) -> Problem:
    """At least one of the two is a share that does not come out even."""
    while True:
        replicas = rng.randrange(3, 25)
        surge, unavailable = rng.choice(SHARES + NUMBERS), rng.choice(SHARES + NUMBERS)
        shares = [int(word[:-1]) for word in (surge, unavailable) if word.endswith("%")]
        if any(replicas * share % 100 for share in shares):
            break
    more, fewer = spec_of(replicas, surge, unavailable)
    ceiling = rng.random() < 0.5
    answer = replicas + more if ceiling else replicas - fewer
    asked = (
        _("How many pods does the controller want at most, those being deleted left out?")
        if ceiling
        else _("How many pods have to stay available, at the least?")
    )
    share = surge if ceiling else unavailable
    exact = replicas * int(share[:-1]) / 100 if share.endswith("%") else float(share)
    return Problem(
        prompt=_(
            "A deployment with replicas: {replicas}, maxSurge: {surge}, maxUnavailable:"
            " {unavailable} gets a new image.\n{asked}"
        ).format(replicas=replicas, surge=surge, unavailable=unavailable, asked=asked),
        expects=_("A number of pods, such as 12."),
        answer=answer,
        read=whole,
        explain=recognise(
            _mistakes(replicas, more, fewer, exact, ceiling),
            _("Which of the two settings is asked for, and which way is it rounded?"),
        ),
        hints=(
            _("The ceiling is replicas + maxSurge, the floor replicas − maxUnavailable."),
            _("A share is of replicas. It need not come out even: {exact} pods here.").format(
                exact=f"{exact:g}"
            ),
            _("maxSurge is rounded up, maxUnavailable down: both keep more pods alive."),
        ),
        solution=_("{replicas} {sign} {pods} = {answer}: {exact} is {way}.").format(
            replicas=replicas,
            sign="+" if ceiling else "−",
            pods=more if ceiling else fewer,
            answer=answer,
            exact=f"{exact:g}",
            way=_("rounded up") if ceiling else _("rounded down"),
        ),
    )


def _mistakes(replicas: int, more: int, fewer: int, exact: float, ceiling: bool) -> list[Mistake]:
    down, up = int(exact), int(exact) + (exact % 1 > 0)
    return [
        (
            replicas - fewer if ceiling else replicas + more,
            _("That is the other bound."),
        ),
        (
            replicas + down if ceiling else replicas - up,
            _("Rounded the wrong way: maxSurge up, maxUnavailable down."),
        ),
        (replicas, _("That is how many there are when nothing is being updated.")),
    ]
