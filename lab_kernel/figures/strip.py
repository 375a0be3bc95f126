"""Strips of addressed blocks, one below the other on one scale.

``blocks`` and ``buddy_tree`` are made of these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.figures.axes import Scale
from lab_kernel.figures.canvas import PAD, Canvas, at_most
from lab_kernel.figures.looks import Look, looks
from lab_kernel.figures.text import LINE, text_width
from lab_kernel.language import _

HIGH = 32


@dataclass(frozen=True, slots=True)
class Block:
    """``size`` addresses from ``address`` on.

    ``state`` (free, in use) gives its look; ``label`` is what it says, its size when empty.
    """

    address: int
    size: int
    state: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """One row: what has just happened, and the blocks there are now."""

    caption: str
    blocks: Sequence[Block]


def check(argument: str, strips: Sequence[Strip]) -> None:
    """BadInput for blocks without size or that overlap."""
    at_most(argument, sum(len(strip.blocks) for strip in strips))
    for strip in strips:
        end = None
        for block in sorted(strip.blocks, key=lambda b: b.address):
            if block.size <= 0:
                message = _("the block at {address} has no size")
                raise BadInput(argument, message.format(address=block.address))
            if end is not None and block.address < end:
                message = _("the block at {address} overlaps the one before it")
                raise BadInput(argument, message.format(address=block.address))
            end = block.address + block.size


def legend(canvas: Canvas, strips: Sequence[Strip], states: Sequence[str]) -> dict[str, Look]:
    """Names the states there are and gives all their looks."""
    used = [block.state for strip in strips for block in strip.blocks]
    look = looks([*states, *used])
    canvas.legend((state, canvas.swatch(own)) for state, own in look.items() if state in used)
    return look


def scale(strips: Sequence[Strip], left: float, right: float) -> Scale:
    """All addresses of all strips, from ``left`` to ``right``."""
    every = [block for strip in strips for block in strip.blocks]
    low, high = min(b.address for b in every), max(b.address + b.size for b in every)
    return Scale(low, high, left + 0.5, right - 0.5)


def draw(canvas: Canvas, blocks: Sequence[Block], look: dict[str, Look], across: Scale) -> None:
    """One strip, and below it the words that did not fit."""
    outside: list[tuple[float, str]] = []
    y = canvas.y + 0.5
    canvas.path([(across.start, y + HIGH), (across.end, y + HIGH)], "lk-hair")
    for block in sorted(blocks, key=lambda b: b.address):
        x, end = across(block.address), across(block.address + block.size)
        said = block.label or f"{block.size:,}"
        own = look[block.state]
        fits = text_width(said) + 8 <= end - x
        tooltip = f"{said} · {block.state} · {block.address:,} + {block.size:,}"
        words = [said] if fits else []
        box = (x, y, max(end - x, 1.5), HIGH)
        canvas.box(*box, *words, tone=own.tone, texture=own.texture, tooltip=tooltip)
        if not fits:
            outside.append(((x + end) / 2, said))
    canvas.y = y + HIGH
    _below(canvas, outside)


def _below(canvas: Canvas, labels: Sequence[tuple[float, str]]) -> None:
    """Labels as flags on lines that hang from their blocks, in as many rows as keep them apart."""
    free: list[float] = []  # where the leftmost flag of each row begins
    flags: list[tuple[float, float, str]] = []
    for x, label in reversed(labels):  # from the right, so that no line passes through a flag
        wide = text_width(label)
        left = x + 4 if x + 4 + wide <= canvas.right else x - 4 - wide
        row = next((n for n, start in enumerate(free) if left + wide + 8 <= start), len(free))
        free[row : row + 1] = [min(left, x)]
        middle = canvas.y + 6 + LINE * (row + 0.5)
        canvas.path([(x, canvas.y + 2), (x, middle + 6)], "lk-hair")
        flags.append((left, middle, label))
    for left, middle, label in flags:
        canvas.text(left, middle, label, look="lk-halo")
    canvas.y += 8 + LINE * len(free) if free else 0


def addresses(
    canvas: Canvas, strips: Sequence[Strip], across: Scale, address: Callable[[int], str]
) -> None:
    """An axis with the addresses at which blocks begin, as many as there is room for."""
    canvas.y += 4
    last = int(across.high)
    starts = sorted({block.address for strip in strips for block in strip.blocks})
    free, limit = float("-inf"), canvas.right - text_width(address(last)) - 10
    for where in [*starts, last]:
        x, words = across(where), address(where)
        half = text_width(words) / 2
        middle = min(max(x, PAD + half), canvas.right - half)
        if middle - half < free or (where != last and middle + half > limit):
            continue
        canvas.path([(x, canvas.y), (x, canvas.y + 5)], "lk-hair")
        canvas.centred(x, canvas.y + 6 + LINE / 2, words)
        free = middle + half + 10
    canvas.y += 6 + LINE
