"""Devices without hardware: the contract alone is enough.

Sources: the manual pages null(4), full(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_kernel.kernel.drivers.driver import Driver
from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process


class Null(Driver):
    """/dev/null: nothing to read, and what is written is gone."""

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes:
        return b""

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        return len(data)


class Zero(Null):
    """/dev/zero: as many zero bytes as anybody wants."""

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes:
        return bytes(count)


class Full(Zero):
    """/dev/full: always full."""

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        raise Refused(Errno.ENOSPC)
