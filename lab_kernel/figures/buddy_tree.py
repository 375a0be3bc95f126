"""Blocks that halve and halve again, one strip per order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab_kernel.figures import strip
from lab_kernel.figures.axes import Scale
from lab_kernel.figures.canvas import NARROW, PAD, Canvas
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.strip import Block, Strip
from lab_kernel.figures.text import widest
from lab_kernel.language import _

_GAP = 20  # between strips, for the lines from a block to its halves


def buddy_tree(
    orders: Sequence[Strip],
    *,
    title: str,
    description: str,
    states: Sequence[str] = (),
    address: Callable[[int], str] = str,
    width: int = NARROW,
) -> Figure:
    """The blocks of each order in a strip of their own, the largest order first, to scale.

    Give each order as a Strip: its caption (``order 3``) and the blocks of that size, with those
    that were split among them, under a state of their own. From a split block lines lead to its
    halves in the strip below. Otherwise as ``blocks``.
    """
    strip.check("orders", orders)
    canvas = Canvas(width, title)
    if not any(order.blocks for order in orders):
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    look = strip.legend(canvas, orders, states)
    left = PAD + round(widest(*(order.caption for order in orders))) + 12
    across = strip.scale(orders, left, canvas.right)
    above: Sequence[Block] = ()
    bottom = canvas.y
    for order in orders:
        for block in order.blocks:
            _branch(canvas, block, above, across, bottom)
        canvas.text(PAD, canvas.y + strip.HIGH / 2, order.caption)
        above, bottom = order.blocks, canvas.y + strip.HIGH + 0.5
        strip.draw(canvas, order.blocks, look, across)
        canvas.y += _GAP
    canvas.y -= _GAP - 4
    strip.addresses(canvas, orders, across, address)
    return canvas.figure(description)


def _branch(
    canvas: Canvas, half: Block, above: Sequence[Block], across: Scale, bottom: float
) -> None:
    """A line from the block of twice the size that this one is a half of, if it is there."""
    for whole in above:
        if whole.size == 2 * half.size and half.address - whole.address in (0, half.size):
            ends = [across(block.address + block.size / 2) for block in (whole, half)]
            canvas.path([(ends[0], bottom), (ends[1], canvas.y + 0.5)], "lk-hair")
