"""How many bytes are lost while nobody looks?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("kernel/drivers/overrun", title=N_("How many bytes are lost?"))
def overrun(rng: random.Random) -> Problem:
    """Sometimes none."""
    fifo, gap = rng.choice((4, 8, 16)), rng.choice((5, 10, 20))
    came = fifo + rng.choice((-2, 2, 3, 5, 7, 11))
    away = came * gap + gap // 2
    answer = max(0, came - fifo)
    mistakes: list[Mistake] = [
        (came, _("So many came. The first {fifo} of them found room.").format(fifo=fifo)),
        (fifo, _("So many the FIFO keeps.")),
        (away, _("Those are ticks, not bytes.")),
        (fifo - came, _("There was room for {room} more.").format(room=fifo - came)),
        (answer - 1, _("One more: the byte that finds the FIFO full is lost, and so is the next.")),
        (answer + 1, _("One fewer: the last byte that fits is not lost.")),
    ]
    return Problem(
        prompt=_(
            "A serial device has a FIFO for {fifo} bytes, empty now. A byte comes every {gap}"
            " ticks, the first in {gap} ticks. The kernel has interrupts off for {away} ticks. How"
            " many bytes are lost?"
        ).format(fifo=fifo, gap=gap, away=away),
        expects=_("A whole number of bytes; 0 if none is lost."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Count what comes, and take off what the FIFO holds.")),
        hints=(
            _("How many bytes come in {away} ticks?").format(away=away),
            _("{away} / {gap}, rounded down: {came} bytes.").format(away=away, gap=gap, came=came),
            _("Of {came} bytes the FIFO can keep {fifo}.").format(came=came, fifo=fifo),
        ),
        solution=_("{came} bytes come, {fifo} have room: {answer} lost.").format(
            came=came, fifo=fifo, answer=answer
        ),
    )
