"""The driver as a program like any other, and the program that watches over it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.microkernel.port import IN
from lab_kernel.kernel.microkernel.thermometer import AVERAGE, Thermometer
from lab_kernel.kernel.open_file import O_RDWR
from lab_kernel.kernel.program import Compute
from lab_kernel.kernel.syscalls import Exit, Fork, Ioctl, Open, Read, Wait4, Write


def server(path: str) -> Generator[Any, Any, None]:
    """Serve requests until something goes wrong.

    It may not touch the device itself: each reading of the register is one more system call.
    """
    driver = Thermometer()
    port = yield Open(path, O_RDWR)
    while True:
        request = yield Read(port)
        if isinstance(request, int):  # another server has the port
            yield Exit(1)
        number, verb, *arguments = request.decode().split()
        answer: Any
        if verb == "read":
            readings = []
            for _ in range(driver.average):
                readings.append((yield Ioctl(port, IN)))
            yield Compute(1)
            answer = b"ok\n" + driver.value(readings)[: int(arguments[0])]
        elif arguments[0] == str(AVERAGE) and 0 <= int(arguments[1]) <= 255:
            driver.set(int(arguments[1]))
            answer = b"0\n"
        else:
            answer = b"%d\n" % -Errno.EINVAL
        yield Write(port, number.encode() + b" " + answer)


def supervisor(path: str, most: int = 5) -> Generator[Any, Any, None]:
    """Start the server, and start it again when it has crashed; give up after ``most`` crashes.

    MINIX 3 calls its own the reincarnation server. A new server remembers nothing of the old one.
    """
    for _ in range(most):
        yield Fork(server, path)
        ended = yield Wait4()
        if not ended.signal:
            return
