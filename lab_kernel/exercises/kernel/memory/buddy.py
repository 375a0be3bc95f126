"""Where is a block's buddy?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.buddy import buddy_of, parent_of
from lab_kernel.language import N_, _


@exercise("kernel/memory/buddy", title=N_("Find the buddy"))
def buddy(rng: random.Random) -> Problem:
    """One XOR. Half of the buddies lie below, where adding goes wrong."""
    order = rng.randint(1, 5)
    size = 1 << order
    pfn = rng.randrange(1, 16) * size
    own = buddy_of(pfn, order)
    mistakes: list[Mistake] = [
        (pfn, _("That is the block itself.")),
        (
            parent_of(pfn, order),
            _("That is where the two begin together. It is the block itself, not its buddy."),
        ),
        (
            pfn + size,
            _("The next block is not always the buddy: these two do not halve one larger block."),
        ),
        (
            pfn - size,
            _("The block before is not always the buddy: these two do not halve one larger block."),
        ),
        (
            pfn ^ order,
            _(
                "That flips the bits of the order itself. The bit to flip is 1 << order, which is"
                " {size}."
            ).format(size=size),
        ),
        (
            pfn ^ 1,
            _("That flips bit 0: right for order 0, but this block has order {order}.").format(
                order=order
            ),
        ),
        (pfn ^ size >> 1, _("That flips the bit below. Counting begins at bit 0.")),
        (pfn ^ size << 1, _("That flips the bit above. Counting begins at bit 0.")),
    ]
    return Problem(
        prompt=_(
            "In a buddy allocator a block of order {order}, which is {size} page frames, begins"
            " at frame"
            " {pfn}. At which frame number does its buddy begin?"
        ).format(order=order, size=size, pfn=pfn),
        expects=_("A frame number."),
        answer=own,
        read=whole,
        explain=recognise(
            mistakes, _("A block and its buddy differ in a single bit of their frame numbers.")
        ),
        hints=(
            _(
                "The buddy is the other half of the block of twice the size. It can lie above or"
                " below."
            ),
            _("Write {pfn} in binary and flip one bit: pfn ^ (1 << order).").format(pfn=pfn),
            _(
                "In binary, {pfn} is {binary}. Flip bit {order}, counted from 0 at the right."
            ).format(pfn=pfn, binary=f"{pfn:b}", order=order),
        ),
        solution=_(
            "{pfn} ^ (1 << {order}) = {pfn} ^ {size} = {own}. Together they begin at frame"
            " {parent} and"
            " have {double} frames."
        ).format(
            pfn=pfn, order=order, size=size, own=own, parent=parent_of(pfn, order), double=2 * size
        ),
    )
