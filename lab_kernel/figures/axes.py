"""Axes: round ticks, and the map from values to the paper.

Ticks are computed in fractions, never in floating point, so that no tick is ever 0.30000000000004.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.figures.text import widest


def step(span: float | Fraction, about: int, *, whole: bool = False) -> Fraction:
    """The round distance (1, 2 or 5 times a power of ten) that gives at most ``about`` gaps."""
    raw = Fraction(span) / about
    if raw <= 0:
        return Fraction(1)
    ten = Fraction(1)
    while ten * 10 <= raw:
        ten *= 10
    while ten > raw:
        ten /= 10
    best = next(ten * m for m in (1, 2, 5, 10) if ten * m >= raw)
    return max(best, Fraction(1)) if whole else best


def ticks(low: float, high: float, about: int = 5, *, whole: bool = False) -> list[Fraction]:
    """Round values from ``low`` to ``high``, both included when round; ``whole`` for counts."""
    gap = step(Fraction(high) - Fraction(low), about, whole=whole)
    first, last = math.ceil(Fraction(low) / gap), math.floor(Fraction(high) / gap)
    return [gap * n for n in range(first, last + 1)]


def said(value: Fraction | float) -> str:
    """A number as an axis shows it: 1,000, 0.25."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return f"{exact.numerator:,}"
    if abs(exact) < Fraction(1, 1000):
        return format(float(exact), ".3g")
    return format(float(exact), ",.6f").rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from ``low`` to ``high`` stand at positions from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float | Fraction) -> float:
        # the difference first: an address of 64 bits does not fit a float
        span = self.high - self.low
        part = float((value - self.low) / span) if span else 0.5
        return self.start + part * (self.end - self.start)


def ticks_with_room(across: Scale, *, whole: bool = False) -> list[Fraction]:
    """As many ticks as have room for their numbers below a level axis."""
    for about in range(12, 1, -1):
        marked = ticks(across.low, across.high, about, whole=whole)
        room = (across.end - across.start) / max(1, len(marked) - 1)
        if widest(*map(said, marked)) + 10 <= room:
            return marked
    return ticks(across.low, across.high, 1, whole=whole)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near those wanted, in the same order, ``gap`` apart, between ``low`` and ``high``.

    Too many for the room stand closer together, evenly.
    """
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda n: (wanted[n], n))
    places = [0.0] * len(wanted)
    floor = low
    for n in order:  # push down what is too close
        places[n] = max(wanted[n], floor)
        floor = places[n] + gap
    ceiling = high
    for n in reversed(order):  # and back up from the edge
        places[n] = min(places[n], ceiling)
        ceiling = places[n] - gap
    return places
