"""Up to which load a service comes back by itself."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.metastable import vulnerable


def safe(capacity: int, attempts: int) -> int:
    """The largest whole load below the capacity at which it comes back by itself."""
    return max(load for load in range(capacity) if not vulnerable(load, capacity, attempts))


@exercise("microservices/resilience/stuck", title=N_("Does it come back?"))
def stuck(rng: random.Random) -> Problem:
    """Capacities for which a request takes a whole number of milliseconds."""
    work, replicas = rng.choice((4, 5, 8, 10, 20, 25)), rng.choice((1, 2, 3))
    each, attempts = 1000 // work, rng.randrange(2, 6)
    capacity = each * replicas
    answer = safe(capacity, attempts)
    return Problem(
        prompt=_(
            "Pods: {n}, each of which does one request after the other\nA request takes: {work}"
            " ms\nmaxAttempts: {attempts}\nThere is no budget, and the queues have no bound. A"
            " trouble has filled them, and is over now. What is the largest whole number of"
            " requests a second at which all tries together are fewer than the pods can do, so that"
            " the queues become empty again by themselves?"
        ).format(work=work, n=replicas, attempts=attempts),
        expects=_("Requests a second, such as 30."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    capacity - 1,
                    _("At that load it is well as long as nothing fails. Now everything fails."),
                ),
                (capacity, _("That is what the pods can do; the tries have to be fewer.")),
                (
                    capacity // attempts,
                    _("There the tries are exactly what the pods can do, and the queues stay."),
                ),
                (
                    safe(capacity, attempts - 1) if attempts > 2 else None,
                    _("The first try counts, too."),
                ),
                (
                    safe(each, attempts) if replicas > 1 else None,
                    _("That is what one of the pods can take."),
                ),
            ],
            _("Compare what arrives, all tries counted, with what can be done."),
        ),
        hints=(
            _("When every answer comes too late, every request is tried as often as allowed."),
            _("The pods do {capacity} a second: {n} × 1000 / {work}.").format(
                capacity=capacity, n=replicas, work=work
            ),
            _("Load × {attempts} has to be less than {capacity}.").format(
                attempts=attempts, capacity=capacity
            ),
        ),
        solution=_(
            "{answer} × {attempts} = {tries} < {capacity}; one more a second would be {more}."
        ).format(
            answer=answer,
            attempts=attempts,
            tries=answer * attempts,
            capacity=capacity,
            more=(answer + 1) * attempts,
        ),
    )
