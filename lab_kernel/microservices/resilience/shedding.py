"""Load shedding by a server: work that comes too late is not begun.

Three rules, from the simplest to the one that knows most:

    a bound          ``Service(queue=8)``: the ninth that waits is answered 503 at once
    controlled delay what has waited too long is answered 503 without work (``ControlledDelay``)
    a deadline       what nobody waits for any more is answered 504 without work (``deadline``)

Controlled delay is the variant that Facebook uses of Nichols and Jacobson's CoDel (Maurer, "Fail
at Scale", ACM Queue, 2015): usually a request may wait ``interval``; when the queue has not been
empty for that long, so that it is no burst but an overload, only ``target``. The published numbers
are 100 and 5 ms, for work that is much shorter than a millisecond.

Left out: serving the newest first while overloaded (adaptive LIFO), which Facebook combines with
it; and what turning away costs the server, which here is nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.microservices.calls import BUSY
from lab_kernel.microservices.program import Handling, answer
from lab_kernel.microservices.service import Service


@dataclass(frozen=True, slots=True)
class ControlledDelay:
    """For ``Service(answers=...)``. Times in ms. The queue counts as empty when a request is taken
    that has not waited; all workers of a pod share that memory."""

    interval: int = 100
    target: int = 5

    def limit(self, now: int, empty: int) -> int:
        """How long a request may have waited, when the queue was last empty at ``empty``."""
        return self.target if now - empty > self.interval else self.interval

    def __call__(self, service: Service, handling: Handling) -> Generator[Any, Any, int]:
        desk, waited = handling.desk, int(handling.notes.get("waited", 0))
        now = desk.now()
        if not waited:
            desk.memory["empty"] = now
        if waited > self.limit(now, desk.memory.get("empty", now)):
            return BUSY
        return (yield from answer(service, handling))
