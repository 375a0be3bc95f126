"""Where a program takes requests: a socket, as a driver of the kernel that the program reads.

The program reads a request and writes the answer, by system calls. Nobody is told anything by
magic: a program that does not read does not answer, and one that is behind lets others wait.
A request to a port where nobody listens is refused at once; those that wait when the program
ends are reset.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab_kernel.kernel.answer import Sleep
from lab_kernel.kernel.drivers.driver import Driver, Wait

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process

REFUSED, RESET = 0, -1  # what stands in place of an HTTP status when there is no answer


@dataclass
class Request:
    """``kind`` is ``get`` or the name of a probe, ``work`` its CPU time in ms (None: the
    program's own). ``answered`` gets the status: 200, 503, REFUSED or RESET."""

    kind: str
    answered: Callable[[int], None]
    work: int | None = None
    details: dict[str, object] = field(default_factory=dict)


class Listener(Driver):
    """The listening socket of one container. ``machine`` wakes who sleeps in read."""

    def __init__(self, name: str, machine: Machine) -> None:
        super().__init__(name)
        self.machine = machine
        self.listening = False
        self._waiting: deque[int] = deque()
        self._open: dict[int, Request] = {}
        self._number = 0

    @property
    def waiting(self) -> int:
        """How many requests nobody has read yet."""
        return len(self._waiting)

    def send(self, request: Request) -> None:
        """A client connects and asks."""
        if not self.listening:
            request.answered(REFUSED)
            return
        self._number += 1
        self._open[self._number] = request
        self._waiting.append(self._number)
        self.machine.wake(("accept", self.name))

    def request(self, number: int) -> Request | None:
        return self._open.get(number)

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Wait:
        """The number, kind and work of the next request; the first read begins to listen."""
        self.listening = True
        if not self._waiting:
            return Sleep(("accept", self.name), "accept")
        number = self._waiting.popleft()
        request = self._open[number]
        work = "-" if request.work is None else request.work
        return f"{number} {request.kind} {work}".encode()

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        """``number status``: the answer to one of them."""
        number, status = map(int, data.split())
        request = self._open.pop(number, None)
        if request is not None:
            request.answered(status)
        return len(data)

    def release(self, machine: Machine, process: Process, file: OpenFile) -> None:
        self.close()

    def close(self) -> None:
        """The program has ended."""
        self.listening = False
        self._waiting.clear()
        reset, self._open = list(self._open.values()), {}
        for request in reset:
            request.answered(RESET)
