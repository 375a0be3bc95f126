"""A disk as a file: bytes at an offset above, whole blocks below.

It keeps blocks that were used lately (the buffer cache), fetches a few more when it is read in
sequence (read-ahead), and turns a write of some bytes into reading, changing and writing a block.
A write returns when the disk has it. Left out: write-back, files and directories on the disk.

Nothing here knows which disk it is: that is the Controller's business.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from lab_kernel.kernel.answer import Sleep, Spin
from lab_kernel.kernel.drivers.driver import Driver, Wait
from lab_kernel.kernel.drivers.hardware.disk import BLOCK
from lab_kernel.kernel.drivers.queue import Queue, Request
from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process

BLKGETSIZE64 = 0x80081272  # linux/fs.h
MOST = 64  # blocks in one call; a call may always do less than was asked


@dataclass(slots=True)
class _Buffer:
    """A block in memory; ``writes`` are under way, and until they end it may not be dropped."""

    data: bytearray
    writes: int = 0


@dataclass(slots=True)
class _Pending:
    """What one call waits for. The place is kept: whoever shares the open file may move it."""

    start: int
    end: int
    reads: dict[int, Request] = field(default_factory=dict)
    writes: list[Request] = field(default_factory=list)


class BlockDriver(Driver):
    """``interval``: ticks between two looks when polling; None sleeps until an interrupt."""

    kind: ClassVar[str] = "block"
    seekable: ClassVar[bool] = True

    def __init__(
        self,
        name: str,
        queue: Queue,
        *,
        cache: int = 16,
        read_ahead: int = 0,
        interval: int | None = None,
    ) -> None:
        super().__init__(name)
        self.queue, self.read_ahead, self.interval = queue, read_ahead, interval
        self.cache = cache
        self.hits = self.misses = 0
        self._buffers: OrderedDict[int, _Buffer] = OrderedDict()
        self._reading: dict[int, Request] = {}
        self._expected = 0  # where a reader in sequence would go on

    @property
    def size(self) -> int:
        return self.queue.disk.blocks * BLOCK

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Wait:
        waiting: _Pending = process.pending or self._begin(file, count)
        if waiting.start >= waiting.end:
            return b""
        blocks = range(waiting.start // BLOCK, -(-waiting.end // BLOCK))
        if process.pending is None:
            process.pending = waiting
            waiting.reads = self._fetch(blocks)
        if again := self._wait(waiting.reads.values()):
            return again
        data = b"".join(waiting.reads[block].data for block in blocks)
        file.offset = waiting.end
        return data[waiting.start % BLOCK :][: waiting.end - waiting.start]

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int | Wait:
        waiting: _Pending = process.pending or self._begin(file, len(data))
        if not data:
            return 0
        if waiting.start >= waiting.end:
            raise Refused(Errno.ENOSPC)
        if process.pending is None:
            process.pending = waiting
            self._change_all(waiting, data)
        if again := self._wait(waiting.reads.values()) or self._wait(waiting.writes):
            return again
        file.offset = waiting.end
        return waiting.end - waiting.start

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int = 0
    ) -> int:
        if request == BLKGETSIZE64:
            return self.size
        raise Refused(Errno.ENOTTY)

    def _begin(self, file: OpenFile, count: int) -> _Pending:
        """A call for so many bytes: those on the disk, and not above MOST blocks."""
        if self.queue.gone:
            raise Refused(Errno.ENODEV)
        start = file.offset
        return _Pending(start, min(start + count, self.size, (start // BLOCK + MOST) * BLOCK))

    def _fetch(self, blocks: range) -> dict[int, Request]:
        """All of them, in memory or on their way, and those that will be wanted next."""
        found = {}
        for block in blocks:
            if buffer := self._buffers.get(block):  # as it is now: it may be dropped meanwhile
                self._buffers.move_to_end(block)
                found[block] = Request(block, data=bytes(buffer.data), finished=True)
                self.hits += 1
            else:
                found[block] = self._ask(block)
                self.misses += 1
        if blocks[0] == self._expected and self.interval is None:  # else nobody looks
            for block in range(blocks[-1] + 1, blocks[-1] + 1 + self.read_ahead):
                if block not in self._buffers and block < self.queue.disk.blocks:
                    self._ask(block)
        self._expected = blocks[-1] + 1
        self.queue.start()
        return found

    def _ask(self, block: int) -> Request:
        on_its_way = self._reading.get(block)
        if on_its_way is not None and not on_its_way.finished:
            return on_its_way
        request = Request(block, on_end=[self._arrived])
        self._reading[block] = request
        return self.queue.submit(request)

    def _arrived(self, request: Request) -> None:
        self._reading.pop(request.block, None)
        if request.error is None and request.block not in self._buffers:
            self._keep(request.block, bytearray(request.data))

    def _keep(self, block: int, data: bytearray) -> _Buffer:
        self._buffers[block] = kept = _Buffer(data)
        for old in [b for b, buffer in self._buffers.items() if not buffer.writes and b != block]:
            if len(self._buffers) <= self.cache:
                break
            del self._buffers[old]
        return kept

    def _change_all(self, waiting: _Pending, data: bytes) -> None:
        """Of a block that is cut the rest must be kept: it is changed once it has been read."""
        start, end = waiting.start, waiting.end
        for block in range(start // BLOCK, -(-end // BLOCK)):
            low, high = max(start, block * BLOCK), min(end, (block + 1) * BLOCK)
            part, at = data[low - start : high - start], low - block * BLOCK
            if len(part) == BLOCK or block in self._buffers:
                waiting.writes.append(self._change(block, at, part))
                continue

            def when_read(request: Request, part: bytes = part, at: int = at) -> None:
                if request.error is None:
                    waiting.writes.append(self._change(request.block, at, part))

            waiting.reads[block] = self._ask(block)
            waiting.reads[block].on_end.append(when_read)
        self.queue.start()

    def _change(self, block: int, at: int, part: bytes) -> Request:
        """Change the block in memory, and ask for what it then holds to be written."""
        buffer = self._buffers.get(block) or self._keep(block, bytearray(BLOCK))
        buffer.data[at : at + len(part)] = part
        buffer.writes += 1

        def written(request: Request) -> None:
            buffer.writes -= 1
            if request.error is not None and self._buffers.get(block) is buffer:
                del self._buffers[block]

        return self.queue.submit(
            Request(block, source=lambda: bytes(buffer.data), on_end=[written])
        )

    def _wait(self, requests: Collection[Request]) -> Wait | None:
        """How to wait for all of them; None once all are finished. An error fails the call."""
        polling = self.interval is not None and not all(one.finished for one in requests)
        if polling:
            self.queue.controller.poll()
        used = self.queue.board.bus.take()
        left = next((one for one in requests if not one.finished), None)
        if polling and left:
            return Spin(used + (self.interval or 0))
        if used:
            return Spin(used)  # the registers' time is the caller's
        if left:
            return Sleep(self.queue.channel(left), self.name, interruptible=False)
        for request in requests:
            if request.error is not None:
                raise Refused(request.error)
        return None
