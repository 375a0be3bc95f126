"""A device: registers, one interrupt line, and a plug that can be pulled.

All that software can do with it is to read and to write a register. All that it can do to software
is to raise its line. What it does in between takes its own time on the clock, not the CPU's.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

from lab_kernel.clock import Clock
from lab_kernel.trace import Trace

HARDWARE = 2  # order within an instant: after bursts that end there, before what comes new
GONE = -1  # all ones: what a read of a device that is not there gives, in any width


class Device(ABC):
    """``registers`` gives the bits of each; any other name is a KeyError, a mistake in a driver."""

    registers: ClassVar[Mapping[str, int]]

    def __init__(self, name: str, clock: Clock, trace: Trace) -> None:
        self.name, self.clock, self.trace = name, clock, trace
        self.plugged = True
        self.asserting = False  # the level of the line
        self.signal: Callable[[], None] = lambda: None  # whoever listens to the line
        self.on_unplug: Callable[[], None] = lambda: None  # whoever watches the socket

    @property
    def all_ones(self) -> Mapping[str, int]:
        """What every register reads as once the device is gone."""
        return {name: (1 << bits) - 1 for name, bits in self.registers.items()}

    def load(self, register: str) -> int:
        """A read by the CPU; it may change the device, as reading a FIFO does."""
        return self._load(register) if self.plugged else self.all_ones[register]

    def store(self, register: str, value: int) -> None:
        """A write by the CPU; bits that the register does not have are lost."""
        if self.plugged:
            self._store(register, value & self.all_ones[register])

    def unplug(self) -> None:
        """Pull it: what it was doing is never finished, and its line falls silent."""
        if self.plugged:
            self.plugged = self.asserting = False
            self.trace.add(self.clock.now, self.name, "unplugged", "unplugged")
            self.on_unplug()

    @abstractmethod
    def _load(self, register: str) -> int: ...

    @abstractmethod
    def _store(self, register: str, value: int) -> None: ...

    def _raise(self) -> None:
        self.asserting = True
        self.trace.add(self.clock.now, self.name, "raise", "raises its line")
        self.signal()

    def _lower(self) -> None:
        self.asserting = False

    def _later(self, delay: int, then: Callable[[], None]) -> None:
        """``then`` happens after ``delay`` ticks, unless somebody pulls the plug meanwhile."""
        self.clock.after(delay, lambda: then() if self.plugged else None, HARDWARE)
