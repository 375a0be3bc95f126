"""A deadline that travels with the call: whoever gets a request knows how long its answer counts.

On the wire stands how many ms are ``left``, as in gRPC's header grpc-timeout, so that no two
machines need the same clock. Whoever receives it makes a moment of its own clock of it, and that
is what calls further down are measured by. What has waited longer than that in the queue is not
worth any work: nobody reads the answer any more.

    Service("shop", work=100, answers=timely)
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any

from lab_kernel.microservices.calls import GATEWAY_TIMEOUT
from lab_kernel.microservices.program import Handling, answer
from lab_kernel.microservices.service import Answers, Service

WIRE, HERE = "left", "deadline"  # headers: ms on the way, a moment in the program


def of(headers: Mapping[str, str]) -> int | None:
    """The moment until which the request that is being served counts."""
    return int(headers[HERE]) if HERE in headers else None


def left(timeout: int | None, remaining: int | None) -> dict[str, str]:
    """The header for a try: no longer than the caller waits, or than the deadline is away."""
    times = [time for time in (timeout, remaining) if time is not None]
    return {WIRE: str(min(times))} if times else {}


def timely(
    service: Service, handling: Handling, then: Answers = answer
) -> Generator[Any, Any, int]:
    """Answer 504 at once when the time is over, or would be before the work is done."""
    headers = dict(handling.headers)
    if WIRE in headers:
        remaining = int(headers.pop(WIRE)) - int(handling.notes.get("waited", 0))
        need = service.work if isinstance(service.work, int | float) else 0
        if remaining <= need:
            return GATEWAY_TIMEOUT
        headers[HERE] = str(handling.desk.now() + remaining)
        handling.headers = headers
    return (yield from then(service, handling))
