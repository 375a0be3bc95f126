"""The driver inside the kernel: a call of a function away, and in kernel mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_kernel.kernel.drivers.driver import Driver
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.microkernel.thermometer import AVERAGE, Sensor, Thermometer

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process


class InKernel(Driver):
    """What it raises beside Refused, it raises as a part of the kernel: the machine panics."""

    def __init__(self, sensor: Sensor) -> None:
        super().__init__("thermometer")
        self._sensor, self._driver = sensor, Thermometer()

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes:
        readings = [self._sensor.register() for _ in range(self._driver.average)]
        machine.note(process, "device", "register", readings=len(readings))
        return self._driver.value(readings)[:count]

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int = 0
    ) -> int:
        if request != AVERAGE or not 0 <= argument <= 255:
            raise Refused(Errno.EINVAL)
        self._driver.set(argument)
        return 0
