"""Shapes, textures and dashes: what tells two things apart when their colours do not.

All are plain elements. SVG's own patterns and markers need ids, and several pictures share a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import svg

from lab_kernel.figures.figure import content
from lab_kernel.figures.text import BASELINE, LINE

SHAPES = ("circle", "square", "triangle", "diamond", "cross", "plus")
TEXTURES = ("plain", "diagonal", "dots", "horizontal", "crossed", "vertical")
DASHES: tuple[Sequence[float], ...] = ((), (7, 3), (2, 3), (9, 3, 2, 3), (4, 2), (12, 4))

Point = tuple[float, float]
Run = tuple[Point, ...]


def number(value: float) -> int | float:
    """A coordinate rounded to hundredths, whole when it is whole."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def path(runs: Iterable[Iterable[Point]], look: str, dash: Sequence[float] = ()) -> svg.Path:
    """Lines, each through some points, as one element; ``look`` names classes of the palette."""
    data: list[svg.PathData] = []
    for run in runs:
        for n, (x, y) in enumerate(run):
            data.append((svg.LineTo if n else svg.MoveTo)(number(x), number(y)))
    return svg.Path(d=data, class_=look.split(), stroke_dasharray=list(dash) or None)


def polygon(points: Iterable[Point], look: str) -> svg.Polygon:
    """A closed shape."""
    corners = [svg.Point(number(x), number(y)) for x, y in points]
    return svg.Polygon(points=corners, class_=look.split())


def words(
    x: float, middle: float, lines: Sequence[str], anchor: str, look: str, heads: int = 0
) -> svg.Text:
    """Lines of text, as a block around the height ``middle``; the first ``heads`` are bold."""
    baselines = [
        number(middle + BASELINE + LINE * (n - (len(lines) - 1) / 2)) for n in range(len(lines))
    ]
    bold = ["lk-bold"]
    one = len(lines) == 1
    element = svg.Text(class_=look.split() + bold * (one and heads > 0) or None)
    if anchor != "start":
        element.text_anchor = anchor  # type: ignore[assignment]  # a Literal there
    if one:
        element.x, element.y, element.text = number(x), baselines[0], content(lines[0])
    else:
        element.elements = [
            svg.TSpan(x=number(x), y=y, text=content(line), class_=bold if n < heads else None)
            for n, (line, y) in enumerate(zip(lines, baselines, strict=True))
        ]
    return element


def marker(shape: str, x: float, y: float, look: str, r: float) -> svg.Element:
    """One of SHAPES, centred at (x, y)."""
    look = f"lk-solid {look}"
    if shape == "circle":
        return svg.Circle(cx=number(x), cy=number(y), r=number(r), class_=look.split())
    if shape == "square":
        s = r * 0.88
        return polygon([(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)], look)
    if shape == "triangle":
        return polygon(
            [(x, y - r * 1.1), (x + r * 1.1, y + r * 0.85), (x - r * 1.1, y + r * 0.85)], look
        )
    if shape == "diamond":
        s = r * 1.2
        return polygon([(x, y - s), (x + s, y), (x, y + s), (x - s, y)], look)
    arm, half = r * 1.05, r * 0.36  # a plus with thick arms, or the same turned by 45 degrees
    quarter = [(-half, -arm), (half, -arm), (half, -half)]
    corners = [p for turn in range(4) for p in (_turned(q, turn) for q in quarter)]
    if shape == "cross":
        corners = [((a - b) * 0.707, (a + b) * 0.707) for a, b in corners]
    return polygon([(x + a, y + b) for a, b in corners], look)


def _turned(point: Point, quarters: int) -> Point:
    for _ in range(quarters):
        point = (-point[1], point[0])
    return point


def hatch(texture: str, x: float, y: float, width: float, height: float) -> list[Run]:
    """The lines of one of TEXTURES inside a rectangle."""
    left, top, right, bottom = x + 1, y + 1, x + width - 1, y + height - 1
    if texture == "plain" or right <= left or bottom <= top:
        return []
    if texture == "diagonal":
        return _rising(left, top, right, bottom)
    if texture == "crossed":
        rising = _rising(left, top, right, bottom)
        return rising + [tuple((left + right - a, b) for a, b in run) for run in rising]
    if texture == "vertical":
        return [((a, top), (a, bottom)) for a in _every(5, left, right)]
    if texture == "horizontal":
        return [((left, b), (right, b)) for b in _every(5, top, bottom)]
    return [  # dots
        ((a, b), (a + 1.2, b)) for b in _every(6, top, bottom) for a in _every(6, left, right)
    ]


def _every(step: int, low: float, high: float) -> list[float]:
    """Positions ``step`` apart, as many as fit, centred."""
    count = int((high - low) // step)
    first = low + (high - low - step * (count - 1)) / 2
    return [first + step * n for n in range(count)]


def _rising(left: float, top: float, right: float, bottom: float) -> list[Run]:
    """45 degree lines, clipped."""
    lines: list[Run] = []
    for c in range(int(left + top) // 7 * 7 + 7, int(right + bottom) + 1, 7):  # x + y = c
        x0, x1 = max(left, c - bottom), min(right, c - top)
        if x1 - x0 > 1:
            lines.append(((x0, c - x0), (x1, c - x1)))
    return lines


def arrow(points: Sequence[Point], look: str, dash: Sequence[float] = ()) -> list[svg.Element]:
    """A line through some points, its last run level or upright, and a head at its end."""
    (x0, y0), (x, y) = list(pairwise(points))[-1]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    wings = [(x - 8 * dx + 4.5 * s * dy, y - 8 * dy + 4.5 * s * dx) for s in (1, -1)]
    return [
        path([[*points[:-1], (x - 6 * dx, y - 6 * dy)]], f"lk-line {look}", dash),
        polygon([(x, y), *wings], f"lk-solid {look}"),
    ]
