"""When is a program that crashes started again?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.container import FIRST_BACKOFF, LONGEST_BACKOFF, Backoff
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


def starts(runs: int, count: int) -> list[int]:
    """When the first ``count`` starts are, in s, of a program that ends ``runs`` s after each."""
    backoff, times = Backoff(), [0]
    while len(times) < count:
        pause = backoff.next() // 1000 if len(times) > 1 else 0
        times.append(times[-1] + runs + pause)
    return times


@exercise("cloud-native/reconciliation/restarts", title=N_("When is it started again?"))
def restarts(rng: random.Random) -> Problem:
    """A crash loop: at once, then after 10 s, 20 s, 40 s ... 300 s."""
    runs, number = rng.randrange(2, 30), rng.randrange(4, 9)
    times = starts(runs, number)
    answer = times[-1]
    pauses = [min(FIRST_BACKOFF << n, LONGEST_BACKOFF) // 1000 for n in range(number - 2)]
    unbounded = [10 << n for n in range(number - 2)]
    also_first = [min(10 << n, 300) for n in range(number - 1)]
    mistakes: list[Mistake] = [
        (
            sum(pauses),
            _("The program runs for {runs} s each time; that counts, too.").format(runs=runs),
        ),
        (answer + runs, _("That is when it ends for that time.")),
        (
            sum(also_first) + runs * (number - 1),
            _("The first time it is started again at once; only then the pauses begin."),
        ),
        (10 * (number - 2) + runs * (number - 1), _("The pause doubles each time.")),
        (starts(runs, number + 1)[-1], _("That is one start further.")),
        (starts(runs, number - 1)[-1], _("That is one start earlier.")),
    ]
    if unbounded != pauses:
        mistakes.insert(
            0,
            (sum(unbounded) + runs * (number - 1), _("No pause is longer than 300 s.")),
        )
    return Problem(
        prompt=_(
            "A container with restartPolicy: Always starts at second 0, and its program crashes"
            " {runs} s after each start. The kubelet starts it again at once after the first crash,"
            " then after pauses that begin with 10 s, double, and are 300 s at most. In which"
            " second is start number {number} (the first one is number 1)?"
        ).format(runs=runs, number=number),
        expects=_("A whole number of seconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Write down the starts one by one.")),
        hints=(
            _("Between two starts lie the time that the program runs, and a pause."),
            _("The pauses are 0, 10, 20, 40 ... How many of them are there before that start?"),
            _("The start before is in second {second}.").format(second=times[-2]),
        ),
        solution=_("Pauses: {pauses} s, and {count} times {runs} s. Starts: {times}.").format(
            pauses=", ".join(map(str, [0, *pauses])),
            count=number - 1,
            runs=runs,
            times=", ".join(map(str, times)),
        ),
    )
