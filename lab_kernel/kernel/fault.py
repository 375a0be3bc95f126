"""The same fault, twice: in user mode it ends one process, in kernel mode the whole machine.

The processor reports what went wrong; whether the code that did it may take the machine with it
depends on the mode alone. A user's fault becomes a signal (Linux: SIGSEGV, SIGFPE). A fault in the
kernel itself has nobody above it to clean up, so the kernel stops rather than go on wrongly.
"""

from __future__ import annotations


def oops(error: Exception) -> str:
    """What went wrong in kernel code. Python's own words for a division differ by its version."""
    if isinstance(error, ZeroDivisionError):
        return "divide error"
    return f"{type(error).__name__}: {error}"


class Stopped(Exception):
    """Nothing runs any more."""


class Panic(Stopped):
    """Kernel code cannot go on; ``Machine.panicked`` says why."""


class Halt(Stopped):
    """The machine was stopped in good order."""
