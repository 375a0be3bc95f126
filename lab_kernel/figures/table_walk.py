"""An address taken apart, and the chain of tables it leads through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.text import LINE, text_width, widest, wrap
from lab_kernel.language import _

_ROW = 26
_HOOK = 26  # room for the arrow that runs down beside the tables


@dataclass(frozen=True, slots=True)
class Field:
    """A part of the address: its name, the bits it takes (``47–39``), its value (``0x1ff``)."""

    name: str
    bits: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the walk.

    ``rows`` are those worth showing, as (index, entry); ``picked`` is the position in ``rows`` of
    the one that the address selects. Whatever lies above and below is hinted at by dots.
    """

    name: str
    rows: Sequence[tuple[str, str]]
    picked: int = 0


def table_walk(
    address: str,
    fields: Sequence[Field],
    tables: Sequence[Table],
    result: str,
    *,
    title: str,
    description: str,
    fault: bool = False,
) -> Figure:
    """A virtual address as fields, a table per level, and what comes out at the end.

    Field n selects the picked row of table n; both carry the number n. The last field is left
    over (the offset) and its number is repeated at the result. A walk that ends early has fewer
    tables. ``fault`` gives the result a broken frame and a cross. BadInput: no field, more than
    six, no more fields than tables, a table without rows or with ``picked`` outside them.
    """
    if not fields or len(fields) <= len(tables):
        raise BadInput("fields", _("one for each table and one that is left over"))
    at_most("fields", len(fields), 6)
    if any(not 0 <= table.picked < len(table.rows) for table in tables):
        raise BadInput("tables", _("the picked row is not among the rows"))
    canvas = Canvas(_width(fields, tables), title)
    canvas.text(PAD, canvas.y + LINE / 2, *[address], look="lk-bold")
    canvas.y += LINE + 8
    _fields(canvas, fields)
    start: tuple[float, float] | None = None
    for n, table in enumerate(tables):
        start = _table(canvas, table, n + 1, start)
    _result(canvas, result, fault, start, 0 if fault else len(fields))
    return canvas.figure(description)


def _width(fields: Sequence[Field], tables: Sequence[Table]) -> float:
    """NARROW, or what the widest value or entry needs."""
    cell = widest(*(w for f in fields for w in (f.value, f.bits)), bold=True) + 12
    entry = widest(*(e for table in tables for i, e in table.rows), bold=True)
    index = widest(*(i for table in tables for i, e in table.rows), bold=True)
    rows = entry + index + 66 + _HOOK
    return max(NARROW, cell * len(fields) + 2 * PAD, rows + 2 * PAD)


def _fields(canvas: Canvas, fields: Sequence[Field]) -> None:
    wide = (canvas.inner - 1) / len(fields)
    names = [wrap(field.name, wide - 6) for field in fields]
    deep = max(map(len, names)) * LINE
    for n, field in enumerate(fields):
        x = PAD + 0.5 + n * wide
        middle = x + wide / 2
        canvas.text(middle, canvas.y + deep - LINE * len(names[n]) / 2, *names[n], anchor="middle")
        y = canvas.y + deep + 4
        canvas.box(x, y, wide, _ROW + 4, field.value, tone=n % 6 + 1, words="lk-bold")
        canvas.text(middle, y + _ROW + 15, field.bits, anchor="middle", look="lk-muted")
        _badge(canvas, middle, y + _ROW + 36, n + 1)
    canvas.y += deep + _ROW + 66


def _badge(canvas: Canvas, x: float, y: float, n: int) -> None:
    tone = (n - 1) % 6 + 1
    canvas.box(x - 9, y - 9, 18, 18, str(n), tone=tone, words="lk-bold")


def _table(
    canvas: Canvas, table: Table, n: int, start: tuple[float, float] | None
) -> tuple[float, float]:
    """Draws a table, and the arrow that leads to it; gives the place its own arrow starts at."""
    left, right = PAD + 26, canvas.right - _HOOK
    index = left + widest(*(i for i, e in table.rows), bold=True) + 20
    lines = wrap(table.name, right - left - 12, bold=True)
    canvas.text(left, canvas.y + LINE * len(lines) / 2, *lines, look="lk-bold")
    if start:
        middle = canvas.y + LINE / 2
        canvas.arrow(
            [
                start,
                (right + 16, start[1]),
                (right + 16, middle),
                (left + widest(*lines, bold=True) + 8, middle),
            ]
        )
    y = canvas.y + LINE * len(lines) + 4.5
    out = (right, y)
    y = _dots(canvas, left, right, y)
    for position, (number, entry) in enumerate(table.rows):
        picked = position == table.picked
        if not picked:
            canvas.box(left + 0.5, y, right - left - 0.5, _ROW)
            canvas.text(left + 10, y + _ROW / 2, number, look="lk-muted")
            canvas.text(index + 10, y + _ROW / 2, entry, look="lk-muted")
        y += _ROW
    bottom = _dots(canvas, left, right, y)
    y -= _ROW * (len(table.rows) - table.picked)
    number, entry = table.rows[table.picked]
    tone = (n - 1) % 6 + 1
    canvas.box(left + 0.5, y, right - left - 0.5, _ROW, tone=tone, look="lk-thick")
    canvas.text(left + 10, y + _ROW / 2, number, look="lk-bold")
    canvas.text(index + 10, y + _ROW / 2, entry, look="lk-bold")
    _badge(canvas, PAD + 9.5, y + _ROW / 2, n)
    out = (right + 1, y + _ROW / 2)
    canvas.y = bottom + 16
    return out


def _dots(canvas: Canvas, left: float, right: float, y: float) -> float:
    """A sliver of table that goes on."""
    canvas.path([(left + 0.5, y), (left + 0.5, y + 10)], "lk-hair", (2, 2))
    canvas.path([(right, y), (right, y + 10)], "lk-hair", (2, 2))
    return y + 10


def _result(
    canvas: Canvas, result: str, fault: bool, start: tuple[float, float] | None, n: int
) -> None:
    left, right = PAD + 26, canvas.right - _HOOK
    lines = wrap(result, right - left - 60, bold=True)
    high = LINE * len(lines) + 16
    y = canvas.y + 0.5
    wide = min(right - left, max(text_width(line, bold=True) for line in lines) + 56)
    tone, dash, shape = (2, (6, 3), "cross") if fault else (3, (), "circle")
    box = (left + 0.5, y, wide, high)
    canvas.box(*box, *lines, tone=tone, dash=dash, look="lk-thick", heads=len(lines))
    canvas.marker(shape, left + 15, y + high / 2, tone)
    if n:
        _badge(canvas, PAD + 9.5, y + high / 2, n)
    if start:
        canvas.arrow(
            [
                start,
                (right + 16, start[1]),
                (right + 16, y + high / 2),
                (left + wide + 6, y + high / 2),
            ]
        )
    canvas.y = y + high + 2
