"""A serial line with a small FIFO in each direction, and a keyboard at its other end.

In the spirit of the 16550A: ``status`` has a bit for "there is a byte" and one for "bytes were
lost", ``data`` gives the oldest byte. When the FIFO is full, what comes is lost: the device cannot
make the world wait. Source: National Semiconductor, PC16550D data sheet: 16 bytes, line status
register bits 0 (data ready), 1 (overrun error) and 5 (transmitter empty).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import ClassVar

from lab_kernel.clock import Clock
from lab_kernel.kernel.drivers.hardware.device import HARDWARE, Device
from lab_kernel.trace import Trace

READY, OVERRUN, EMPTY = 0x01, 0x02, 0x20  # bits of status
FIFO = 16


class Serial(Device):
    """``sent`` is what has gone out; ``lost`` counts bytes that found the FIFO full."""

    registers: ClassVar[Mapping[str, int]] = {"data": 8, "status": 8}

    def __init__(self, name: str, clock: Clock, trace: Trace, *, fifo: int = FIFO) -> None:
        super().__init__(name, clock, trace)
        self.fifo = fifo
        self.sent = bytearray()
        self.arrived = self.lost = 0
        self._waiting: deque[int] = deque()
        self._overrun = 0

    def _load(self, register: str) -> int:
        if register == "data":
            byte = self._waiting.popleft() if self._waiting else 0
            if not self._waiting:
                self._lower()
            return byte
        status = EMPTY | self._overrun | (READY if self._waiting else 0)
        self._overrun = 0
        return status

    def _store(self, register: str, value: int) -> None:
        if register == "data":
            self.sent.append(value)

    @property
    def waiting(self) -> int:
        """Bytes in the FIFO."""
        return len(self._waiting)

    def receive(self, byte: int) -> None:
        """A byte comes in from the other end, now."""
        if not self.plugged:
            return
        self.arrived += 1
        if len(self._waiting) >= self.fifo:
            self.lost += 1
            self._overrun = OVERRUN
            self.trace.add(self.clock.now, self.name, "overrun", f"{byte:#04x} lost")
            return
        self._waiting.append(byte)
        if len(self._waiting) == 1:
            self._raise()

    def types(self, text: bytes, *, start: int = 0, gap: int = 100) -> None:
        """Somebody types: a byte every ``gap`` ticks from ``start`` on."""
        self.comes((start + n * gap, byte) for n, byte in enumerate(text))

    def comes(self, bytes_at: Iterable[tuple[int, int]]) -> None:
        """(time, byte) each."""
        for time, byte in bytes_at:
            self.clock.at(time, lambda byte=byte: self.receive(byte), HARDWARE)  # type: ignore[misc]
