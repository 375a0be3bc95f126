"""Percentiles by the nearest rank: always one of the values, never a mean of two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

from lab_kernel.errors import BadInput
from lab_kernel.language import _

T = TypeVar("T", int, float)


def percentile(values: Sequence[T], percent: float) -> T:
    """The smallest value that so many per cent of the values do not exceed (nearest rank). It is
    always one of them. BadInput: no value, or a percentage out of range."""
    if not 0 < percent <= 100:
        message = _("{value} is not between {low} and {high}")
        raise BadInput("percent", message.format(value=percent, low=0, high=100))
    if not values:
        raise BadInput("values", _("a percentile needs at least one value"))
    # rounded: 0.07 * 100 is a little more than 7 in floating point
    return sorted(values)[math.ceil(round(percent * len(values) / 100, 9)) - 1]
