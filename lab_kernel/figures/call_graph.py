"""Who calls whom: boxes in levels, and an arrow for each call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lab_kernel.errors import BadInput
from lab_kernel.figures.axes import spread
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import Look, looks
from lab_kernel.figures.text import LINE, wrap
from lab_kernel.language import _

_MOST = 40
_WIDEST = 112  # of a box
_BETWEEN = 14
_STEP = 7  # between the level runs of two arrows


@dataclass(frozen=True, slots=True)
class Vertex:
    """``calls`` are names of others; those in ``optional`` are drawn as broken lines. ``lines``
    stand below the name; ``state`` gives its look."""

    name: str
    calls: Sequence[str] = ()
    optional: Sequence[str] = ()
    lines: Sequence[str] = ()
    state: str = ""


@dataclass
class _Place:
    """Where a box is, or where an arrow passes a level (``width`` 0)."""

    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    words: list[str] = field(default_factory=list)


def call_graph(
    vertices: Sequence[Vertex],
    *,
    title: str,
    description: str,
    states: Sequence[str] = (),
    width: int = NARROW,
) -> Figure:
    """Each box stands one level below the lowest of those that call it, in the order given.

    ``states`` fixes the order in which states take their looks; "" has none. BadInput: a call of
    one that is not there, a circle, more than 40 boxes.
    """
    at_most("vertices", len(vertices), _MOST)
    named = {vertex.name: vertex for vertex in vertices}
    depth = _depths(named)
    canvas = Canvas(width, title)
    if not vertices:
        canvas.nothing(_("Nothing has happened yet."))
        return canvas.figure(description)
    look = looks([*states, *(vertex.state for vertex in vertices if vertex.state)])
    shown = {vertex.state for vertex in vertices}
    canvas.legend((name, canvas.swatch(own)) for name, own in look.items() if name in shown)
    routes = _routes(named, depth)
    levels: list[list[str]] = [[] for _level in range(max(depth.values()) + 1)]
    for name in (*named, *(stop for stops in routes.values() for stop in stops[1:-1])):
        level = depth[name] if name in depth else int(name.rpartition("@")[2])
        levels[level].append(name)
    places = _places(canvas, levels, named, routes)
    _arrows(canvas, routes, places, named)
    for name, vertex in named.items():
        at, own = places[name], look.get(vertex.state, Look(0, "plain", "circle"))
        heads = len(at.words) - len(vertex.lines)
        canvas.box(
            at.x - at.width / 2, at.y, at.width, at.height, *at.words,
            tone=own.tone, texture=own.texture, heads=heads,
        )  # fmt: skip
    return canvas.figure(description)


def _depths(named: Mapping[str, Vertex]) -> dict[str, int]:
    depth = dict.fromkeys(named, 0)
    for _turn in range(len(named) + 1):
        changed = False
        for vertex in named.values():
            for called in vertex.calls:
                if called not in named:
                    message = _("there is no box named {name}").format(name=called)
                    raise BadInput("vertices", message)
                if depth[called] <= depth[vertex.name]:
                    depth[called], changed = depth[vertex.name] + 1, True
        if not changed:
            return depth
    raise BadInput("vertices", _("the calls lead in a circle"))


def _routes(
    named: Mapping[str, Vertex], depth: Mapping[str, int]
) -> dict[tuple[str, str], list[str]]:
    """For each call where it goes along: caller, a stop on each level that it passes, called."""
    routes = {}
    for vertex in named.values():
        for called in vertex.calls:
            passed = range(depth[vertex.name] + 1, depth[called])
            stops = [f"{vertex.name}>{called}@{level}" for level in passed]
            routes[vertex.name, called] = [vertex.name, *stops, called]
    return routes


def _places(
    canvas: Canvas,
    levels: Sequence[Sequence[str]],
    named: Mapping[str, Vertex],
    routes: Mapping[tuple[str, str], Sequence[str]],
) -> dict[str, _Place]:
    """Levels from above; on each every box as near as possible below those that lead to it."""
    places: dict[str, _Place] = {}
    y = canvas.y
    for level in levels:
        wide = min(_WIDEST, (canvas.inner - _BETWEEN * (len(level) - 1)) / len(level))
        for name in level:
            place = places[name] = _Place(y=y)
            if name in named:
                vertex = named[name]
                place.width = wide
                place.words = wrap(name, wide - 10, bold=True)
                for line in vertex.lines:
                    place.words += wrap(line, wide - 10)
        tallest = max(10 + LINE * len(places[name].words) for name in level)
        wanted = [_wanted(canvas, name, routes, places) for name in level]
        low, high = PAD + wide / 2, canvas.right - wide / 2
        for name, x in zip(level, _apart(wanted, wide + _BETWEEN, low, high), strict=True):
            places[name].x, places[name].height = x, tallest
        runs = len({a for stops in routes.values() for a, _b in _pairs(stops) if a in level})
        y += tallest + (24 + _STEP * runs if runs else 0)
    canvas.y = y
    return places


def _wanted(
    canvas: Canvas,
    name: str,
    routes: Mapping[tuple[str, str], Sequence[str]],
    places: Mapping[str, _Place],
) -> float:
    """Below the middle of those above that lead there."""
    above = [places[a].x for stops in routes.values() for a, b in _pairs(stops) if b == name]
    return sum(above) / len(above) if above else canvas.width / 2


def _apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """``spread`` around the places wanted: those that want the same stand on both sides of it."""
    moved = [
        x + gap * (wanted[:n].count(x) - (wanted.count(x) - 1) / 2) for n, x in enumerate(wanted)
    ]
    return spread(moved, gap, low, high)


def _pairs(stops: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(stops))


def _arrows(
    canvas: Canvas,
    routes: Mapping[tuple[str, str], Sequence[str]],
    places: Mapping[str, _Place],
    named: Mapping[str, Vertex],
) -> None:
    """Down from the middle of a box, level, and down again; each caller on a height of its own."""
    heights: dict[str, float] = {}
    used: dict[float, int] = {}
    for stops in routes.values():
        for above, _below in _pairs(stops):
            if above not in heights:
                base = places[above].y + places[above].height
                heights[above] = base + 9 + _STEP * used.get(base, 0)
                used[base] = used.get(base, 0) + 1
    ends: dict[str, int] = {}
    for (caller, called), stops in routes.items():
        dash = (5, 4) if called in named[caller].optional else ()
        for above, below in _pairs(stops):
            start, end = places[above], places[below]
            incoming = [a for each in routes.values() for a, b in _pairs(each) if b == below]
            turn = ends[below] = ends.get(below, -1) + 1
            x = end.x + (turn - (len(incoming) - 1) / 2) * 12
            top, run = start.y + start.height, heights[above]
            points = [(start.x, top), (start.x, run), (x, run), (x, end.y)]
            if below in named:
                canvas.arrow(points, dash=dash)
            else:
                canvas.path([*points, (x, end.y + end.height)], "lk-line lk-t5", dash)
