"""Drivers with a mistake in them. Each is a line or two away from the driver that it was made of.

A driver runs with all the rights of the kernel, so what it takes down is not itself: the process
that asked, the CPU, or the whole machine.
"""

from __future__ import annotations

from collections.abc import Mapping

from lab_kernel.kernel.drivers.dma_driver import DmaController
from lab_kernel.kernel.drivers.pio_driver import PioController
from lab_kernel.kernel.drivers.queue import Controller, Request


class NullPointer(PioController):
    """Follows a pointer that nobody has set."""

    def top_half(self) -> bool:
        pointer: Request | None = None
        return pointer.finished  # type: ignore[union-attr]


class NeverQuiets(PioController):
    """Says that it took care of the interrupt, and did not ask the device: the line stays up."""

    def top_half(self) -> bool:
        return True


class NotMine(PioController):
    """Takes its own device's interrupt for somebody else's."""

    def top_half(self) -> bool:
        return False


class Forgets(PioController):
    """Quiets the device and forgets to finish the request: who waits for it waits for ever."""

    def top_half(self) -> bool:
        self.board.bus.read(self.disk, "status")
        return True


class WildAddress(DmaController):
    """Tells the disk a wrong address: the data land in the kernel's own memory."""

    def address(self, buffer: int) -> int:
        return 0x40


FAULTS: Mapping[str, type[Controller]] = {
    "null-pointer": NullPointer,
    "never-quiets": NeverQuiets,
    "not-mine": NotMine,
    "forgets": Forgets,
    "wild-address": WildAddress,
}
