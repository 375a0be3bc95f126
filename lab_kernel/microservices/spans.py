"""Spans: what one request did where, and for whom, written into the cluster's Trace.

Each request that comes from outside begins a trace. A span is one piece of it: a ``client`` span
from sending a try to its answer, a ``server`` span from taking a request off the socket to the
answer. Each knows its parent, because the ids travel in the header ``traceparent``:

    00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01

Source: W3C, "Trace Context", 2021: version, trace id, parent's span id, flags (01: sampled). Ids
come from a seeded generator. In the Trace a span is an event on the track ``span/SERVICE``, its
ids and its status in the details. Left out: what writing spans down costs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from lab_kernel.cloud_native.record import Record

TRACK = "span/"


@dataclass(frozen=True, slots=True)
class Context:
    """Which trace, which span of it, and whether it is written down."""

    trace: int
    span: int
    sampled: bool = True

    def header(self) -> str:
        return f"00-{self.trace:032x}-{self.span:016x}-{self.sampled:02x}"

    @classmethod
    def read(cls, header: str) -> Context:
        _version, trace, span, flags = header.split("-")
        return cls(int(trace, 16), int(span, 16), bool(int(flags, 16) & 1))


@dataclass(slots=True)
class Span:
    """One that has begun, at ``begin`` ms. ``parent`` is 0 for the first of a trace."""

    kind: str
    service: str
    pod: str
    name: str
    begin: int
    context: Context
    parent: int
    details: dict[str, Any] = field(default_factory=dict)


class Spans:
    """Begins spans and writes them down when they end."""

    def __init__(self, record: Record, seed: int) -> None:
        self._record, self._ids = record, Random(f"ids {seed}")

    def root(self, sampled: bool = True) -> Context:
        """A new trace, without a span yet."""
        return Context(self._ids.getrandbits(128) or 1, 0, sampled)

    def begin(
        self,
        kind: str,
        service: str,
        pod: str,
        name: str,
        time: int,
        parent: Context,
        **details: Any,
    ) -> Span:
        context = Context(parent.trace, self._ids.getrandbits(64) or 1, parent.sampled)
        return Span(kind, service, pod, name, time, context, parent.span, details)

    def end(self, span: Span, status: int, time: int) -> None:
        if span.context.sampled:
            self._record.span(
                TRACK + span.service,
                span.kind,
                span.name,
                span.begin,
                until=time,
                trace=f"{span.context.trace:032x}",
                span=f"{span.context.span:016x}",
                parent=f"{span.parent:016x}" if span.parent else "",
                pod=span.pod,
                status=status,
                **span.details,
            )
