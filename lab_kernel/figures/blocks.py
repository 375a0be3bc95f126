"""A heap over several steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab_kernel.figures import strip
from lab_kernel.figures.canvas import NARROW, PAD, Canvas
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.strip import Strip
from lab_kernel.figures.text import LINE, wrap
from lab_kernel.language import _


def blocks(
    steps: Sequence[Strip],
    *,
    title: str,
    description: str,
    states: Sequence[str] = (),
    address: Callable[[int], str] = str,
    width: int = NARROW,
) -> Figure:
    """A strip of blocks for each step, under its caption, to scale.

    The same address stands at the same place in every strip, so a hole is seen to open and
    close. A block shows its label, or its size without one; what does not fit inside stands
    below with a line to its block. Below the strips run the addresses. ``states`` fixes the order
    in which states take their looks. No block at all: a picture that says so. BadInput: a block
    without size, two that overlap in one strip, more than 2,000.
    """
    strip.check("steps", steps)
    canvas = Canvas(width, title)
    if not any(step.blocks for step in steps):
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    look = strip.legend(canvas, steps, states)
    across = strip.scale(steps, PAD, canvas.right)
    for step in steps:
        lines = wrap(step.caption, canvas.inner)
        if step.caption:
            canvas.text(PAD, canvas.y + LINE * len(lines) / 2, *lines)
            canvas.y += LINE * len(lines) + 4
        strip.draw(canvas, step.blocks, look, across)
        canvas.y += 12
    canvas.y -= 8
    strip.addresses(canvas, steps, across, address)
    return canvas.figure(description)
