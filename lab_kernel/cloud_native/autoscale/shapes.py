"""Load over time: what all the pods together have to do, in thousandths of a CPU."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

Load = Callable[[int], int]  # of the time in seconds


def constant(level: int) -> Load:
    return lambda _second: level


def step(low: int, high: int, at: int, until: int | None = None) -> Load:
    """``low``, and from ``at`` (until ``until``) ``high``: a spike, or what remains of one."""
    return lambda second: high if at <= second and (until is None or second < until) else low


def ramp(low: int, high: int, at: int, length: int) -> Load:
    """Rises evenly from ``low`` to ``high`` within ``length`` seconds."""

    def load(second: int) -> int:
        part = min(1.0, max(0.0, (second - at) / length))
        return round(low + (high - low) * part)

    return load


def wave(low: int, high: int, period: int) -> Load:
    """Up and down like days, from ``low`` at 0 to ``high`` after half a period."""

    def load(second: int) -> int:
        part = (1 - math.cos(2 * math.pi * second / period)) / 2
        return round(low + (high - low) * part)

    return load


def recorded(points: Sequence[tuple[int, int]]) -> Load:
    """(second, level) in order of time: each level holds until the next."""
    times = [time for time, _level in points]
    return lambda second: points[max(0, bisect_right(times, second) - 1)][1]
