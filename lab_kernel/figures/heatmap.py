"""A heatmap: how many there were, by time and by size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.errors import BadInput
from lab_kernel.figures import marks
from lab_kernel.figures.axes import Scale, said, ticks_with_room
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.marks import Point, Run
from lab_kernel.figures.text import LINE, widest, wrap
from lab_kernel.language import _

_ROW = 16  # height of a row
_SHADES = (0.13, 0.3, 0.5, 0.74, 1.0)
_STRIP = 18  # height of the boxes above the plot


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the level axis with a name, shown above the plot."""

    name: str
    start: float
    end: float


def heatmap(
    cells: Sequence[Sequence[int]],
    *,
    title: str,
    description: str,
    across: tuple[float, float],
    x_label: str,
    y_label: str,
    y_ticks: Sequence[tuple[float, str]],
    spans: Sequence[Stretch] = (),
    rule: tuple[float, str] | None = None,
    width: int = NARROW,
) -> Figure:
    """Counts as shades: ``cells[row][column]``, the lowest row first.

    The columns divide ``across`` evenly. ``y_ticks`` and the dashed ``rule`` stand at heights in
    rows from the bottom. Each of the five shades means the same number of times as many as the one
    before it; 0 is paper. Spans are numbered above the plot and named below the axis.
    BadInput: rows of different length, a negative count, more than 6,000 cells or nine spans.
    """
    columns = len(cells[0]) if cells else 0
    at_most("cells", len(cells) * columns, 6000)
    at_most("spans", len(spans), 9)
    if any(len(row) != columns for row in cells) or any(n < 0 for row in cells for n in row):
        raise BadInput("cells", _("every row needs the same number of counts from 0 up"))
    canvas = Canvas(width, title)
    most = max((n for row in cells for n in row), default=0)
    if not most:
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    steps = _steps(most)
    canvas.legend(
        [
            *((_from(n, steps), _shade(canvas, level)) for level, n in enumerate(steps)),
            *([(rule[1], _dash(canvas))] if rule else []),
        ]
    )
    for line in wrap(y_label, canvas.inner):
        canvas.text(PAD, canvas.y + LINE / 2, line, look="lk-muted")
        canvas.y += LINE
    left = PAD + round(widest(*(words for _height, words in y_ticks))) + 10
    level = Scale(*across, left, canvas.right - 4)
    top = canvas.y + 8 + (LINE + _STRIP + 4) * bool(spans)
    bottom = top + _ROW * len(cells)
    for number, span in enumerate(spans, 1):
        x, end = level(span.start), level(span.end)
        tooltip = f"{number} {span.name}"
        box = (x, top - _STRIP - 4, max(end - x, 2), _STRIP)
        canvas.box(*box, tone=2, texture="diagonal", tooltip=tooltip)
        # above it: a short one is narrower than its number
        y = top - 4 - _STRIP - LINE / 2
        canvas.text((x + end) / 2, y, str(number), anchor="middle", look="lk-bold lk-toned lk-t2")
        canvas.path([(x, top - 4), (x, bottom)], "lk-grid")
        canvas.path([(end, top - 4), (end, bottom)], "lk-grid")
    _draw(canvas, cells, steps, level, bottom)
    for height, words in y_ticks:
        y = bottom - _ROW * height
        canvas.path([(left - 4, y), (left, y)], "lk-hair")
        canvas.text(left - 8, y, words, anchor="end", look="lk-muted")
    canvas.path([(left, top), (left, bottom), (canvas.right - 4, bottom)], "lk-hair")
    if rule:
        y = bottom - _ROW * rule[0]
        canvas.path([(left, y), (canvas.right - 4, y)], "lk-line lk-t2", (7, 3))
    canvas.y = bottom
    canvas.level_axis(level, ticks_with_room(level, whole=True), x_label)
    for number, span in enumerate(spans, 1):
        for n, line in enumerate(wrap(span.name, canvas.inner - 20)):
            if not n:
                canvas.text(PAD, canvas.y + LINE / 2 + 6, str(number), look="lk-bold")
            canvas.text(PAD + 20, canvas.y + LINE / 2 + 6, line)
            canvas.y += LINE + 2
    canvas.y += 4 * bool(spans)
    return canvas.figure(description)


def _steps(most: int) -> list[int]:
    """The least count of each shade: 1, 4, 16 ... or wider where there are more."""
    base = 2
    while base ** len(_SHADES) <= most:
        base += 1
    return [base**n for n in range(len(_SHADES)) if base**n <= most]


def _from(least: int, steps: Sequence[int]) -> str:
    """``4–15``; the last one is open."""
    after = [n for n in steps if n > least]
    if not after:
        return f"{said(least)}+"
    return said(least) if after[0] == least + 1 else f"{said(least)}–{said(after[0] - 1)}"


def _draw(
    canvas: Canvas, cells: Sequence[Sequence[int]], steps: Sequence[int], x: Scale, bottom: float
) -> None:
    """One path for each shade: thousands of elements would make a page slow."""
    wide = Fraction(x.high) - Fraction(x.low)
    edges = [x(x.low + wide * n / len(cells[0])) for n in range(len(cells[0]) + 1)]
    runs: list[list[Run]] = [[] for _step in steps]
    for row, counts in enumerate(cells):
        low, high = bottom - _ROW * row, bottom - _ROW * (row + 1)
        for column, count in enumerate(counts):
            if count:
                level = sum(count >= step for step in steps) - 1
                runs[level].append(_corners(edges[column], edges[column + 1], low, high))
    for level, run in enumerate(runs):
        if run:
            _fill(canvas, run, level)


def _corners(left: float, right: float, low: float, high: float) -> tuple[Point, ...]:
    return ((left, low), (right, low), (right, high), (left, high))


def _fill(canvas: Canvas, runs: Sequence[Run], level: int) -> None:
    path = marks.path(runs, "lk-toned lk-t1")
    path.fill_opacity = _SHADES[level]
    canvas.add(path)


def _shade(canvas: Canvas, level: int) -> Callable[[float, float], None]:
    def draw(x: float, middle: float) -> None:
        _fill(canvas, [_corners(x + 0.5, x + 17.5, middle + 6, middle - 6)], level)

    return draw


def _dash(canvas: Canvas) -> Callable[[float, float], None]:
    def draw(x: float, middle: float) -> None:
        canvas.path([(x, middle), (x + 18, middle)], "lk-line lk-t2", (7, 3))

    return draw
