"""What kernel code may answer in place of a result: wait, or look again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Sleep:
    """Returned by a handler: nothing to do until somebody wakes this channel.

    The handler is then run again (xv6's sleep and wakeup). No signal reaches a process that
    sleeps uninterruptibly: a device may be writing into its memory.
    """

    channel: Any
    reason: str
    interruptible: bool = True


@dataclass(frozen=True, slots=True)
class Spin:
    """Returned by a handler: look again after so many ticks of CPU in kernel mode (polling)."""

    ticks: int
