"""How many requests are being served at once."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.sli.event import Event
from lab_kernel.sre.sli.indicator import Tally


def concurrency(rate: int, milliseconds: int) -> float:
    """Of ten seconds of such requests, as the indicator has it."""
    tally = Tally(lambda _event: True)
    for n in range(rate * 10):
        tally.add(Event(n / rate, milliseconds / 1000))
    return tally.concurrency(10)


@exercise("sre/sli/little", title=N_("How busy is it?"))
def little(rng: random.Random) -> Problem:
    """Saturation in whole per cents, below 100."""
    while True:
        rate, time = rng.randrange(10, 81, 5), rng.choice((20, 25, 40, 50, 80, 100, 120, 150, 200))
        capacity = rng.choice((4, 5, 8, 10, 16, 20))
        busy = concurrency(rate, time)
        percent = 100 * busy / capacity
        if 5 < percent < 100 and abs(percent - round(percent)) < 1e-6 and round(percent) != rate:
            break
    answer = round(percent)
    mistakes: list[Mistake] = [
        (round(busy), _("So many are in service at once. What share of the capacity is that?")),
        (
            round(100 * rate / capacity),
            _("Rate by capacity: a request is in service for a part of a second only."),
        ),
        (100 - answer, _("That is what is free.")),
        (round(rate * time / capacity), _("Milliseconds: divide by 1,000 before multiplying.")),
        (10 * answer, _("A factor of ten: {time} ms are {seconds} s.").format(
            time=time, seconds=f"{time / 1000:g}")),
    ]  # fmt: skip
    return Problem(
        prompt=_(
            "A log has {rate} requests a second, and a request took {time} ms in the mean. The"
            " service can work on {capacity} at once. How saturated is it, in per cent?"
        ).format(rate=rate, time=time, capacity=capacity),
        expects=_("A whole number, in per cent."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("First how many are in service at once; divide that by the capacity.")
        ),
        hints=(
            _("Little's law: how many are inside = how many come a second × how long they stay."),
            _("How long they stay, in seconds: {seconds}.").format(seconds=f"{time / 1000:g}"),
            _("{busy} are in service at once.").format(busy=f"{busy:g}"),
        ),
        solution=_("{rate} × {seconds} = {busy} at once; of {capacity} that is {answer}%.").format(
            rate=rate,
            seconds=f"{time / 1000:g}",
            busy=f"{busy:g}",
            capacity=capacity,
            answer=answer,
        ),
    )
