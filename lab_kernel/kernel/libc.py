"""What C's library adds to a system call: a name, and ``errno``.

The kernel answers with one number, and a failure is a negative one: -2 is ENOENT. The library turns
that into -1 and leaves 2 in the variable ``errno``. The kernel knows nothing of that variable, and
a call that succeeds does not clear it.
Source: syscalls(2), errno(3); the range is MAX_ERRNO of Linux, include/linux/err.h.
"""

from __future__ import annotations

from typing import Any

from lab_kernel.kernel.errno import Errno

MAX_ERRNO = 4095


class Libc:
    """The library as one process has it: ``fd = libc.returned((yield Open("/etc/hosts")))``."""

    def __init__(self) -> None:
        self.errno = 0

    def returned(self, result: Any) -> Any:
        """What the C function returns for what the kernel returned."""
        if type(result) in (int, Errno) and -MAX_ERRNO <= result < 0:
            self.errno = -result
            return -1
        return result

    def perror(self, said: str) -> str:
        """The line that perror(3) writes: what was tried, and why it did not go."""
        known = self.errno in {one.value for one in Errno}
        return f"{said}: {Errno(self.errno).meaning if known else self.errno}"
