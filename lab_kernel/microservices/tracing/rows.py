"""A row for each call of a request: where its time went, for the waterfall.

The client's span and the server's below it are one row, because they are one call seen from two
sides. Each ms of it is network, waiting in the queue, the service's own work, or asking others; and
what a service goes on doing when its caller has given up is for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lab_kernel import figures as fig
from lab_kernel.language import N_, _
from lab_kernel.microservices.tracing.critical import Section, critical_path
from lab_kernel.microservices.tracing.tree import Node

KINDS = {
    "work": N_("own work"),
    "asks": N_("asking others"),
    "waiting": N_("waiting in the queue"),
    "network": N_("network"),
    "wasted": N_("for nobody: the caller has given up"),
}
WIDTH = 48  # characters of a bar in text


@dataclass(frozen=True, slots=True)
class Row:
    """``parts`` are (begin, end, one of KINDS) without gaps, ``critical`` the stretches of the
    critical path in it; times in ms."""

    service: str
    depth: int
    node: Node
    parts: tuple[tuple[float, float, str], ...]
    critical: tuple[tuple[float, float], ...]


def rows(root: Node) -> list[Row]:
    """From the root down, each call below the one that made it."""
    return list(_rows(root, 0, critical_path(root)))


def _rows(node: Node, depth: int, path: Sequence[Section]) -> Iterator[Row]:
    served = node.served()
    spans = (node, served) if served else (node,)
    critical = tuple(
        (section.begin, section.end)
        for section in path
        if any(section.node is span for span in spans)
    )
    at = served or node
    service = node.name if node.kind == "client" else node.service
    yield Row(service, depth, node, tuple(_parts(node, served)), _joined(critical))
    for child in at.children:
        yield from _rows(child, depth + 1, path)


def _parts(node: Node, served: Node | None) -> Iterator[tuple[float, float, str]]:
    if served is None and node.kind == "client":
        yield node.begin, node.end, "network"
        return
    at = served or node
    begin = min(max(at.begin, node.begin), node.end)  # it may begin when nobody waits any more,
    end = max(begin, min(at.end, node.end))  # or end
    queued = min(max(node.begin, at.begin - at.waited), begin)
    asking = _covered((child.begin, child.end) for child in at.children)
    edges = sorted({begin, end, *(t for pair in asking for t in pair if begin < t < end)})
    stretches = [(node.begin, queued, "network"), (queued, begin, "waiting")]
    for first, last in pairwise(edges):
        asks = any(since <= first and last <= until for since, until in asking)
        stretches.append((first, last, "asks" if asks else "work"))
    if at.end > node.end:
        stretches.append((max(at.begin, node.end), at.end, "wasted"))
    else:
        stretches.append((end, node.end, "network"))
    yield from (part for part in stretches if part[0] < part[1])


def _covered(pairs: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The union of some stretches."""
    union: list[tuple[float, float]] = []
    for begin, end in sorted(pairs):
        if union and begin <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((begin, end))
    return union


def _joined(pairs: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    return tuple(_covered(pairs))


def picture(root: Node, title: str, description: str, *, critical: bool = True) -> fig.Figure:
    """The waterfall: a bar for each call, and unless it is to be found the critical path."""
    zero = root.begin
    return fig.waterfall(
        [
            fig.Span(
                row.service,
                row.depth,
                [fig.Part(a - zero, b - zero, _(KINDS[what])) for a, b, what in row.parts],
                [(a - zero, b - zero) for a, b in row.critical if critical],
                failed=row.node.end - zero if row.node.failed else None,
            )
            for row in rows(root)
        ],
        title=title,
        description=description,
        x_label=_("milliseconds"),
        kinds=[_(name) for name in KINDS.values()],
    )


def text(root: Node) -> list[tuple[str, str, str]]:
    """(service, bar, ms) for each call: ``=`` where the request waits for it, else ``-``; ``.``
    is time in which it is not under way, ``!`` at its end a failure."""
    span = root.duration or 1
    lines = []
    for row in rows(root):
        cells, begins, ends = [], row.node.begin, row.node.end
        for column in range(WIDTH):
            begin = root.begin + span * column / WIDTH
            end = root.begin + span * (column + 1) / WIDTH
            if any(a < end and b > begin for a, b in row.critical):
                cells.append("=")
            else:
                cells.append("-" if begins < end and ends > begin else ".")
        mark = "!" if row.node.failed else " "
        ms = f"{ends - begins:g}"
        lines.append(("  " * row.depth + row.service, "".join(cells) + mark, ms))
    return lines
