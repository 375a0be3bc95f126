"""The classic page replacement table: frames over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.figures.canvas import PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.text import widest
from lab_kernel.language import _

_ROW = 28
_MOST = 200


@dataclass(frozen=True, slots=True)
class Column:
    """The frames after one reference.

    ``resident`` holds what each frame contains, None for an empty one; ``frame`` is the number of
    the frame that was hit or loaded, None when none was; ``evicted`` what was thrown out.
    """

    reference: str
    resident: Sequence[str | None]
    hit: bool
    frame: int | None = None
    evicted: str | None = None


def frame_grid(columns: Sequence[Column], *, title: str, description: str) -> Figure:
    """One column per reference, one row per frame, and below them what faulted and what left.

    A hit page has a dot in its corner, a loaded one a heavy frame; a fault has a cross in its own
    row and the evicted page stands struck through in the last. Twelve
    references fit a phone; more scroll. Without columns the picture says so. BadInput: more than
    200 columns, or columns with different numbers of frames.
    """
    at_most("columns", len(columns), _MOST)
    frames = len(columns[0].resident) if columns else 0
    if any(len(column.resident) != frames for column in columns):
        raise BadInput("columns", _("every column needs the same number of frames"))
    heads = [_("Page"), *(_("Frame {n}").format(n=n) for n in range(frames)), _("Fault"), _("Out")]
    said = [t for c in columns for t in (c.reference, c.evicted, *c.resident) if t]
    cell = max(27.0, widest(*said, bold=True) + 10)
    left = PAD + round(widest(*heads)) + 8
    canvas = Canvas(max(left + cell * len(columns) + PAD, 360), title)
    if not columns:
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    canvas.legend(
        [
            (_("hit"), lambda x, y: _hit(canvas, x, y - 9, 18, 18, "")),
            (_("loaded"), lambda x, y: _loaded(canvas, x, y - 9, 18, 18, "")),
            (_("fault"), lambda x, y: canvas.marker("cross", x + 9, y, 2)),
            (_("thrown out"), lambda x, y: _out(canvas, x, y - 9, 18, 18, "")),
        ]
    )
    top = canvas.y
    for row, head in enumerate(heads):
        canvas.text(PAD, top + _ROW * (row + 0.5), head, look="lk-muted")
    for n, column in enumerate(columns):
        x = left + cell * n
        canvas.text(x + cell / 2, top + _ROW / 2, column.reference, anchor="middle", look="lk-bold")
        for row, page in enumerate(column.resident):
            y = top + _ROW * (row + 1)
            canvas.box(
                x + 0.5, y + 0.5, cell, _ROW, *([page] if page and row != column.frame else [])
            )
        y = top + _ROW * (frames + 1)
        if not column.hit:
            canvas.marker("cross", x + cell / 2 + 0.5, y + _ROW / 2, 2)
        if column.evicted is not None:
            _out(canvas, x + 3, y + _ROW + 4, cell - 5, _ROW - 7, column.evicted)
    for n, column in enumerate(columns):  # above the plain cells, whose edges they cover
        if column.frame is not None:
            draw = _hit if column.hit else _loaded
            y = top + _ROW * (column.frame + 1)
            page = column.resident[column.frame] or ""
            draw(canvas, left + cell * n + 0.5, y + 0.5, cell, _ROW, page)
    canvas.y = top + _ROW * len(heads)
    return canvas.figure(description)


def _hit(canvas: Canvas, x: float, y: float, width: float, height: float, page: str) -> None:
    words = [page] if page else []
    canvas.box(x, y, width, height, *words, tone=1, words="lk-bold")
    canvas.marker("circle", x + width - 5, y + 5, 1, 2.6)


def _loaded(canvas: Canvas, x: float, y: float, width: float, height: float, page: str) -> None:
    words = [page] if page else []
    canvas.box(x, y, width, height, *words, tone=2, look="lk-thick", words="lk-bold")


def _out(canvas: Canvas, x: float, y: float, width: float, height: float, page: str) -> None:
    canvas.box(x, y, width, height, *([page] if page else []), tone=5, dash=(3, 2))
    middle = y + height / 2
    canvas.path([(x + 2, middle), (x + width - 2, middle)], "lk-hair")
