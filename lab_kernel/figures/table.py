"""A table whose cells are told apart by their state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import Look, looks
from lab_kernel.figures.text import LINE, widest, wrap
from lab_kernel.language import _

_MOST = 400


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
    most = canvas.inner * 0.47
    sides = [wrap(row.head, most, bold=True) for row in rows]
    left = PAD + round(max(widest(*lines, bold=True) for lines in sides)) + 8
    wide = (canvas.right - left) / max(1, len(heads))
    said = [wrap(head, wide - 6) for head in heads]
    if any(heads):
        tall = max(map(len, said)) * LINE
        for n, lines in enumerate(said):
            x = left + wide * (n + 0.5)
            canvas.text(x, canvas.y + tall / 2, *lines, anchor="middle", look="lk-muted")
        canvas.y += tall + 4
    heavy = []
    for row, side in zip(rows, sides, strict=True):
        inside = [wrap(cell.words, wide - 10) if cell.words else [] for cell in row.cells]
        high = max(len(side), *map(len, inside), 1) * LINE + 8
        canvas.text(PAD, canvas.y + high / 2, *side, look="lk-bold")
        for n, (cell, lines) in enumerate(zip(row.cells, inside, strict=True)):
            own = look.get(cell.state)
            tone, texture = (own.tone, own.texture) if own else (0, "plain")
            box = (left + wide * n + 0.5, canvas.y + 0.5, wide, high)
            if cell.heavy:
                heavy.append((box, lines, tone, texture))
                continue
            words = "lk-muted" if cell.state == quiet else ""
            canvas.box(*box, *lines, tone=tone, texture=texture, words=words)
        canvas.y += high
    for box, lines, tone, texture in heavy:  # above the others, whose edges they cover
        canvas.box(*box, *lines, tone=tone, texture=texture, look="lk-thick", words="lk-bold")
    return canvas.figure(description)
