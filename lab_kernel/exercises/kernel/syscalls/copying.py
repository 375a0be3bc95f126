"""How many system calls does it take to copy a file?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

OPENS = CLOSES = 2


def calls(size: int, buffer: int) -> int:
    """Two files opened and closed, two calls for each piece, and a read that finds none."""
    pieces = -(-size // buffer)
    return OPENS + 2 * pieces + 1 + CLOSES


@exercise("kernel/syscalls/copying", title=N_("How many calls is a copy?"))
def copying(rng: random.Random) -> Problem:
    """A copy loop with a buffer: the last piece is short, and the end costs one read more."""
    buffer = rng.choice((512, 1024, 2048, 4096))
    size = buffer * rng.randrange(2, 12) + rng.randrange(1, buffer)
    pieces = -(-size // buffer)
    answer = calls(size, buffer)
    mistakes: list[Mistake] = [
        (
            answer - 1,
            _("How does the program learn that the file has ended? A read returns 0."),
        ),
        (2 * pieces, _("The files have to be opened and closed, and a read has to find the end.")),
        (
            2 * pieces + 1,
            _("That is the loop. The two files have to be opened and closed as well."),
        ),
        (
            answer - 2,
            _("The last piece is short, but it takes a read and a write like the others."),
        ),
        (
            answer - 3,
            _("The last piece is short, and after it one more read returns 0: both count."),
        ),
        (2 * size + 5, _("A call moves up to {buffer} bytes, not one.").format(buffer=buffer)),
    ]
    return Problem(
        prompt=_(
            "A program copies a file of {size:,} bytes. It opens both files, then reads into a"
            " buffer of {buffer:,} bytes and writes what it got until a read returns 0, and closes"
            " both. No call is interrupted and no write is short. How many system calls are that?"
        ).format(size=size, buffer=buffer),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("Count apart: opens, reads, writes, closes. Then add them up.")
        ),
        hints=(
            _("How many pieces does the file fall into? The last one may be short."),
            _("Each piece is a read and a write. What does the read after the last one return?"),
            _("{pieces} pieces: {pieces} writes, {reads} reads.").format(
                pieces=pieces, reads=pieces + 1
            ),
        ),
        solution=_(
            "{size:,} bytes are {pieces} pieces of at most {buffer:,}: {reads} reads, the last of"
            " which returns 0, and {pieces} writes. With 2 opens and 2 closes {answer} calls."
        ).format(size=size, pieces=pieces, buffer=buffer, reads=pieces + 1, answer=answer),
    )
