"""Steps that go to and fro between places, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lab_kernel.errors import BadInput
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import Look, looks
from lab_kernel.figures.text import LINE, wrap
from lab_kernel.language import _

_GAP = 16  # between two steps, where the arrow is
_BETWEEN = 20  # between two lanes
_MOST = 60


@dataclass(frozen=True, slots=True)
class Step:
    """What happens in lane number ``lane``; ``state`` (done, refused) gives its look."""

    lane: int
    words: str
    state: str


class _Box(NamedTuple):
    x: float
    y: float
    width: float
    height: float


def lanes(
    heads: Sequence[str],
    steps: Sequence[Step],
    *,
    title: str,
    description: str,
    states: Sequence[str] = (),
    quiet: str = "",
    width: int = NARROW,
) -> Figure:
    """A box for each step in the column of its lane, and an arrow from each to the next.

    The border between two lanes is a dashed line, so crossing it is seen. Steps of the state
    ``quiet`` (those that did not happen) are dashed, and the arrow goes round them. ``states``
    fixes the order in which states take their looks. No step: a picture that says so. BadInput: a
    step in a lane that is not there, more than 60.
    """
    at_most("steps", len(steps), _MOST)
    if any(not 0 <= step.lane < len(heads) for step in steps):
        raise BadInput("steps", _("there is no such lane"))
    canvas = Canvas(width, title)
    if not steps:
        canvas.nothing(_("Nothing has happened yet."))
        return canvas.figure(description)
    look = looks([*states, *(step.state for step in steps)])
    shown = {step.state for step in steps}
    if quiet in look:
        look[quiet] = Look(0, "plain", "circle")
    canvas.legend((name, canvas.swatch(own)) for name, own in look.items() if name in shown)
    wide = (canvas.inner - _BETWEEN * (len(heads) - 1)) / len(heads)
    lefts = [PAD + n * (wide + _BETWEEN) for n in range(len(heads))]
    said = [wrap(head, wide, bold=True) for head in heads]
    tall = max(map(len, said))
    for left, lines in zip(lefts, said, strict=True):
        middle = canvas.y + LINE * tall / 2
        canvas.text(left + wide / 2, middle, *lines, anchor="middle", look="lk-bold")
    top = canvas.y
    canvas.y += LINE * tall + 8
    before: _Box | None = None
    arrows = []
    for step in steps:
        lines = wrap(step.words, wide - 12)
        high = LINE * len(lines) + 10
        own, left = look[step.state], lefts[step.lane]
        box = _Box(left + 0.5, canvas.y + 0.5, wide, high)
        if step.state == quiet:
            canvas.box(*box, *lines, dash=(4, 3), words="lk-muted")
        else:
            canvas.box(*box, *lines, tone=own.tone, texture=own.texture)
            if before:
                arrows.append(_path(before, box))
            before = box
        canvas.y += high + _GAP
    canvas.y -= _GAP
    for points in arrows:
        canvas.arrow(points)
    for left in lefts[1:]:
        x = round(left - _BETWEEN / 2) + 0.5
        canvas.path([(x, top), (x, canvas.y)], "lk-hair", (5, 4))
    return canvas.figure(description)


def _path(start: _Box, end: _Box) -> list[tuple[float, float]]:
    """Straight down, over to another lane half way, or round what lies between."""
    x, y = start.x + start.width / 2, start.y + start.height
    if end.y - y > _GAP + 1:
        side = start.x + start.width
        above, below = (box.y + box.height / 2 for box in (start, end))
        return [(side, above), (side + 9, above), (side + 9, below), (side, below)]
    if start.x == end.x:
        return [(x, y), (x, end.y)]
    half = (y + end.y) / 2 - 2
    over = end.x + end.width / 2
    return [(x, y), (x, half), (over, half), (over, end.y)]
