"""Where a program asks others: the sockets of a container's own requests, as a driver.

A program writes ``TICKET ask SERVICE TIMEOUT NAME=VALUE...`` or ``TICKET wake MS`` and reads
``TICKET STATUS TIME`` for each that is over, in the order in which they end: one read waits for all
that are under way, as epoll does. The program chooses the tickets. ``TIMEOUT`` is in ms, ``-`` for
none; ``TIME`` is when the answer came, in ms on the cluster's clock; the status of a wake is 0.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from lab_kernel.cloud_native.network import Route
from lab_kernel.kernel.answer import Sleep
from lab_kernel.kernel.drivers.driver import Driver, Wait
from lab_kernel.kernel.errno import Errno, Refused

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process


class Caller(Driver):
    """Each process opens it for itself and hears only of what it has asked."""

    def __init__(self, name: str, machine: Machine, route: Route) -> None:
        super().__init__(name)
        self.machine, self.route = machine, route

    def write(self, machine: Machine, process: Process, file: OpenFile, data: bytes) -> int:
        """Begin one; EINVAL for what is neither of the two."""
        words = data.decode(errors="replace").split()

        def over(status: int) -> None:
            done(file).append(f"{words[0]} {status} {machine.clock.now}")
            machine.wake(("answer", file))

        try:
            match words:
                case [_ticket, "ask", service, timeout, *given]:
                    headers = dict(word.split("=", 1) for word in given)
                    most = None if timeout == "-" else int(timeout)
                case [_ticket, "wake", pause]:
                    machine.clock.after(int(pause), lambda: over(0))
                    return len(data)
                case _:
                    raise ValueError
        except ValueError:
            raise Refused(Errno.EINVAL) from None
        self.route.ask(service, over, most, headers)
        return len(data)

    def read(self, machine: Machine, process: Process, file: OpenFile, count: int) -> bytes | Wait:
        """The next that is over."""
        if not done(file):
            return Sleep(("answer", file), "answer")
        return done(file).popleft().encode()


def done(file: OpenFile) -> deque[str]:
    """What is over and has not been read yet."""
    if file.state is None:
        file.state = deque()
    found: deque[str] = file.state
    return found
