"""What the processes of a start tell the one that waits for them: lines of JSON through a pipe.

The pipe's end is the message that the program runs, because execve closes it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from lab_kernel.host.reasons import reason


class Failed(Exception):
    """A step that was refused, or a program that could not be started (``exec``).

    ``number`` is the kernel's errno, 0 where it was we who refused.
    """

    def __init__(self, step: str, number: int, why: str) -> None:
        self.step, self.number, self.why = step, number, why
        super().__init__(f"{step}: {why}")


class Report:
    """Made before the fork; each side then uses its own end."""

    def __init__(self) -> None:
        self._read, self.fd = os.pipe()

    def write(self, kind: str, value: Any) -> None:
        os.write(self.fd, json.dumps([kind, value]).encode() + b"\n")

    def failed(self, step: str, error: OSError) -> None:
        self.write("failed", [step, error.errno or 0, reason(error)])

    def close(self) -> None:
        os.close(self.fd)

    def read(self) -> Iterator[tuple[str, Any]]:
        """What is told, until nobody is left to tell. Raises Failed."""
        self.close()
        with os.fdopen(self._read, encoding="utf-8") as lines:
            for line in lines:
                kind, value = json.loads(line)
                if kind == "failed":
                    raise Failed(*value)
                yield kind, value
