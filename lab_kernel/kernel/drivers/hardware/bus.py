"""The bus: how the CPU reaches the registers of devices.

An access to a register leaves the processor and waits for the device, so it takes far longer than
one to memory: ``access`` ticks (an example; about a microsecond on the old PC bus, which is why
``outb_p`` of Linux pauses by writing to an unused port). The bus adds up what the code that runs
at the moment has used; whoever runs it asks ``take`` and charges a process, or steals the time.
"""

from __future__ import annotations

from lab_kernel.clock import Clock
from lab_kernel.kernel.drivers.hardware.device import Device
from lab_kernel.trace import Trace


class Bus:
    """Every access is noted on the device's track as a ``register`` event."""

    def __init__(self, clock: Clock, trace: Trace, access: int = 1) -> None:
        self.clock, self.trace, self.access = clock, trace, access
        self.accesses = 0
        self._used = 0

    def read(self, device: Device, register: str) -> int:
        value = device.load(register)
        self._note(device, f"{register} → {value:#x}", 1, register=register, value=value)
        return value

    def write(self, device: Device, register: str, value: int) -> None:
        self._note(
            device, f"{register} ← {value:#x}", 1, register=register, value=value, write=True
        )
        device.store(register, value)

    def read_words(self, device: Device, register: str, words: int) -> bytes:
        """So many 16-bit words out of one register, low byte first: ``rep insw`` of x86."""
        self._note(device, f"{register} → {words} ×", words, register=register)
        return b"".join(device.load(register).to_bytes(2, "little") for _word in range(words))

    def write_words(self, device: Device, register: str, data: bytes) -> None:
        """The other way: ``rep outsw``."""
        words = len(data) // 2
        self._note(device, f"{register} ← {words} ×", words, register=register, write=True)
        for n in range(0, len(data), 2):
            device.store(register, int.from_bytes(data[n : n + 2], "little"))

    def work(self, ticks: int) -> None:
        """Time of the CPU that went elsewhere: into memory, into copying."""
        self._used += ticks

    def take(self) -> int:
        """Ticks of the CPU used since this was last asked."""
        used, self._used = self._used, 0
        return used

    def _note(self, device: Device, name: str, times: int, **details: object) -> None:
        self.accesses += times
        self._used += times * self.access
        self.trace.add(self.clock.now, device.name, "register", name, 0, times=times, **details)
