"""Where a program takes requests: a socket, as a driver of the kernel that the program reads.

The program reads a request and writes the answer, by system calls. Nobody is told anything by
magic: a program that does not read does not answer, and one that is behind lets others wait.
A request to a port where nobody listens is refused at once; those that wait when the program
ends are reset.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lab_kernel.kernel.answer import Sleep
from lab_kernel.kernel.drivers.driver import Driver, Wait
from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process

REFUSED, RESET = 0, -1  # what stands in place of an HTTP status when there is no answer
BUSY = 503
BACKLOG = 1  # the ioctl that sets it


@dataclass
class Request:
    """``kind`` is ``get`` or the name of a probe, ``work`` its CPU time in ms (None: the
    program's own). ``answered`` gets the status: 200, 503, REFUSED or RESET. ``headers`` are
    words without spaces; ``arrived`` is set by the socket."""

    kind: str
    answered: Callable[[int], None]
    work: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    arrived: int = 0


class Listener(Driver):
    """The listening socket of one container. ``machine`` wakes who sleeps in read.

    Several processes may read: each request wakes one of them. ``backlog`` is how many may wait
    when all of them are busy (None: any number); those after them are answered 503 at once.
    """

    def __init__(self, name: str, machine: Machine) -> None:
        super().__init__(name)
        self.machine = machine
        self.listening = False
        self.backlog: int | None = None
        self._idle: set[int] = set()  # processes that wait for a request
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
        if self.backlog is not None and self.waiting - len(self._idle) >= self.backlog:
            request.answered(BUSY)
            return
        self._number += 1
        request.arrived = self.machine.clock.now
        self._open[self._number] = request
        self._waiting.append(self._number)
        self.machine.wake(("accept", self.name), 1)

    def request(self, number: int) -> Request | None:
        return self._open.get(number)

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Wait:
        """The number, kind and work of the next request; the first read begins to listen.

        If it has headers they follow, and how many ms it has waited here (Linux: SO_TIMESTAMP).
        """
        self.listening = True
        if not self._waiting:
            self._idle.add(process.pid)
            return Sleep(("accept", self.name), "accept")
        self._idle.discard(process.pid)
        number = self._waiting.popleft()
        request = self._open[number]
        work = "-" if request.work is None else request.work
        line = f"{number} {request.kind} {work}"
        if request.headers:
            headers = " ".join(f"{name}={value}" for name, value in request.headers.items())
            line = f"{line} {headers} waited={machine.clock.now - request.arrived}"
        return line.encode()

    def ioctl(
        self, machine: Machine, process: Process, file: OpenFile, request: int, argument: int = 0
    ) -> int:
        """Set the backlog, as listen(2) does."""
        if request != BACKLOG or argument < 0:
            raise Refused(Errno.EINVAL)
        self.backlog = argument
        return 0

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
        self._idle.clear()
        reset, self._open = list(self._open.values()), {}
        for request in reset:
            request.answered(RESET)
