"""A range of addresses and what stands in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lab_kernel.errors import BadInput
from lab_kernel.figures.canvas import NARROW, PAD, Canvas, at_most
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.looks import looks
from lab_kernel.figures.text import LINE, widest, wrap
from lab_kernel.language import _

_GROWS = 72  # how much higher than its words the largest region is


@dataclass(frozen=True, slots=True)
class Region:
    """Addresses from ``start`` up to, not including, ``end``.

    ``label`` says what is there (``heap``), ``kind`` what sort of thing it is and so its look
    (``rw-p``), ``owner`` whose it is.
    """

    start: int
    end: int
    label: str
    kind: str
    owner: str = ""


def bytes_said(size: int) -> str:
    """A size in the largest binary unit that divides it evenly enough: 4 KiB, 1.5 MiB."""
    value, units = float(size), ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    unit = 0
    while value >= 1024 and unit + 1 < len(units):
        value, unit = value / 1024, unit + 1
    return f"{format(value, ',.1f').removesuffix('.0')} {units[unit]}"


def memory_map(
    regions: Sequence[Region],
    *,
    title: str,
    description: str,
    kinds: Sequence[str] = (),
    address: Callable[[int], str] = hex,
    size: Callable[[int], str] = bytes_said,
    high_on_top: bool = True,
    width: int = NARROW,
) -> Figure:
    """A column of regions by address, with labels, sizes, kinds and owners inside.

    Heights grow with size but are not to scale (real address spaces differ by a factor of a
    million); addresses between two regions that belong to neither are a dashed gap with its
    size. ``address`` and ``size`` write numbers; give ``str`` and a count of frames for physical
    memory. ``kinds`` fixes the order in which kinds take their looks. No region: a picture that
    says so. BadInput: an empty or negative region, two that overlap, more than 200.
    """
    at_most("regions", len(regions), 200)
    canvas = Canvas(width, title)
    if not regions:
        canvas.nothing(_("There is nothing to draw yet."))
        return canvas.figure(description)
    ordered = sorted(regions, key=lambda region: region.start)
    _check(ordered)
    look = looks([*kinds, *(region.kind for region in regions)])
    rows: list[Region | int] = []  # regions, and sizes of gaps
    for before, region in zip([None, *ordered], ordered, strict=False):
        if before and region.start > before.end:
            rows.append(region.start - before.end)
        rows.append(region)
    if high_on_top:
        rows.reverse()
    edges = [address(edge) for region in regions for edge in (region.start, region.end)]
    left = PAD + round(widest(*edges)) + 12
    wide = canvas.right - left - 0.5
    largest = max(region.end - region.start for region in regions)
    y = canvas.y + LINE / 2  # room for the topmost address
    said: set[tuple[float, str]] = set()
    for row in rows:
        if isinstance(row, int):
            words = wrap(_("not drawn: {size}").format(size=size(row)), wide - 12)
            height = len(words) * LINE + 16
            for x in (left + 0.5, canvas.right):
                canvas.path([(x, y), (x, y + height)], "lk-hair", (2, 4))
            middle = y + height / 2
            canvas.text(left + wide / 2, middle, *words, anchor="middle", look="lk-muted")
        else:
            head = wrap(row.label, wide - 20, bold=True)
            facts = (row.kind, row.owner, size(row.end - row.start))
            lines = head + wrap(" · ".join(fact for fact in facts if fact), wide - 20)
            share = (row.end - row.start) / largest
            height = len(lines) * LINE + 8 + round(_GROWS * share**0.5)
            own = look[row.kind]
            tone, texture = own.tone, own.texture
            box = (left + 0.5, y + 0.5, wide, height)
            canvas.box(*box, *lines, tone=tone, texture=texture, heads=len(head))
            ends = (row.end, row.start) if high_on_top else (row.start, row.end)
            said |= {(y, address(ends[0])), (y + height, address(ends[1]))}
        y += height
    for at, edge in sorted(said):
        canvas.path([(left - 4, at + 0.5), (left, at + 0.5)], "lk-hair")
        canvas.text(left - 7, at + 0.5, edge, anchor="end", look="lk-muted")
    canvas.y = y + LINE / 2 + 4
    note = wrap(_("Heights are not to scale."), canvas.inner)
    middle = canvas.y + LINE * len(note) / 2
    canvas.text(canvas.right, middle, *note, anchor="end", look="lk-muted")
    canvas.y += LINE * len(note)
    return canvas.figure(description)


def _check(ordered: Sequence[Region]) -> None:
    for region in ordered:
        if region.end <= region.start:
            raise BadInput("regions", _("{label} is empty").format(label=region.label))
    for before, after in pairwise(ordered):
        if after.start < before.end:
            message = _("{a} and {b} overlap").format(a=before.label, b=after.label)
            raise BadInput("regions", message)
