"""Which work belongs into the top half?"""

from __future__ import annotations

import random
import re
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.language import N_, _

# (what, why it belongs there): the device or the data cannot wait.
TOP = (
    (
        N_("read the status register, which quiets the device"),
        N_("else the line stays up and interrupts again at once"),
    ),
    (
        N_("empty a FIFO of 16 bytes that the next bytes would overrun"),
        N_("the device cannot make the world wait"),
    ),
    (
        N_("find out which of two devices on the line it was"),
        N_("the other one's driver may be meant"),
    ),
    (N_("note what is left to do, for later"), N_("that is how the rest gets done at all")),
)
BOTTOM = (
    (N_("put the bytes received together into lines"), N_("they are safe in memory and can wait")),
    (
        N_("copy a block of 512 bytes word by word"),
        N_("256 slow accesses would hold up every line"),
    ),
    (
        N_("compute the checksum of a received packet"),
        N_("that takes long, and the packet is safe"),
    ),
    (
        N_("choose the next request by the elevator and start it"),
        N_("the disk waits a moment, other devices need not"),
    ),
    (
        N_("wake the process that waits for the data"),
        N_("it cannot run before the halves are over"),
    ),
)
LETTERS = "abcdef"


def letters(given: Any) -> str:
    """``ac``, ``a, c`` or ``c a``: the letters in order."""
    text = re.sub(r"[\s,]+", "", str(given).lower())
    if not text or not set(text) <= set(LETTERS):
        message = _("“{given}” is not a row of letters such as ad")
        raise BadInput("answer", message.format(given=given))
    return "".join(sorted(set(text)))


@exercise("kernel/drivers/halves", title=N_("Which half does it?"))
def halves(rng: random.Random) -> Problem:
    """Two or three for the top half, three or two for the bottom half."""
    tops = rng.sample(TOP, rng.choice((1, 2, 3)))
    works = [(*work, True) for work in tops]
    works += [(*work, False) for work in rng.sample(BOTTOM, 5 - len(tops))]
    rng.shuffle(works)
    named = list(zip(LETTERS, works, strict=False))
    answer = "".join(letter for letter, work in named if work[2])

    def why(letter: str) -> str:
        what, reason, top = dict(named)[letter]
        text = (
            _("{letter} ({what}) belongs into the top half: {reason}.")
            if top
            else _("{letter} ({what}) belongs into the bottom half: {reason}.")
        )
        return text.format(letter=letter, what=_(what), reason=_(reason))

    def explain(wrong: str) -> str:
        off = sorted(set(wrong) ^ set(answer))
        known = [letter for letter in off if letter in dict(named)]
        return why(known[0]) if known else _("There is no such letter above.")

    return Problem(
        prompt=_("An interrupt has come. Which of these belong into the top half?")
        + "\n"
        + "\n".join(f"{letter}) {_(work[0])}" for letter, work in named),
        expects=_("The letters, such as ad."),
        answer=answer,
        read=letters,
        explain=explain,
        hints=(
            _("The top half does what cannot wait, and nothing else."),
            _("Would the device interrupt again, or lose something, if this waited a while?"),
            _("It is {count} of the five.").format(count=len(answer)),
        ),
        solution=" ".join(why(letter) for letter, _work in named),
    )
