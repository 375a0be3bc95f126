"""The access log of a real nginx before a shop, for an hour, with faults that are known.

``tools.record.access_log`` made it. ``access`` is all that nginx logged; ``access-server`` and
``access-client`` are what the shop and the clients logged in nine minutes of it.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from lab_kernel.host import recording
from lab_kernel.sre.sli.access_log import AccessLog
from lab_kernel.sre.sli.event import Event

NAMES = ("access", "access-client", "access-server")


@dataclass(frozen=True, slots=True)
class Fault:
    """What was broken on purpose, from ``start`` to ``end`` in Unix seconds.

    ``kind`` is ``slow``, ``burst``, ``network``, ``outage`` or ``burn``; ``about`` says more.
    """

    kind: str
    start: float
    end: float
    amount: float
    about: str


def lines(name: str = "access") -> Iterator[str]:
    """The lines of one of the logs, as they were written."""
    packed = (files("lab_kernel") / "recordings" / f"{name}.log.gz").read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="ascii") as text:
        yield from text


@cache
def events(name: str = "access") -> tuple[Event, ...]:
    """All events of one of the logs; kept, since they take a moment to read."""
    return tuple(AccessLog(lines(name)))


def told() -> dict[str, Any]:
    """How it was made: ``start`` and ``end`` in Unix seconds, ``rate``, ``workers`` and so on."""
    return recording("access").metadata


def faults() -> list[Fault]:
    """In order of time."""
    return [Fault(**each) for each in told()["faults"]]
