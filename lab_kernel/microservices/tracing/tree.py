"""The spans of one request as a tree: each below the one that caused it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.calls import OK
from lab_kernel.microservices.spans import TRACK
from lab_kernel.trace import Event, Trace


@dataclass(frozen=True, slots=True)
class Node:
    """A span that has ended. Times in ms; ``waited`` is how long the request had stood in the
    socket's queue when the span began, ``children`` are in order of their beginnings."""

    trace: str
    span: str
    parent: str
    service: str
    pod: str
    kind: str  # client, server or internal
    name: str
    begin: float
    end: float
    status: int | None = None
    waited: float = 0
    tries: int = 1
    children: tuple[Node, ...] = ()

    @property
    def duration(self) -> float:
        return self.end - self.begin

    @property
    def failed(self) -> bool:
        return self.status is not None and not OK <= self.status < 500

    def walk(self) -> Iterator[Node]:
        """This one and all below it, in depth first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def served(self) -> Node | None:
        """The server's span of this call, if this is the client's and it was recorded."""
        only = self.children[0] if len(self.children) == 1 else None
        return only if self.kind == "client" and only and only.kind == "server" else None


def trees(trace: Trace, per_ms: int = 1) -> list[Node]:
    """The trees in a Trace that has ``per_ms`` ticks in a ms, in order of their beginnings."""
    return grow(_node(event, per_ms) for event in trace.where(lambda e: e.track.startswith(TRACK)))


def _node(event: Event, per_ms: int) -> Node:
    def ms(ticks: int) -> float:
        return ticks // per_ms if ticks % per_ms == 0 else ticks / per_ms

    details = {"pod": "", "status": None, "waited": 0, "tries": 1, **event.details}
    types = [type(details.get(name)) for name in ("trace", "span", "parent", "pod")]
    counts = [type(details[name]) for name in ("status", "waited", "tries")]
    if (
        event.kind not in ("client", "server", "internal")
        or types != [str] * 4
        or not set(counts) <= {int, type(None)}
    ):
        message = _("the event at {time} is no span")
        raise BadInput("spans", message.format(time=event.time))
    return Node(
        trace=details["trace"],
        span=details["span"],
        parent=details["parent"],
        service=event.track.removeprefix(TRACK),
        pod=details["pod"],
        kind=event.kind,
        name=event.name,
        begin=ms(event.time),
        end=ms(event.time + event.duration),
        status=details["status"],
        waited=details["waited"] or 0,
        tries=details["tries"] or 1,
    )


def grow(spans: Iterable[Node]) -> list[Node]:
    """Put each below its parent. One whose parent was not recorded is the root of a tree of its
    own. BadInput: two with the same id, parents in a circle."""
    known: dict[tuple[str, str], Node] = {}
    for span in spans:
        if (span.trace, span.span) in known:
            message = _("two spans have the id {id}").format(id=span.span)
            raise BadInput("spans", message)
        known[span.trace, span.span] = span
    below: dict[tuple[str, str], list[Node]] = {}
    roots = []
    for span in known.values():
        above = (span.trace, span.parent)
        if above in known:
            below.setdefault(above, []).append(span)
        else:
            roots.append(span)
    grown = [_with_children(root, below) for root in sorted(roots, key=_order)]
    if sum(1 for root in grown for _span in root.walk()) < len(known):
        raise BadInput("spans", _("the parents of some spans lead in a circle"))
    return grown


def _with_children(span: Node, below: dict[tuple[str, str], list[Node]]) -> Node:
    children = sorted(below.get((span.trace, span.span), ()), key=_order)
    return replace(span, children=tuple(_with_children(child, below) for child in children))


def _order(span: Node) -> tuple[float, float]:
    return span.begin, span.end
