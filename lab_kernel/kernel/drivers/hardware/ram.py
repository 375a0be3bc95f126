"""The memory that devices reach by themselves: direct memory access, DMA.

The device writes where its orders say, past the page tables and past every check of the kernel.
The lowest ``kernel`` bytes stand for the kernel's own code and tables; ``damaged`` says whether a
device has written there. With an IOMMU a device reaches only what was granted to it.
Left out: caches, and the ordering of writes (the barriers of a real driver).
"""

from __future__ import annotations


class OutOfBounds(Exception):
    """The IOMMU stopped the access, or there is no such address."""


class Ram:
    """``size`` bytes, handed out by ``reserve`` and never given back."""

    def __init__(self, size: int = 1 << 16, kernel: int = 4096, *, iommu: bool = False) -> None:
        self.data = bytearray(size)
        self.kernel, self.iommu = kernel, iommu
        self.damaged = False
        self._free = kernel
        self._granted: list[range] = []

    def reserve(self, size: int) -> int:
        """The address of ``size`` bytes that a device may reach from now on."""
        address = self._free
        if address + size > len(self.data):
            raise MemoryError(f"no {size} bytes left for a device")
        self._free += size
        self._granted.append(range(address, address + size))
        return address

    def read(self, address: int, size: int) -> bytes:
        """A device reads."""
        self._check(address, size)
        return bytes(self.data[address : address + size])

    def write(self, address: int, data: bytes) -> None:
        """A device writes."""
        self._check(address, len(data))
        self.damaged |= address < self.kernel
        self.data[address : address + len(data)] = data

    def _check(self, address: int, size: int) -> None:
        if not 0 <= address <= len(self.data) - size:
            raise OutOfBounds(f"{address:#x}")
        if self.iommu and not any(
            address in area and address + size <= area.stop for area in self._granted
        ):
            raise OutOfBounds(f"{address:#x}")
