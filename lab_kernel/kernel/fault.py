"""The same fault, twice: in user mode it ends one process, in kernel mode the whole machine.

The processor reports what went wrong; whether the code that did it may take the machine with it
depends on the mode alone. A user's fault becomes a signal (Linux: SIGSEGV, SIGFPE). A fault in the
kernel itself has nobody above it to clean up, so the kernel stops rather than go on wrongly.
"""

from __future__ import annotations


class Stopped(Exception):
    """Nothing runs any more."""


class Panic(Stopped):
    """Kernel code cannot go on; ``Machine.panicked`` says why."""


class Halt(Stopped):
    """The machine was stopped in good order."""
