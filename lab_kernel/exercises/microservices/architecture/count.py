"""Services, pods and processes: which number is asked for?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("microservices/architecture/count", title=N_("How many are there?"))
def count(rng: random.Random) -> Problem:
    """A service is a logical unit; its replicas are pods; a pod has processes."""
    names = rng.sample(["catalog", "cart", "orders", "stock", "payment"], rng.randrange(2, 5))
    replicas = {name: rng.randrange(1, 7) for name in names}
    workers = rng.randrange(2, 9)
    pods = sum(replicas.values())
    asked, answer = rng.choice((
        (_("How many microservices are there?"), len(names)),
        (_("How many pods are there?"), pods),
        (_("How many processes are there, with the first one of each pod?"), pods * (1 + workers)),
        (_("How many requests can be worked on at the same time?"), pods * workers),
    ))  # fmt: skip
    mistakes: list[Mistake] = [
        (len(names), _("That is how many services there are, whatever their replicas.")),
        (pods, _("That is how many pods there are: all replicas.")),
        (pods * workers, _("That is how many workers there are, in all pods.")),
        (pods * (1 + workers), _("Those are all processes. The first one of a pod serves nobody.")),
    ]
    return Problem(
        prompt=_(
            "Replicas: {replicas}. In each pod a first process has started {workers} workers, of"
            " which each works on one request at a time. {asked}"
        ).format(
            replicas=", ".join(f"{name} {number}" for name, number in replicas.items()),
            workers=workers,
            asked=asked,
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            [each for each in mistakes if each[0] != answer],
            _("Services have replicas, replicas are pods, pods have processes."),
        ),
        hints=(
            _("A service is what has a name and is deployed by itself. Its replicas are pods."),
            _("{services} services, {pods} pods in all.").format(services=len(names), pods=pods),
            _("In each pod there are 1 + {workers} processes.").format(workers=workers),
        ),
        solution=_(
            "{services} services, {pods} pods, {processes} processes, {workers} workers: so"
            " {answer}."
        ).format(
            services=len(names),
            pods=pods,
            processes=pods * (1 + workers),
            workers=pods * workers,
            answer=answer,
        ),
    )
