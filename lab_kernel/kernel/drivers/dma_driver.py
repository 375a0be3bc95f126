"""The driver of the DMA disk: it translates a request into a descriptor and one doorbell.

The data are moved by the disk. What is left to the CPU is writing descriptors, ringing, and
looking which are done: a few accesses to memory, ``GLANCE`` ticks for one.
"""

from __future__ import annotations

from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware import dma_disk as hardware
from lab_kernel.kernel.drivers.hardware.disk import BLOCK
from lab_kernel.kernel.drivers.hardware.dma_disk import DESCRIPTOR, SLOTS, DmaDisk
from lab_kernel.kernel.drivers.queue import Controller, Request
from lab_kernel.kernel.errno import Errno

GLANCE = 1


class DmaController(Controller):
    """As many orders at a time as the ring has room for."""

    room = SLOTS

    def __init__(self, board: Board, disk: DmaDisk, *, polling: bool = False) -> None:
        super().__init__(board, disk)
        self.queue = board.ram.reserve(SLOTS * DESCRIPTOR.size)
        self.buffers = [board.ram.reserve(BLOCK) for _slot in range(SLOTS)]
        self._filled = self._seen = 0
        self._requests: dict[int, Request] = {}
        if not polling:
            board.interrupts.connect(disk, self.top_half, edge=True)
        board.bus.write(disk, "queue", self.queue)
        board.bus.take()  # at boot nobody pays

    def start(self, request: Request) -> None:
        ram, slot = self.board.ram, self._filled % SLOTS
        buffer = self.buffers[slot]
        if request.write:
            ram.data[buffer : buffer + BLOCK] = request.data
        operation = hardware.WRITE if request.write else hardware.READ
        descriptor = DESCRIPTOR.pack(
            operation, request.block, self.address(buffer), hardware.FILLED
        )
        at = self.queue + slot * DESCRIPTOR.size
        ram.data[at : at + DESCRIPTOR.size] = descriptor
        self.board.bus.work(GLANCE)
        self._requests[slot] = request
        self._filled += 1
        self.board.bus.write(self.disk, "doorbell", self._filled & 0xFFFF)

    def address(self, buffer: int) -> int:
        """Where the disk is told to find the data."""
        return buffer

    def top_half(self) -> bool:
        """A message needs no answer: there is no register to read."""
        self.board.interrupts.defer(self.disk.name, self.poll)
        return True

    def poll(self) -> None:
        ram = self.board.ram
        if ram.damaged:
            raise MemoryError("the kernel's own memory has been overwritten")
        while self._seen < self._filled:
            slot = self._seen % SLOTS
            at = self.queue + slot * DESCRIPTOR.size
            state = DESCRIPTOR.unpack_from(ram.data, at)[3]
            self.board.bus.work(GLANCE)
            if state not in (hardware.DONE, hardware.FAILED):
                return
            self._seen += 1
            request = self._requests.pop(slot)
            if not request.write:
                buffer = self.buffers[slot]
                request.data = bytes(ram.data[buffer : buffer + BLOCK])
            self.done(request, None if state == hardware.DONE else Errno.EIO)
