"""What both disks have in common: blocks of 512 bytes, and a head that has to go there.

``seek`` ticks for every cylinder that the head crosses, then ``service`` ticks for a block, as in
``kernel.disk``. An order names a block and no way to it, so a policy that runs to the edge of the
disk before it turns cannot be told apart here from one that turns at the last request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from lab_kernel.clock import Clock
from lab_kernel.kernel.drivers.hardware.device import Device
from lab_kernel.trace import Trace

BLOCK = 512  # bytes


class Disk(Device):
    """``blocks`` on so many cylinders. ``bad`` blocks cannot be read; a write mends them."""

    model: ClassVar[str]

    def __init__(
        self,
        name: str,
        clock: Clock,
        trace: Trace,
        *,
        blocks: int = 800,
        per_cylinder: int = 4,
        seek: int = 10,
        service: int = 300,
        content: bytes = b"",
    ) -> None:
        super().__init__(name, clock, trace)
        self.blocks, self.per_cylinder = blocks, per_cylinder
        self.seek, self.service = seek, service
        self.content = bytearray(content[: blocks * BLOCK].ljust(blocks * BLOCK, b"\0"))
        self.bad: set[int] = set()
        self.head = 0  # cylinder
        self.crossed = 0

    def block(self, number: int) -> bytes:
        return bytes(self.content[number * BLOCK : (number + 1) * BLOCK])

    def _reach(self, block: int, write: bool, then: Callable[[], None]) -> None:
        """``then`` happens once the head is there and the block has passed under it."""
        cylinder = block // self.per_cylinder
        distance = abs(cylinder - self.head)
        name, now = f"{'W' if write else 'R'} {block}", self.clock.now
        if distance:
            self.trace.add(
                now, self.name, "seek", name, distance * self.seek, path=[self.head, cylinder]
            )
        begin = now + distance * self.seek
        self.trace.add(begin, self.name, "transfer", name, self.service, block=block, write=write)
        self.head, self.crossed = cylinder, self.crossed + distance
        self._later(distance * self.seek + self.service, then)

    def _put(self, block: int, data: bytes) -> None:
        self.content[block * BLOCK : (block + 1) * BLOCK] = data
        self.bad.discard(block)
