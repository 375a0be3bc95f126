"""How kernel code waits for what has not come yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sleep:
    """Leave the CPU until somebody wakes the channel."""

    channel: str


@dataclass(frozen=True, slots=True)
class Spin:
    """Keep the CPU for so many ticks: to look again, or because that much was done."""

    ticks: int
