"""Devices without hardware: the contract alone is enough.

Sources: the manual pages null(4), full(4).
"""

from __future__ import annotations

from lab_kernel.kernel.drivers.driver import Caller, Driver, OpenFile
from lab_kernel.kernel.errno import Errno, Refused


class Null(Driver):
    """/dev/null: nothing to read, and what is written is gone."""

    def read(self, machine: object, process: Caller, file: OpenFile, count: int) -> bytes:
        return b""

    def write(self, machine: object, process: Caller, file: OpenFile, data: bytes) -> int:
        return len(data)


class Zero(Null):
    """/dev/zero: as many zero bytes as anybody wants."""

    def read(self, machine: object, process: Caller, file: OpenFile, count: int) -> bytes:
        return bytes(count)


class Full(Zero):
    """/dev/full: always full."""

    def write(self, machine: object, process: Caller, file: OpenFile, data: bytes) -> int:
        raise Refused(Errno.ENOSPC)
