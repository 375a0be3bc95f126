"""When a breaker opens."""

from __future__ import annotations

import random
from math import ceil

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.breaker import OPEN, CircuitBreaker

MARKS = {True: "○", False: "×"}
LENGTH = 16


def opens(results: list[bool], window: int, minimum: int, threshold: float) -> int | None:
    """The number of the result with which it opens; None: with none of these."""
    breaker = CircuitBreaker(
        lambda: 0, window=window, minimum=minimum, threshold=max(1, ceil(threshold))
    )
    for number, success in enumerate(results, 1):
        breaker.record(breaker.permit() or 0, success)
        if breaker.state == OPEN:
            return number
    return None


@exercise("microservices/resilience/breaker", title=N_("When does it open?"))
def breaker(rng: random.Random) -> Problem:
    """Drawn until it opens neither as soon as it can nor never."""
    while True:
        window = rng.randrange(4, 11)
        minimum = rng.randrange(3, window + 1)
        threshold = rng.choice((40, 50, 60, 75))
        results = [rng.random() < 0.55 for _result in range(LENGTH)]
        found = opens(results, window, minimum, threshold)
        if found is not None and found > minimum:
            break
    answer = found
    recent = results[max(0, answer - window) : answer]
    before = results[max(0, answer - 1 - window) : answer - 1]
    return Problem(
        prompt=_(
            "A circuit breaker has a window of the last {window} calls, a minimum of {minimum}, and"
            " a threshold of {threshold}%. It is closed, and has no results yet. One call follows"
            " the other:\n{results}\n○ is a success, × a failure. After which call does it open?"
        ).format(
            window=window,
            minimum=minimum,
            threshold=threshold,
            results=" ".join(MARKS[each] for each in results),
        ),
        expects=_("The number of a call, counted from 1."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    opens(results, window, 1, threshold),
                    _("Until the minimum is reached it does not open, however many fail."),
                ),
                (
                    opens(results, window, minimum, threshold + 0.001),
                    _("It opens when the threshold is reached, not only above it."),
                ),
                (
                    opens(results, LENGTH, minimum, threshold),
                    _("Only the last {window} calls count; older ones are forgotten.").format(
                        window=window
                    ),
                ),
                (
                    opens(results, window, window, threshold),
                    _("The window need not be full: the minimum is enough."),
                ),
                (
                    answer + 1,
                    _("That call is not sent any more."),
                ),
            ],
            _("After each call: how many of the last {window} failed?").format(window=window),
        ),
        hints=(
            _("It looks after each call, from call {minimum} on, at the last {window}.").format(
                minimum=minimum, window=window
            ),
            _("With {window} results it takes {needed} failures.").format(
                window=window, needed=ceil(window * threshold / 100)
            ),
            _("After call {n} it is still closed: {failed} of {all} have failed.").format(
                n=answer - 1, failed=before.count(False), all=len(before)
            ),
        ),
        solution=_("After call {n}, {failed} of the last {all} have failed: {percent}%.").format(
            n=answer,
            failed=recent.count(False),
            all=len(recent),
            percent=f"{100 * recent.count(False) / len(recent):.4g}",
        ),
    )
