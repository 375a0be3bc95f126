"""The contract of a driver: what makes it the mediator.

Above it stands the system call, which knows files and bytes; below it the device, which knows
registers. A driver translates: each method here means the same for every device, and each class
below does it with other registers. That is why a program does not change when its disk does.

A method either has its result at once, or answers how to wait for it (Sleep, Spin) and is called
again later with the same arguments. ``process.pending`` is its memory between the calls; it is
None at the first. Refused says why a call fails; any other exception is the kernel's own mistake,
and the machine panics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from lab_kernel.kernel.answer import Sleep, Spin
from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process

Wait = Sleep | Spin


class Driver:
    """``kind`` is ``char`` (bytes in a row) or ``block`` (a disk)."""

    kind: ClassVar[str] = "char"

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def size(self) -> int:
        """Bytes on it, if that means anything."""
        return 0

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Wait:
        """Up to ``count`` bytes; none at the end of the device. Moves ``file.offset``."""
        raise Refused(Errno.EINVAL)

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int | Wait:
        """How many of the bytes were taken. Moves ``file.offset``."""
        raise Refused(Errno.EINVAL)

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int = 0
    ) -> int | Wait:
        """All that is neither reading nor writing."""
        raise Refused(Errno.ENOTTY)

    def release(self, machine: Machine, process: Process, file: OpenFile) -> None:
        """The last descriptor of this open file is closed."""
