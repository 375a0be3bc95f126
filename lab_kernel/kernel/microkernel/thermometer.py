"""A thermometer, and its driver with a mistake in it.

The mistake is an everyday one: a setting that nobody checks. With an average over no readings the
next value is a division by zero. The same lines run in either kernel; what differs is the mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

AVERAGE = 1  # the request of ioctl: how many readings make one value

READINGS = (210, 214, 218, 214)  # tenths of a degree


class Sensor:
    """The hardware: one register, and every reading of it is a new one."""

    def __init__(self, readings: Sequence[int] = READINGS) -> None:
        self._readings = cycle(readings)

    def register(self) -> int:
        return next(self._readings)


class Thermometer:
    """The driver. ``average`` is all that it remembers."""

    def __init__(self) -> None:
        self.average = 1

    def set(self, average: int) -> None:
        """Take the setting. A careful driver would refuse 0 with EINVAL, here."""
        self.average = average

    def value(self, readings: Sequence[int]) -> bytes:
        """The mean of the readings, as a line of text."""
        return f"{sum(readings) // self.average}\n".encode()
