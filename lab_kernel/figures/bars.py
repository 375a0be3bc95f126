"""Horizontal bars."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.figures.axes import said
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import looks
from lab_kernel.figures.text import LINE, text_width, widest, wrap
from lab_kernel.language import _

_BAR = 22


@dataclass(frozen=True, slots=True)
class Bar:
    """A labelled bar, stacked of parts (name, value) from left to right.

    A bar that is not stacked has one part. Parts of the same name look the same in every bar.
    """

    label: str
    parts: Sequence[tuple[str, float]]


def bars(
    rows: Sequence[Bar],
    *,
    title: str,
    description: str,
    total: Callable[[float], str] = said,
    kinds: Sequence[str] = (),
    width: int = NARROW,
) -> Figure:
    """One bar per row on a common scale from zero, its total written behind it.

    Short labels stand beside their bars, long ones above. Parts are told apart by tone and
    texture, named in a legend when there is more than one name, and their value stands inside
    where there is room. ``total`` writes numbers, with their unit. ``kinds`` fixes the order in
    which names take their looks. No row: a picture that says so. BadInput: a negative or
    infinite value, more than 200 rows.
    """
    at_most("rows", len(rows), 200)
    if any(v < 0 or not math.isfinite(v) for row in rows for name, v in row.parts):
        raise BadInput("rows", _("a bar needs finite values from 0 up"))
    canvas = Canvas(width, title)
    if not rows:
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    names = [name for row in rows for name, value in row.parts]
    look = looks([*kinds, *names])
    if len(set(names)) > 1:
        shown = [name for name in look if name in names]
        canvas.legend((name, canvas.swatch(look[name])) for name in shown)
    sums = [sum(value for name, value in row.parts) for row in rows]
    beside = widest(*(row.label for row in rows)) <= width * 0.36
    left = PAD + (round(widest(*(row.label for row in rows))) + 10 if beside else 0)
    room = canvas.right - left - widest(*map(total, sums), bold=True) - 10
    largest = max(sums) or 1
    for row, amount in zip(rows, sums, strict=True):
        if beside:
            canvas.text(left - 10, canvas.y + _BAR / 2, row.label, anchor="end")
        else:
            lines = wrap(row.label, canvas.inner)
            canvas.text(PAD, canvas.y + LINE * len(lines) / 2, *lines)
            canvas.y += LINE * len(lines) + 2
        x: float = left
        for name, value in row.parts:
            wide = room * value / largest
            own, inside = look[name], total(value)
            fits = len(row.parts) > 1 and text_width(inside) + 8 <= wide
            box = (x + 0.5, canvas.y + 0.5, max(wide, 1), _BAR - 1)
            words = [inside] if fits else []
            tooltip = f"{row.label}, {name}: {inside}"
            if value:
                canvas.box(*box, *words, tone=own.tone, texture=own.texture, tooltip=tooltip)
            x += wide
        canvas.text(x + 8, canvas.y + _BAR / 2, total(amount), look="lk-bold")
        canvas.y += _BAR + 8
    canvas.y -= 8
    return canvas.figure(description)
