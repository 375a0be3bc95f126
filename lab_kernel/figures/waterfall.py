"""Calls over time, each below the one that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.figures.axes import Scale, said, ticks_with_room
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import Look, looks
from lab_kernel.figures.text import LINE, text_width, wrap
from lab_kernel.language import _

_HEAD = 132  # a name and its indentation may be this wide
_INDENT = 9
_HIGH = 16  # of a bar
_PATH = 5  # of the critical path below it
_MOST = 80


@dataclass(frozen=True, slots=True)
class Part:
    """From ``begin`` to ``end``, of one kind."""

    begin: float
    end: float
    kind: str


@dataclass(frozen=True, slots=True)
class Span:
    """One row: its name, how deep it is, what its time was spent on, and the stretches of it that
    are on the critical path."""

    name: str
    depth: int
    parts: Sequence[Part]
    critical: Sequence[tuple[float, float]] = ()
    failed: float | None = None


def waterfall(
    bars: Sequence[Span],
    *,
    title: str,
    description: str,
    x_label: str,
    kinds: Sequence[str] = (),
    width: int = NARROW,
) -> Figure:
    """A row for each call, its name indented by its depth, and below the bars a thick line where
    the critical path goes. A kind of part has a tone and a texture; ``kinds`` fixes their order.
    A cross is where it failed. BadInput: a part that ends before it begins, more than 80."""
    at_most("bars", len(bars), _MOST)
    if any(part.end < part.begin for bar in bars for part in bar.parts):
        raise BadInput("bars", _("a part ends before it begins"))
    canvas = Canvas(width, title)
    times = [t for bar in bars for part in bar.parts for t in (part.begin, part.end)]
    if not times:
        canvas.nothing(_("Nothing has happened yet."))
        return canvas.figure(description)
    look = looks([*kinds, *(part.kind for bar in bars for part in bar.parts)])
    _legend(canvas, bars, look)
    heads = [wrap(bar.name, max(40, _HEAD - _INDENT * bar.depth)) for bar in bars]
    needs = [
        _INDENT * bar.depth + max(map(text_width, lines))
        for bar, lines in zip(bars, heads, strict=True)
    ]
    across = Scale(min(times), max(times), PAD + max(needs) + 10, canvas.right - 10)
    tall = [max(_HIGH + _PATH + 9, len(lines) * LINE + 6) for lines in heads]
    marked = ticks_with_room(across)
    for tick in marked:
        x = round(across(tick)) + 0.5
        canvas.path([(x, canvas.y), (x, canvas.y + sum(tall))], "lk-grid")
    for bar, lines, high in zip(bars, heads, tall, strict=True):
        canvas.text(PAD + _INDENT * bar.depth, canvas.y + high / 2, *lines)
        _draw(canvas, bar, look, across, canvas.y + (high - _HIGH - _PATH) / 2)
        canvas.y += high
    canvas.path([(PAD, round(canvas.y) + 0.5), (canvas.right, round(canvas.y) + 0.5)], "lk-hair")
    canvas.level_axis(across, marked, x_label)
    return canvas.figure(description)


def _legend(canvas: Canvas, bars: Sequence[Span], look: dict[str, Look]) -> None:
    shown = {part.kind for bar in bars for part in bar.parts}
    entries = [(name, canvas.swatch(own)) for name, own in look.items() if name in shown]
    if any(bar.critical for bar in bars):
        entries.append((_("critical path"), lambda x, y: _stroke(canvas, x, x + 18, y - 2.5)))
    if any(bar.failed is not None for bar in bars):
        entries.append((_("fails"), lambda x, y: canvas.marker("cross", x + 9, y, 4)))
    canvas.legend(entries)


def _draw(canvas: Canvas, bar: Span, look: dict[str, Look], across: Scale, top: float) -> None:
    for part in bar.parts:
        x, own = across(part.begin), look[part.kind]
        wide = max(across(part.end) - x, 1)
        tooltip = f"{bar.name}: {part.kind}, {_said(part.begin)}–{_said(part.end)}"
        canvas.box(x, top, wide, _HIGH, tone=own.tone, texture=own.texture, tooltip=tooltip)
    for begin, end in bar.critical:
        _stroke(canvas, across(begin), max(across(end), across(begin) + 1), top + _HIGH + 1)
    if bar.failed is not None:
        canvas.marker("cross", across(bar.failed), top + _HIGH / 2, 4)


def _stroke(canvas: Canvas, left: float, right: float, top: float) -> None:
    """A stretch of the critical path: dark, and below all that has a colour."""
    canvas.box(left, top, right - left, _PATH - 1, tone=5, look="lk-solid")


def _said(value: float) -> str:
    return said(round(value, 3))
