"""A disk whose data pass word by word through a register: programmed input and output, PIO.

In the spirit of ATA: write ``address`` (the block) and ``count``, then ``command``. At each block
the device sets DRQ in ``status`` and raises its line; the CPU then moves 256 words of 16 bits
through ``data``. Reading ``status`` acknowledges the interrupt. Left out: two drives on a cable,
the splitting of the address over several registers, and ``command`` and ``status`` being one
address. Source: ATA/ATAPI Command Set, T13, READ SECTORS (20h) and WRITE SECTORS (30h).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from lab_kernel.kernel.drivers.hardware.disk import BLOCK, Disk

READ, WRITE = 0x20, 0x30
ERR, DRQ, READY, BUSY = 0x01, 0x08, 0x40, 0x80  # bits of status
WORDS = BLOCK // 2


class PioDisk(Disk):
    """One order at a time; a command while it is busy is ignored."""

    model = "PIO"
    registers: ClassVar[Mapping[str, int]] = {
        "data": 16,
        "count": 8,
        "address": 28,
        "command": 8,
        "status": 8,
    }
    _status, _command, _at, _left = READY, 0, 0, 0
    _buffer = b""  # on its way to the CPU, or from it

    def _load(self, register: str) -> int:
        if register == "status":
            self._lower()
            return self._status
        if register == "data" and self._status & DRQ and self._command == READ:
            word, self._buffer = int.from_bytes(self._buffer[:2], "little"), self._buffer[2:]
            if not self._buffer:
                self._next()
            return word
        return {"count": self._left, "address": self._at}.get(register, 0)

    def _store(self, register: str, value: int) -> None:
        if register == "data" and self._status & DRQ and self._command == WRITE:
            self._buffer += value.to_bytes(2, "little")
            if len(self._buffer) == BLOCK:
                self._status = READY | BUSY
                self._reach(self._at, True, self._written)
        elif self._status & (BUSY | DRQ):
            return
        elif register == "count":
            self._left = value
        elif register == "address":
            self._at = value
        elif register == "command" and value in (READ, WRITE):
            self._command = value
            self._begin()

    def _begin(self) -> None:
        """Set about the block at ``_at``."""
        if self._at >= self.blocks:
            self._fail()
        elif self._command == READ:
            self._status = READY | BUSY
            self._reach(self._at, False, self._have_read)
        else:
            self._buffer, self._status = b"", READY | DRQ

    def _have_read(self) -> None:
        if self._at in self.bad:
            self._fail()
            return
        self._buffer, self._status = self.block(self._at), READY | DRQ
        self._raise()

    def _written(self) -> None:
        self._put(self._at, self._buffer)
        self._next()
        self._raise()

    def _next(self) -> None:
        self._at, self._left, self._status = self._at + 1, self._left - 1, READY
        if self._left > 0:
            self._begin()

    def _fail(self) -> None:
        self._status = READY | ERR
        self._raise()
