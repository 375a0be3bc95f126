"""A table whose cells are told apart by their state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from lab_kernel.errors import BadInput
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import Look, looks
from lab_kernel.figures.text import LINE, longest, widest, wrap
from lab_kernel.language import _

_MOST = 400
_SIDE = 0.47  # as much of the room as the rows' heads may take
_GAP = 8  # right of the rows' heads
_EDGE = 10  # what a cell is wider than its words


@dataclass(frozen=True, slots=True)
class Cell:
    """What it says, and its ``state``, which gives its look; without one it is plain paper.

    ``heavy`` draws a thick frame around it: this is the one that matters.
    """

    words: str
    state: str = ""
    heavy: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A head, and a cell for each column."""

    head: str
    cells: Sequence[Cell]


def table(
    heads: Sequence[str],
    rows: Sequence[Row],
    *,
    title: str,
    description: str,
    states: Sequence[str] = (),
    quiet: str = "",
    width: int = NARROW,
) -> Figure:
    """Rows below the columns' heads; words wrap in their cells.

    Columns are equally wide where that is enough for each, and else as wide as their words ask.
    The states are named in a legend; ``states`` fixes the order in which they take their looks,
    and cells of the state ``quiet`` stay plain paper.
    No row: a picture that says so. BadInput: a row with another number of cells than there are
    heads, more than 400 cells.
    """
    at_most("rows", len(rows) * len(heads), _MOST)
    if any(len(row.cells) != len(heads) for row in rows):
        raise BadInput("rows", _("every row needs a cell for each column"))
    canvas = Canvas(width, title)
    if not rows:
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    used = [cell.state for row in rows for cell in row.cells if cell.state]
    look = looks([*states, *used])
    if quiet in look:
        look[quiet] = Look(0, "plain", "circle")
    canvas.legend((name, canvas.swatch(own)) for name, own in look.items() if name in used)
    side_width, *widths = _widths(heads, rows, canvas.inner)
    sides = [wrap(row.head, side_width - _GAP, bold=True) for row in rows]
    lefts = list(accumulate(widths, initial=PAD + side_width))
    said = [wrap(head, wide - 6) for head, wide in zip(heads, widths, strict=True)]
    if any(heads):
        tall = max(map(len, said)) * LINE
        for lines, left, wide in zip(said, lefts, widths, strict=False):
            x = left + wide / 2
            canvas.text(x, canvas.y + tall / 2, *lines, anchor="middle", look="lk-muted")
        canvas.y += tall + 4
    heavy = []
    for row, side in zip(rows, sides, strict=True):
        inside = [
            wrap(cell.words, wide - _EDGE, bold=cell.heavy) if cell.words else []
            for cell, wide in zip(row.cells, widths, strict=True)
        ]
        high = max(len(side), *map(len, inside), 1) * LINE + 8
        canvas.text(PAD, canvas.y + high / 2, *side, look="lk-bold")
        for n, (cell, lines) in enumerate(zip(row.cells, inside, strict=True)):
            own = look.get(cell.state)
            tone, texture = (own.tone, own.texture) if own else (0, "plain")
            box = (lefts[n] + 0.5, canvas.y + 0.5, widths[n], high)
            if cell.heavy:
                heavy.append((box, lines, tone, texture))
                continue
            words = "lk-muted" if cell.state == quiet else ""
            canvas.box(*box, *lines, tone=tone, texture=texture, words=words)
        canvas.y += high
    for box, lines, tone, texture in heavy:  # above the others, whose edges they cover
        canvas.box(*box, *lines, tone=tone, texture=texture, look="lk-thick", words="lk-bold")
    return canvas.figure(description)


def _widths(heads: Sequence[str], rows: Sequence[Row], room: float) -> list[float]:
    """Of the rows' heads and of each column, all together as wide as the room."""
    sides = [row.head for row in rows]
    side = math.ceil(widest(*sides, bold=True)) + _GAP
    columns = [
        [(head, False), *((row.cells[n].words, row.cells[n].heavy) for row in rows)]
        for n, head in enumerate(heads)
    ]
    wishes = [max(widest(text, bold=bold) for text, bold in each) + _EDGE for each in columns]
    equal = (room - side) / max(1, len(heads))
    if side <= _SIDE * room + _GAP and max(wishes, default=0) <= equal:
        return [side, *[equal] * len(heads)]
    limits = [
        [0.0] * (1 + len(heads)),
        *(
            [
                longest(*sides, bold=True, broken=broken) + _GAP,
                *(
                    max(longest(text, bold=bold, broken=broken) for text, bold in each) + _EDGE
                    for each in columns
                ),
            ]
            for broken in (True, False)
        ),
        [side, *wishes],
    ]
    lower = max(n for n, widths in enumerate(limits[:-1]) if sum(widths) <= room)
    upper = limits[lower + 1]
    if lower == 2:
        upper = [min(side, max(limits[lower][0], _SIDE * room)), *wishes]
    widths = _levelled(limits[lower], upper, room)
    widths = _levelled(widths, [max(side, widths[0]), *widths[1:]], room)  # what is left
    rest = (room - sum(widths)) / max(1, len(heads))
    return [widths[0], *(wide + rest for wide in widths[1:])]


def _levelled(least: Sequence[float], most: Sequence[float], room: float) -> list[float]:
    """Widths between their bounds that fill the room as far as they can: the narrowest grow."""
    widths = list(least)
    growing = [n for n, wide in enumerate(widths) if wide < most[n]]
    while growing and room - sum(widths) > 0.5:
        low = min(widths[n] for n in growing)
        lowest = [n for n in growing if widths[n] == low]
        goals = [most[n] for n in lowest] + [widths[n] for n in growing if widths[n] > low]
        step = min(min(goals) - low, (room - sum(widths)) / len(lowest))
        for n in lowest:
            widths[n] = low + step
        growing = [n for n in growing if widths[n] < most[n]]
    return widths
