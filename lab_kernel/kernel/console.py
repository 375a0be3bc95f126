"""The console: where programs write, and what was typed for them to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process


class Console:
    """/dev/console. ``typed`` is read a line at a time; after it the input has ended."""

    name = "console"

    def __init__(self, typed: str = "") -> None:
        self._typed = typed.encode()
        self._written = bytearray()

    @property
    def text(self) -> str:
        """All that was written to it."""
        return self._written.decode("utf-8", "replace")

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes:
        line, end, _rest = self._typed[:count].partition(b"\n")
        self._typed = self._typed[len(line + end) :]
        return line + end

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        self._written += data
        return len(data)

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int
    ) -> int:
        raise Refused(Errno.ENOTTY)
