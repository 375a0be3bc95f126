"""A serial line as a file: bytes below, whole lines above.

The top half empties the device's FIFO into the kernel's buffer, at once, because the FIFO is small
and what does not fit is lost. The bottom half puts lines together: a backspace takes the last
byte back, Control-D ends the input. A reader sleeps until there is a line. Polling has no
interrupt: the reader looks itself, and only as long as it reads.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from lab_kernel.kernel.answer import Sleep, Spin
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.driver import Driver, Wait
from lab_kernel.kernel.drivers.hardware.serial import OVERRUN, READY, Serial
from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process

TIOCINQ = 0x541B  # asm-generic/ioctls.h: how many bytes can be read
BACKSPACE, END, NEWLINE = 0x7F, 0x04, 0x0A


class LineDriver(Driver):
    """``interval``: ticks between two looks when polling; None sleeps until an interrupt."""

    def __init__(
        self,
        board: Board,
        device: Serial,
        *,
        interval: int | None = None,
        priority: int = 0,
        cpu: int = 0,
    ) -> None:
        super().__init__(device.name)
        self.board, self.device, self.interval = board, device, interval
        self.gone = False
        self.overruns = 0  # as often as the device has told of one
        self._raw: deque[int] = deque()  # from the top half to the bottom half
        self._line = bytearray()
        self._lines: deque[bytes] = deque()
        device.on_unplug = self._unplugged
        if interval is None:
            board.interrupts.connect(device, self.top_half, priority=priority, cpu=cpu)

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Wait:
        if self.gone:
            raise Refused(Errno.ENODEV if process.pending is None else Errno.EIO)
        process.pending = True
        if self.interval is not None and not self._lines:
            self.drain()
            self.cook()
        used = self.board.bus.take()
        if not self._lines:
            if self.interval is None:
                return Sleep(self.name, self.name)
            return Spin(used + self.interval)
        if used:
            return Spin(used)
        line = self._lines.popleft()
        if len(line) > count:
            self._lines.appendleft(line[count:])
        return line[:count]

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int | Wait:
        if self.gone:
            raise Refused(Errno.EIO)
        if process.pending is None:
            process.pending = len(data)
            for byte in data:
                self.board.bus.write(self.device, "data", byte)
            return Spin(self.board.bus.take())
        taken: int = process.pending
        return taken

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int = 0
    ) -> int:
        if request == TIOCINQ:
            return sum(map(len, self._lines))
        raise Refused(Errno.ENOTTY)

    def top_half(self) -> bool:
        if not self.drain():
            return False
        self.board.interrupts.defer(self.name, self.cook)
        return True

    def drain(self) -> int:
        """Take all that the FIFO holds; how many bytes that was."""
        taken = 0
        while (status := self.board.bus.read(self.device, "status")) & READY and not self.gone:
            self.overruns += bool(status & OVERRUN)
            self._raw.append(self.board.bus.read(self.device, "data"))
            taken += 1
        return taken

    def cook(self) -> None:
        """Put lines together, and wake whoever waits for one."""
        while self._raw:
            byte = self._raw.popleft()
            if byte == BACKSPACE:
                del self._line[-1:]
                continue
            if byte != END:
                self._line.append(byte)
            if byte in (NEWLINE, END):
                self._lines.append(bytes(self._line))
                self._line.clear()
        if self._lines:
            self.board.wake(self.name)

    def _unplugged(self) -> None:
        self.gone = True
        self.board.wake(self.name)
