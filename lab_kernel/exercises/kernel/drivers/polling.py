"""Looking, or being told: what does the cheaper one cost?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

WINDOW = 1000


@exercise("kernel/drivers/polling", title=N_("Look, or be told?"))
def polling(rng: random.Random) -> Problem:
    """Now the one is cheaper, now the other."""
    while True:
        interval, look = rng.choice((10, 20, 25, 50)), rng.choice((2, 3, 4))
        events, interrupt = rng.choice((2, 5, 8, 20, 40)), rng.choice((6, 8, 10, 12))
        polls, told = WINDOW // interval * look, events * interrupt
        if polls != told and min(polls, told) not in (events * look, WINDOW // interval):
            break
    answer = min(polls, told)
    mistakes: list[Mistake] = [
        (max(polls, told), _("That is what the dearer one takes.")),
        (
            events * look,
            _("A look is made whether or not something has come: {looks} of them.").format(
                looks=WINDOW // interval
            ),
        ),
        (
            WINDOW // interval,
            _("That is the number of looks. Each takes {look} ticks.").format(look=look),
        ),
        (events, _("That is the number of interrupts. Each takes time.")),
        (abs(polls - told), _("That is the difference of both.")),
    ]
    return Problem(
        prompt=_(
            "In 1,000 ticks a device has something to tell {events} times. Polling looks every"
            " {interval} ticks, and a look takes {look} ticks. An interrupt takes {interrupt}"
            " ticks, both halves together. How many of the 1,000 ticks does the cheaper way take?"
        ).format(events=events, interval=interval, look=look, interrupt=interrupt),
        expects=_("A whole number of ticks."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Work out both, then take the smaller.")),
        hints=(
            _("What does each of the two depend on: the events, or the time?"),
            _("Polling looks {looks} times.").format(looks=WINDOW // interval),
            _("Interrupts take {events} × {interrupt} ticks.").format(
                events=events, interrupt=interrupt
            ),
        ),
        solution=_(
            "Polling: {looks} × {look} = {polls}. Interrupts: {events} × {interrupt} = {told}."
            " The cheaper one takes {answer}."
        ).format(
            looks=WINDOW // interval,
            look=look,
            polls=polls,
            events=events,
            interrupt=interrupt,
            told=told,
            answer=answer,
        ),
    )
