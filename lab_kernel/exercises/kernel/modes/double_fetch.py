"""How many bytes does the kernel copy when somebody changes the length under its hands?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.double_fetch import BUFFER, careful, careless, race
from lab_kernel.language import N_, _

SAYS = {
    "fetch": N_("the kernel reads the length"),
    "check": N_("the kernel checks what it has read"),
    "fetch again": N_("the kernel reads the length again"),
    "copy": N_("the kernel copies as many bytes as it has read last"),
    "write": N_("another thread writes {then} as the length"),
}


@exercise("kernel/modes/double-fetch", title=N_("How many bytes are copied?"))
def double_fetch(rng: random.Random) -> Problem:
    """The order is given; the reader follows the number."""
    handler = rng.choice((careless, careless, careful))
    first, then = rng.randrange(4, BUFFER + 1), rng.randrange(2 * BUFFER, 250)
    if rng.random() < 0.2:
        first, then = then, first
    steps = 5 if handler is careless else 4
    order = race(handler, 0, 0, rng.randrange(0, steps)).steps
    found = race(handler, first, then, order.index("write"))
    answer = found.copied or 0
    mistakes: list[Mistake] = []
    for wrong, why in (
        (
            then,
            _("Which number did the kernel read last, before the other thread's write or after?"),
        ),
        (first, _("Is that still what stands there when the kernel reads it for the last time?")),
        (BUFFER, _("The check refuses what is too long; it does not cut it down.")),
        (0, _("What did the kernel check: the number that was there at that moment?")),
    ):
        mistakes.append((wrong, why))
    lines = "\n".join(f"{n}. {_(SAYS[step]).format(then=then)}" for n, step in enumerate(order, 1))
    seen = (
        _("The check saw a number above {room}: refused with EINVAL, 0 bytes.").format(room=BUFFER)
        if found.copied is None
        else _("The check saw at most {room}, and what was read last was {answer}.").format(
            room=BUFFER, answer=answer
        )
    )
    return Problem(
        prompt=_(
            "A request in the program's memory says that it is {first} bytes long. The kernel has"
            " room for {room}; its check answers EINVAL for more, and then nothing is copied. In"
            " this order:\n{lines}\nHow many bytes are copied?"
        ).format(first=first, room=BUFFER, lines=lines),
        expects=_("A whole number of bytes; 0 if the call is refused."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Follow the length from line to line.")),
        hints=(
            _("Write down what the length is at each line, and what the kernel remembers."),
            _("What counts is the number at the check, and the number that was read last."),
            seen,
        ),
        solution=seen
        + (
            " " + _("That is more than fits: memory of the kernel is overwritten.")
            if found.overflow
            else ""
        ),
    )
