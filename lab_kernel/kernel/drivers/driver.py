"""The contract of a driver: what makes it the mediator.

Above it stands the system call, which knows files and bytes; below it the device, which knows
registers. A driver translates: each method here means the same for every device, and each class
below does it with other registers. That is why a program does not change when its disk does.

A method either has its result at once, or says how to wait for it, and is called again later with
the same arguments. ``process.pending`` is its memory between the calls; it is None at the first.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from lab_kernel.kernel.drivers.waiting import Sleep, Spin
from lab_kernel.kernel.errno import Errno, Refused


class Caller(Protocol):
    """The process that made the call."""

    pending: Any


class OpenFile(Protocol):
    """What the driver needs of an open file; it moves ``offset`` itself."""

    offset: int


class Driver:
    """``kind`` is ``char`` or ``block``; ``Refused`` says why a call fails."""

    kind: ClassVar[str] = "char"
    seekable: ClassVar[bool] = False

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def size(self) -> int:
        """Bytes on it, if that means anything."""
        return 0

    def read(
        self, machine: object, process: Caller, file: OpenFile, count: int
    ) -> bytes | Sleep | Spin:
        """Up to ``count`` bytes; none at the end of the device."""
        raise Refused(Errno.EINVAL)

    def write(
        self, machine: object, process: Caller, file: OpenFile, data: bytes
    ) -> int | Sleep | Spin:
        """How many of the bytes were taken."""
        raise Refused(Errno.EINVAL)

    def ioctl(
        self, machine: object, process: Caller, file: OpenFile, request: int, argument: int = 0
    ) -> int | Sleep | Spin:
        """All that is neither reading nor writing."""
        raise Refused(Errno.ENOTTY)
