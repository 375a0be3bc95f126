"""Events over time, one row per track."""

from __future__ import annotations

from collections.abc import Sequence

from lab_kernel.figures.axes import Scale, ticks_with_room
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import Look, looks
from lab_kernel.figures.text import LINE, text_width, widest, wrap
from lab_kernel.language import _
from lab_kernel.trace import Event, Trace

_LANE = 24
_HEAD = 120  # a track's name may be this wide beside its row


def timeline(
    trace: Trace,
    *,
    title: str,
    description: str,
    x_label: str,
    kinds: Sequence[str] = (),
    unit: int = 1,
    width: int = NARROW,
) -> Figure:
    """Events with a duration as bars, those without as marks, in one row per track.

    Tracks stand in order of first appearance; events of one track that overlap in time share its
    row in lanes. A kind has a tone, a texture for its bars and a shape for its marks, named in
    the legend; ``kinds`` fixes their order, so that two pictures agree. A bar shows its event's
    name where there is room, and each event has it as a tooltip. The axis counts units of ``unit``
    ticks each. An empty trace is a picture that says so; more than 2,000 events are BadInput.
    """
    events = list(trace)
    at_most("trace", len(events))
    canvas = Canvas(width, title)
    if not events:
        canvas.nothing(_("Nothing has happened yet."))
        return canvas.figure(description)
    look = looks([*kinds, *(event.kind for event in events)])
    _legend(canvas, events, look)
    heads = {track: wrap(track, _HEAD) for track in trace.tracks()}
    left = PAD + round(max(widest(*lines) for lines in heads.values())) + 10
    start, end = min(e.time for e in events), max(e.time + e.duration for e in events)
    across = Scale(start, end, left + 8, canvas.right - 8)
    rows, y = [], canvas.y
    for track, lines in heads.items():
        lanes = _lanes([e for e in events if e.track == track])
        height = max(len(lanes) * _LANE, len(lines) * LINE) + 10
        rows.append((y, height, lines, lanes))
        y += height
    axis = Scale(start / unit, end / unit, across.start, across.end)
    marked = ticks_with_room(axis, whole=True)
    for tick in marked:
        x = round(axis(tick)) + 0.5
        canvas.path([(x, canvas.y), (x, y)], "lk-grid")
    canvas.y = y
    canvas.path([(PAD, round(y) + 0.5), (canvas.right, round(y) + 0.5)], "lk-hair")
    canvas.level_axis(axis, marked, x_label)
    for top, height, lines, lanes in rows:
        canvas.path([(PAD, round(top) + 0.5), (canvas.right, round(top) + 0.5)], "lk-grid")
        canvas.text(PAD, top + height / 2, *lines)
        first = top + (height - len(lanes) * _LANE) / 2
        for n, lane in enumerate(lanes):
            for event in lane:
                _draw(canvas, event, look[event.kind], across, first + n * _LANE, unit)
    return canvas.figure(description)


def _legend(canvas: Canvas, events: Sequence[Event], look: dict[str, Look]) -> None:
    bars = {event.kind for event in events if event.duration}
    shown = {event.kind for event in events}
    entries = []
    for kind in (kind for kind in look if kind in shown):
        is_bar, own = kind in bars, look[kind]

        def sample(x: float, y: float, is_bar: bool = is_bar, own: Look = own) -> None:
            if is_bar:
                canvas.swatch(own)(x, y)
            else:
                canvas.marker(own.shape, x + 9, y, own.tone)

        entries.append((kind, sample))
    canvas.legend(entries)


def _lanes(events: Sequence[Event]) -> list[list[Event]]:
    """Marks in a lane of their own, then bars, those that overlap in different lanes."""
    marks = [event for event in events if not event.duration]
    bars = sorted((e for e in events if e.duration), key=lambda e: e.time)  # stable
    lanes: list[list[Event]] = []
    free: list[int] = []
    for event in bars:
        n = next((n for n, time in enumerate(free) if time <= event.time), len(lanes))
        if n == len(lanes):
            lanes.append([])
            free.append(0)
        lanes[n].append(event)
        free[n] = event.time + event.duration
    return [marks, *lanes] if marks else lanes


def _draw(canvas: Canvas, event: Event, look: Look, across: Scale, top: float, unit: int) -> None:
    x = across(event.time)
    what = f"{event.name} ({event.kind})" if event.name else f"{event.track}: {event.kind}"
    tooltip = f"{what}, {_said(event.time, unit)}"
    if not event.duration:
        canvas.marker(look.shape, x, top + _LANE / 2, look.tone, 6, tooltip=tooltip)
        return
    tooltip += f"–{_said(event.time + event.duration, unit)}"
    wide = max(across(event.time + event.duration) - x, 2)
    words = [event.name] if text_width(event.name) + 6 <= wide else []
    box = (x, top + 1.5, wide, _LANE - 3)
    canvas.box(*box, *words, tone=look.tone, texture=look.texture, tooltip=tooltip)


def _said(time: int, unit: int) -> str:
    return f"{time:,}" if unit == 1 else f"{time / unit:,g}"
