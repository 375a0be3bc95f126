"""The board: what the processor, the devices and the drivers of one machine share.

    machine = Machine()
    board = Board(machine)
    plug(machine, plug_disk(board, "sda"))

The machine does not know its devices; it finds their drivers under /dev when a program opens them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_kernel.kernel.drivers.hardware.bus import Bus
from lab_kernel.kernel.drivers.hardware.ram import Ram
from lab_kernel.kernel.drivers.interrupt import LOCKUP, Interrupts

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine


class Board:
    """``access`` ticks for a register, ``entry`` for getting into and out of either half.

    ``iommu`` guards memory from devices; ``lockup`` is the watchdog's patience, None for none.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        access: int = 1,
        entry: int = 2,
        iommu: bool = False,
        lockup: int | None = LOCKUP,
    ) -> None:
        self.machine = machine
        self.clock, self.trace = machine.clock, machine.trace
        self.bus = Bus(self.clock, self.trace, access)
        self.ram = Ram(iommu=iommu)
        self.interrupts = Interrupts(
            self.clock,
            self.trace,
            self.bus,
            cpus=len(machine.dispatcher.cpus),
            entry=entry,
            steal=machine.dispatcher.interrupt,
            panic=machine.panic,
            lockup=lockup,
        )

    def wake(self, channel: str) -> None:
        """Whoever sleeps there; not before the half that found out has used up its time."""
        self.interrupts.afterwards(lambda: self.machine.wake(channel))
