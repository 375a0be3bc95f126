"""The terminal is after a container as it was before, whatever the program in it did."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def kept() -> Iterator[None]:
    """Put back the settings (echo, raw mode) and whose turn it is to read (foreground group)."""
    fd = _terminal()
    if fd is None:
        yield
        return
    import termios

    settings, foreground = termios.tcgetattr(fd), os.tcgetpgrp(fd)
    try:
        yield
    finally:
        # a shell in the container may have made itself the foreground; then we would be stopped
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        with contextlib.suppress(OSError, termios.error):
            os.tcsetpgrp(fd, foreground)
            termios.tcsetattr(fd, termios.TCSADRAIN, settings)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _terminal() -> int | None:
    """Our controlling terminal, if standard input or output is one."""
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            fd = stream.fileno()  # type: ignore[union-attr]
            if os.isatty(fd):
                os.tcgetpgrp(fd)  # OSError: a terminal, but not ours
                return fd
    return None
