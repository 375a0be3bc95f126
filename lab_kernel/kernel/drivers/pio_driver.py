"""The driver of the PIO disk: it translates a request into ATA's registers.

With interrupts, the top half only reads ``status``, which quiets the disk; the bottom half
moves the 256 words. Polling reads ``status`` until the disk is ready, and moves them too.
"""

from __future__ import annotations

from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.pio_disk import BUSY, DRQ, ERR, READ, WORDS, WRITE, PioDisk
from lab_kernel.kernel.drivers.queue import Controller, Request
from lab_kernel.kernel.errno import Errno


class PioController(Controller):
    """One order at a time."""

    disk: PioDisk

    def __init__(self, board: Board, disk: PioDisk, *, polling: bool = False) -> None:
        super().__init__(board, disk)
        self._request: Request | None = None
        self.polling = polling
        if not polling:
            board.interrupts.connect(disk, self.top_half)

    def start(self, request: Request) -> None:
        bus, disk = self.board.bus, self.disk
        self._request = request
        bus.write(disk, "address", request.block)
        bus.write(disk, "count", 1)
        bus.write(disk, "command", WRITE if request.write else READ)
        if request.write:
            status = bus.read(disk, "status")
            if status & DRQ:
                bus.write_words(disk, "data", request.data)
            elif not self.polling:  # that read has quieted the line: nobody else will tell
                self.board.interrupts.defer(disk.name, lambda: self._finish(status))

    def top_half(self) -> bool:
        status = self.board.bus.read(self.disk, "status")
        self.board.interrupts.defer(self.disk.name, lambda: self._finish(status))
        return True

    def poll(self) -> None:
        if self._request is None:
            return
        status = self.board.bus.read(self.disk, "status")
        if status & ERR or not status & BUSY:
            self._finish(status)

    def _finish(self, status: int) -> None:
        request, self._request = self._request, None
        if request is None:
            return
        if not status & ERR and not request.write:
            request.data = self.board.bus.read_words(self.disk, "data", WORDS)
        self.done(request, Errno.EIO if status & ERR else None)
