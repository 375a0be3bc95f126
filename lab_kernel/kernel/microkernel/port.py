"""A device node whose driver is a process: what a client asks becomes a message to a server.

A client reads the device and sleeps. The server reads the request from a node of its own, works
in user mode, and writes the answer, which wakes the client. When the server ends, the client whose
request it was serving gets EIO; requests that still wait are the next server's.
Sources: Linux, Documentation/filesystems/fuse.rst; J. N. Herder et al., "Failure Resilience for
Device Drivers", DSN 2007 (MINIX 3).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab_kernel.kernel.answer import Sleep
from lab_kernel.kernel.drivers.driver import Driver
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.microkernel.thermometer import Sensor

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process

IN = 1  # the server's ioctl: read the device's register for me (MINIX 3: SYS_DEVIO)


@dataclass(slots=True, eq=False)
class Request:
    """``answer`` is what the client's call returns: bytes, or a number, negative for an errno."""

    number: int
    message: bytes
    answer: bytes | int | None = None


class Port:
    """``client`` and ``server`` are the drivers of its two device nodes."""

    def __init__(self, sensor: Sensor, name: str = "thermometer") -> None:
        self.name, self.sensor = name, sensor
        self.waiting: deque[Request] = deque()
        self.served: Request | None = None
        self.owner: OpenFile | None = None
        self._number = 0
        self.client, self.server = _ClientEnd(self), _ServerEnd(self)

    def ask(self, machine: Machine, process: Process, message: str) -> Any:
        """Wait for the answer; called again when there may be one."""
        request = process.pending
        if request is None:
            self._number += 1
            request = Request(self._number, f"{self._number} {message}\n".encode())
            process.pending = request
            self.waiting.append(request)
            machine.wake(self)
        if request.answer is None:  # no signal reaches it: the server may be using the device
            return Sleep(request, self.name, interruptible=False)
        if isinstance(request.answer, int) and request.answer < 0:
            raise Refused(Errno(-request.answer))
        return request.answer

    def answer(self, machine: Machine, answer: bytes | int) -> None:
        """The request being served is done."""
        request, self.served = self.served, None
        assert request is not None
        request.answer = answer
        machine.wake(request)


class _ClientEnd(Driver):
    def __init__(self, port: Port) -> None:
        super().__init__(port.name)
        self._port = port

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> Any:
        return self._port.ask(machine, process, f"read {count}")

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int = 0
    ) -> Any:
        return self._port.ask(machine, process, f"ioctl {request} {argument}")


class _ServerEnd(Driver):
    """Only one server at a time: EBUSY for another."""

    def __init__(self, port: Port) -> None:
        super().__init__(f"{port.name} requests")
        self._port = port

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> Any:
        """The oldest request as a line, ``7 read 4096``; sleeps until there is one."""
        self._own(file)
        if self._port.served is not None:
            raise Refused(Errno.EINVAL)  # answer that one first
        if not self._port.waiting:
            return Sleep(self._port, "request")
        self._port.served = self._port.waiting.popleft()
        return self._port.served.message

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        """The answer: ``7 ok`` and what was read, or ``7`` and a number. EINVAL for anything else.

        The kernel believes a server no more than it believes any other process.
        """
        self._own(file)
        served, (head, _end, body) = self._port.served, data.partition(b"\n")
        number, _space, result = head.partition(b" ")
        if served is None or number != str(served.number).encode():
            raise Refused(Errno.EINVAL)
        if result == b"ok":
            self._port.answer(machine, body)
        elif result == b"0" or (result[:1] == b"-" and result[1:].decode() in _ERRNOS):
            self._port.answer(machine, int(result))
        else:
            raise Refused(Errno.EINVAL)
        return len(data)

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int = 0
    ) -> int:
        self._own(file)
        if request != IN:
            raise Refused(Errno.ENOTTY)
        machine.note(process, "device", "register", readings=1)
        return self._port.sensor.register()

    def release(self, machine: Machine, process: Process, file: OpenFile) -> None:
        """The server has ended, in whatever way."""
        if self._port.owner is file:
            self._port.owner = None
            if self._port.served is not None:
                self._port.answer(machine, -Errno.EIO)

    def _own(self, file: OpenFile) -> None:
        if self._port.owner not in (None, file):
            raise Refused(Errno.EBUSY)
        self._port.owner = file


_ERRNOS = frozenset(str(errno.value) for errno in Errno)
