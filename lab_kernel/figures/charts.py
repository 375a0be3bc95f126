"""Line charts and step charts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.errors import BadInput
from lab_kernel.figures.axes import Scale, said, spread, step, ticks_with_room
from lab_kernel.figures.canvas import MOST, NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.marks import DASHES, SHAPES, Point
from lab_kernel.figures.palette import TONES
from lab_kernel.figures.text import LINE, widest, wrap
from lab_kernel.language import _

_PLOT = 220  # height of the plotting area
_APART = 26  # markers stand at least this far apart on a line


@dataclass(frozen=True, slots=True)
class Series:
    """A named line through points (x, y), x rising."""

    name: str
    points: Sequence[tuple[float, float]]


def line_chart(
    series: Sequence[Series],
    *,
    title: str,
    description: str,
    x_label: str,
    y_label: str,
    width: int = NARROW,
    y_from_zero: bool = True,
) -> Figure:
    """Straight lines through the points of up to six series.

    Each line has its own tone, dash and marker, and its name stands at its end; names that are
    too long for that stand in a legend instead. Axes of whole numbers have whole ticks. Without
    any point the picture says so. BadInput: more than six series or 2,000 points in one, x that
    falls, or a value that is not finite.
    """
    return _chart(series, title, description, x_label, y_label, width, y_from_zero, stairs=False)


def step_chart(
    series: Sequence[Series],
    *,
    title: str,
    description: str,
    x_label: str,
    y_label: str,
    width: int = NARROW,
    y_from_zero: bool = True,
) -> Figure:
    """As ``line_chart``, but a value holds until the next point: counts over time."""
    return _chart(series, title, description, x_label, y_label, width, y_from_zero, stairs=True)


def _chart(
    series: Sequence[Series],
    title: str,
    description: str,
    x_label: str,
    y_label: str,
    width: int,
    y_from_zero: bool,
    *,
    stairs: bool,
) -> Figure:
    _check(series)
    shown = [(n, s) for n, s in enumerate(series) if s.points]
    names = [s.name for n, s in shown]
    direct = widest(*names, bold=True) <= width / 3.4
    canvas = Canvas(width, title)
    if not shown:
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    if not direct:
        canvas.legend((s.name, _sample(canvas, n)) for n, s in shown)
    for line in wrap(y_label, canvas.inner):  # level above the axis: it reads without a turn
        canvas.text(PAD, canvas.y + LINE / 2, line, look="lk-muted")
        canvas.y += LINE
    xs = [x for n, s in shown for x, y in s.points]
    ys = [y for n, s in shown for x, y in s.points] + [0.0] * y_from_zero
    y_ticks, y_low, y_high = _range(min(ys), max(ys), whole=all(y == int(y) for y in ys))
    left = PAD + widest(*map(said, y_ticks)) + 8
    right = canvas.right - (widest(*names, bold=True) + 22 if direct else 8)
    top = canvas.y + 12
    across = Scale(min(xs), max(xs), left + 8, right - 8)
    down = Scale(y_low, y_high, top + _PLOT, top)

    for tick in y_ticks:
        y = round(down(tick)) + 0.5
        canvas.path([(left, y), (right, y)], "lk-hair" if tick == y_ticks[0] else "lk-grid")
        canvas.text(left - 6, y, said(tick), anchor="end", look="lk-muted")
    marked = ticks_with_room(across, whole=all(x == int(x) for x in xs))
    canvas.y = top + _PLOT
    canvas.level_axis(across, marked, x_label)
    for n, s in shown:
        _line(canvas, n, [(across(x), down(y)) for x, y in s.points], stairs)
    if direct:
        ends = [down(s.points[-1][1]) for n, s in shown]
        for (n, s), end in zip(shown, spread(ends, LINE, top, top + _PLOT), strict=True):
            canvas.marker(SHAPES[n], right + 6, end, n + 1)
            canvas.text(right + 16, end, s.name, look=f"lk-bold lk-toned lk-t{n + 1}")
    return canvas.figure(description)


def _check(series: Sequence[Series]) -> None:
    at_most("series", len(series), TONES)
    for s in series:
        at_most("points", len(s.points), MOST)
        if not all(math.isfinite(v) for point in s.points for v in point):
            raise BadInput("points", _("{name}: not a finite number").format(name=s.name))
        if any(b[0] < a[0] for a, b in zip(s.points, s.points[1:], strict=False)):
            raise BadInput("points", _("{name}: x must not fall").format(name=s.name))


def _range(low: float, high: float, *, whole: bool) -> tuple[list[Fraction], float, float]:
    """Ticks that reach from the highest round value below to the lowest above."""
    gap = step(high - low, 5, whole=whole)
    bottom, top = math.floor(low / gap), math.ceil(high / gap)
    marked = [gap * n for n in range(bottom, max(top, bottom + 1) + 1)]
    return marked, float(marked[0]), float(marked[-1])


def _sample(canvas: Canvas, n: int) -> Callable[[float, float], None]:
    def draw(x: float, middle: float) -> None:
        canvas.path([(x, middle), (x + 18, middle)], f"lk-line lk-t{n + 1}", DASHES[n])
        canvas.marker(SHAPES[n], x + 9, middle, n + 1)

    return draw


def _line(canvas: Canvas, n: int, points: Sequence[Point], stairs: bool) -> None:
    line = [points[0]]
    for x, y in points[1:]:
        line += [(x, line[-1][1]), (x, y)] if stairs else [(x, y)]
    canvas.path(line, f"lk-line lk-t{n + 1}", DASHES[n])
    last = -math.inf
    for x, y in points:
        if x - last >= _APART or len(points) <= 12:
            canvas.marker(SHAPES[n], x, y, n + 1, 4.5)
            last = x
