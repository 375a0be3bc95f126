"""In how many pieces does the kernel copy a user's buffer?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.kernel.paging import PAGE_SIZE
from lab_kernel.language import N_, _


@exercise("kernel/modes/pieces", title=N_("How many pieces?"))
def pieces(rng: random.Random) -> Problem:
    """A buffer that begins somewhere in a page, and one page more than its length suggests."""
    while True:
        page = rng.randrange(0x400, 0x4F0)
        offset = rng.randrange(0x80, 0xFF0, 0x10)
        count = rng.randrange(0x1000, 0x5000, 0x100)
        address = page * PAGE_SIZE + offset
        last = address + count - 1
        answer = last // PAGE_SIZE - page + 1
        rounded = -(-count // PAGE_SIZE)
        if answer != rounded:
            break
    return Problem(
        prompt=_(
            "A program calls write(1, {address:#x}, {count:#x}): {count} bytes from that address."
            " Pages have 4,096 bytes, and all of them are mapped. The kernel copies from one page"
            " at a time. In how many pieces does it copy the buffer?"
        ).format(address=address, count=count),
        expects=_("A whole number of pieces."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    rounded,
                    _(
                        "That would do if the buffer began where a page begins. It begins"
                        " {offset:#x} bytes further on."
                    ).format(offset=offset),
                ),
                (1, _("Neighbouring pages of a program may lie in frames far apart.")),
                (count, _("Not byte by byte: a page lies in one frame from end to end.")),
                (
                    last // PAGE_SIZE - page,
                    _("That is how many borders it crosses. The pieces are one more."),
                ),
            ],
            _("From page {first:#x} to page {last:#x}, both included.").format(
                first=page, last=last // PAGE_SIZE
            ),
        ),
        hints=(
            _("In which page is the first byte, and in which the last?"),
            _("The last byte is at {last:#x}. A page's number is the address without its last three"
              " hexadecimal digits.").format(last=last),
            _("From page {first:#x} to page {last:#x}, both included.").format(
                first=page, last=last // PAGE_SIZE
            ),
        ),
        solution=_(
            "First byte at {address:#x}, last at {last:#x}: pages {first:#x} to {end:#x}, {answer}"
            " pieces."
        ).format(address=address, last=last, first=page, end=last // PAGE_SIZE, answer=answer),
    )  # fmt: skip
