"""The board: what the processor, the devices and the drivers of one machine share.

A machine has one and hands its own clock, trace and callables to it.
"""

from __future__ import annotations

from collections.abc import Callable

from lab_kernel.clock import Clock
from lab_kernel.kernel.drivers.hardware.bus import Bus
from lab_kernel.kernel.drivers.hardware.ram import Ram
from lab_kernel.kernel.drivers.interrupt import LOCKUP, Interrupts, Steal
from lab_kernel.trace import Trace


class Board:
    """``wake(channel)`` makes those who sleep there ready; ``panic(reason)`` ends it all."""

    def __init__(
        self,
        clock: Clock,
        trace: Trace,
        *,
        wake: Callable[[str], object],
        panic: Callable[[str], object],
        steal: Steal = lambda cpu, ticks, name: None,
        cpus: int = 1,
        access: int = 1,
        entry: int = 2,
        iommu: bool = False,
        lockup: int | None = LOCKUP,
    ) -> None:
        self.clock, self.trace = clock, trace
        self.bus = Bus(clock, trace, access)
        self.ram = Ram(iommu=iommu)
        self.panics: list[str] = []
        self._wake, self._panic = wake, panic
        self.interrupts = Interrupts(
            clock,
            trace,
            self.bus,
            cpus=cpus,
            entry=entry,
            steal=steal,
            panic=self.panic,
            lockup=lockup,
        )

    def wake(self, channel: str) -> None:
        """Not before the half that found out has used up its time."""
        self.interrupts.afterwards(lambda: self._wake(channel))

    def panic(self, reason: str) -> None:
        """Only the first counts: nothing runs after it."""
        self.interrupts.stopped = True
        if not self.panics:
            self.panics.append(reason)
            self._panic(reason)
