"""A disk that reads its orders from memory and moves the data there itself: DMA.

In the spirit of virtio and NVMe: the driver fills descriptors of a ring in memory and writes to
``doorbell`` how many it has filled so far. The device takes them in turn, moves the data without
the CPU, writes the result into the descriptor, and sends a message that stands for an interrupt
(MSI), with nothing to acknowledge. Left out: separate submission and completion rings, several
queues, scatter and gather. Sources: Virtual I/O Device (VIRTIO) 1.2, OASIS, "Split virtqueues";
NVM Express Base Specification 2.0, "Queue pair".
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, ClassVar

from lab_kernel.kernel.drivers.hardware.disk import BLOCK, Disk
from lab_kernel.kernel.drivers.hardware.ram import OutOfBounds, Ram

READ, WRITE = 0, 1
FILLED, DONE, FAILED = 1, 2, 3  # state of a descriptor
SLOTS = 8
DESCRIPTOR = struct.Struct("<IIII")  # operation, block, address of the data, state


class DmaDisk(Disk):
    """Up to SLOTS orders wait in the ring; it works on one at a time, in their order."""

    model = "DMA"
    registers: ClassVar[Mapping[str, int]] = {"queue": 32, "doorbell": 16, "status": 8}

    def __init__(self, *args: Any, ram: Ram, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ram = ram
        self._queue = self._filled = self._taken = 0
        self._working = False

    def _load(self, register: str) -> int:
        return {"queue": self._queue, "doorbell": self._filled, "status": 1}[register]

    def _store(self, register: str, value: int) -> None:
        if register == "queue":
            self._queue = value
        elif register == "doorbell":
            self._filled = value
            self._work()

    def _work(self) -> None:
        if self._working or self._taken == self._filled:
            return
        try:
            at = self._queue + self._taken % SLOTS * DESCRIPTOR.size
            operation, block, address, _state = DESCRIPTOR.unpack(
                self.ram.read(at, DESCRIPTOR.size)
            )
        except OutOfBounds:
            return  # no ring there: the device has nothing to do
        self._working = True
        if block >= self.blocks:
            self._finish(at, FAILED)
        else:
            self._reach(
                block, operation == WRITE, lambda: self._move(at, operation, block, address)
            )

    def _move(self, at: int, operation: int, block: int, address: int) -> None:
        state = DONE
        try:
            if operation == WRITE:
                self._put(block, self.ram.read(address, BLOCK))
            elif block in self.bad:
                state = FAILED
            else:
                self.ram.write(address, self.block(block))
        except OutOfBounds:
            state = FAILED
        self._finish(at, state)

    def _finish(self, at: int, state: int) -> None:
        self.ram.write(at + 12, state.to_bytes(4, "little"))
        self._taken, self._working = (self._taken + 1) & 0xFFFF, False
        self._raise()
        self._lower()  # a message, not a level
        self._work()
