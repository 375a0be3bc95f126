"""One event: something that a service did once, and that can be called good or bad."""

from __future__ import annotations

from typing import NamedTuple


class Event(NamedTuple):
    """A request that has ended.

    ``time`` is when it ended, in Unix seconds (UTC): that is what a server logs. ``seconds`` is
    how long it took, ``bytes`` what was sent of the body. ``path`` comes without the query.
    A request that was not HTTP has no ``method``, and its ``path`` is all there was of it.

    A tuple, since a log has millions of them.
    """

    time: float
    seconds: float = 0.0
    status: int = 200
    bytes: int = 0
    method: str = "GET"
    path: str = "/"
    agent: str = ""
    address: str = ""

    @property
    def begin(self) -> float:
        """When it came in; as exact as ``time``."""
        return self.time - self.seconds
