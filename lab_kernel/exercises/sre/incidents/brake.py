"""In which second an experiment is stopped."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.incidents import experiment
from lab_kernel.sre.incidents.experiment import Second

CAME = 20
SECONDS = 10


def drawn(rng: random.Random) -> tuple[list[int], int, int]:
    """Good ones of each second, the window, the threshold in per cent: one low second does not
    stop it, and it is stopped before the end."""
    while True:
        window, abort = rng.choice((2, 3, 4)), rng.choice((80, 85, 90))
        good = [rng.randrange(17, CAME + 1) for _second in range(SECONDS)]
        good[rng.randrange(1, 4)] -= rng.randrange(2, 6)
        fall = rng.randrange(3, 8)
        good[fall:] = [rng.randrange(8, 17) for _second in good[fall:]]
        stopped, alone = (_stopped(good, each, abort) for each in (window, 1))
        if stopped and alone and window < stopped < SECONDS and alone < stopped:
            return good, window, abort


def _stopped(good: list[int], window: int, abort: int) -> int | None:
    seconds = [Second(CAME, each) for each in good]
    return experiment.brake(seconds, window, abort / 100)


@exercise("sre/incidents/brake", title=N_("When does the brake act?"))
def brake(rng: random.Random) -> Problem:
    """The brake is the experiment's own."""
    good, window, abort = drawn(rng)
    answer = _stopped(good, window, abort) or 0
    least = window * CAME * abort / 100
    sums = {end: sum(good[end - window : end]) for end in range(window, SECONDS + 1)}
    return Problem(
        prompt=_(
            "In an experiment {came} requests come each second. So many of them are good, from"
            " second 1 on:\n{good}\nAfter each second the last {window} seconds are looked at"
            " together, for the first time after second {window}. The fault is taken back when"
            " fewer than {abort}% of their requests are good. After which second is that?"
        ).format(came=CAME, good=" ".join(map(str, good)), window=window, abort=abort),
        expects=_("The number of a second, such as 7."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    _stopped(good, 1, abort),
                    _("That second is low by itself. The brake looks at {window} together.").format(
                        window=window
                    ),
                ),
                (answer + 1, _("It acts one second before.")),
                (
                    answer - window + 1,
                    _("There its window begins. It acts when the window is over."),
                ),
                (
                    answer - 1,
                    _("There the last {window} still have {sum} good ones.").format(
                        window=window, sum=sums.get(answer - 1, "-")
                    ),
                ),
            ],
            _("Add the last {window} seconds, second by second.").format(window=window),
        ),
        hints=(
            _("A window of {window} seconds has {all} requests.").format(
                window=window, all=window * CAME
            ),
            _("{abort}% of {all} are {least}: fewer good ones than that stop it.").format(
                abort=abort, all=window * CAME, least=f"{least:g}"
            ),
            _("After second {second} the sum is {sum}, which is still enough.").format(
                second=answer - 1, sum=sums[answer - 1]
            ),
        ),
        solution=_(
            "After second {second} the last {window} have {sum} good ones, fewer than {least} for"
            " the first time."
        ).format(second=answer, window=window, sum=sums[answer], least=f"{least:g}"),
    )
