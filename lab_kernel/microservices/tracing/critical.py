"""The critical path of a request: at each moment, the one thing that it had to wait for.

Spans do not say who waited for whom, so it is read off their times, from the end backwards: a span
waited for the child that ended last; before that child began, for the one that had ended last by
then; when no child was under way, it was at work itself. Children that overlap ran side by side.

Source: Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures",
USENIX ATC 2022; Jaeger's view of a trace finds the same way. A child that goes on when its parent
has ended is cut off there, one that lies outside of it altogether is left out. One difference: of
two children the second may begin in the very moment in which the first ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lab_kernel.microservices.tracing.tree import Node

WORK, WAITING, NETWORK = "work", "waiting", "network"


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the path: in which span, from when to when, and what it was spent on.

    ``work`` is a server's own time, ``waiting`` in the queue of its socket, ``network`` all else
    between a client and its server.
    """

    node: Node
    begin: float
    end: float
    what: str

    @property
    def service(self) -> str:
        """Whose it is: the queue belongs to the service that is asked."""
        served = self.node.served()
        return served.service if self.what == WAITING and served else self.node.service

    @property
    def duration(self) -> float:
        return self.end - self.begin


def critical_path(root: Node) -> list[Section]:
    """From the beginning to the end of the root without a gap, in order of time."""
    path = list(_backwards(root, root.begin, root.end))
    return [part for section in reversed(path) for part in _parts(section)]


def _backwards(node: Node, begin: float, end: float) -> Iterator[Section]:
    """The sections of this span within its parent's time, the last one first."""
    now = end
    inside = [
        (max(child.begin, begin), min(child.end, end), child)
        for child in node.children
        if child.begin < end and child.end > begin
    ]
    for first, last, child in sorted(inside, key=lambda each: (-each[1], each[0])):
        if last > now:
            continue  # it ran beside one that ended later
        if last < now:
            yield Section(node, last, now, NETWORK if node.kind == "client" else WORK)
        yield from _backwards(child, first, last)
        now = first
    if begin < now:
        yield Section(node, begin, now, NETWORK if node.kind == "client" else WORK)


def _parts(section: Section) -> Iterator[Section]:
    """On the way to its server a request may have stood in the queue: the last part of it."""
    served = section.node.served()
    if section.what != NETWORK or not served or section.end != served.begin or not served.waited:
        yield section
        return
    split = max(section.begin, section.end - served.waited)
    if section.begin < split:
        yield Section(section.node, section.begin, split, NETWORK)
    yield Section(section.node, split, section.end, WAITING)


def spent(path: Iterable[Section]) -> dict[tuple[str, str], float]:
    """ms of the path by (service, what), the most first; the network belongs to nobody ("")."""
    total: Counter[tuple[str, str]] = Counter()
    for section in path:
        service = "" if section.what == NETWORK else section.service
        total[service, section.what] += section.duration  # type: ignore[assignment]
    return dict(total.most_common())
