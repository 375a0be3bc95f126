"""Pieces of sentences and pictures that the rooms of this chapter share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lab_kernel import figures as fig
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

STATES = {
    "pending": N_("not ready yet"),
    "not ready": N_("not ready yet"),
    "backoff": N_("no image"),
    "ready": N_("ready"),
    "terminating": N_("being deleted"),
    "over": N_("being deleted"),
}


def pods(number: int) -> str:
    return counted(number, N_("{n} pod"), N_("{n} pods"))


def requests(number: int) -> str:
    return counted(number, N_("{n} request"), N_("{n} requests"))


def seconds(number: float) -> str:
    return _("{n} s").format(n=f"{number:g}")


def versions(trace: Trace) -> Mapping[str, str]:
    """What to call the track of each pod: old 1, old 2, new 1 ... The first hash is the old one."""
    names: dict[str, str] = {}
    hashes: list[str] = []
    count: dict[str, int] = {}
    for track in trace.tracks():
        made = track.split("-")[1]
        if made not in hashes:
            hashes.append(made)
        count[made] = count.get(made, 0) + 1
        called = _("old {n}") if made == hashes[0] else _("new {n}")
        names[track] = called.format(n=count[made])
    return names


def pod_rows(trace: Trace, begin: int, end: int) -> Trace:
    """The pods of ``trace`` with names and states for readers; time counts from ``begin``."""
    called, rows = versions(trace), dict[str, list[Event]]()
    for event in trace:
        start, over = max(event.time, begin), min(event.time + event.duration, end)
        if start < over:
            state = _(STATES[event.kind])
            shown = Event(start - begin, over - start, called[event.track], state, state)
            rows.setdefault(event.track, []).append(shown)
    return Trace(event for row in rows.values() for event in joined(row))


def timeline(trace: Trace, title: str, description: str, extra: Iterable[str] = ()) -> fig.Figure:
    return fig.timeline(
        trace,
        title=title,
        description=description,
        x_label=_("seconds"),
        unit=1000,
        kinds=[*dict.fromkeys(_(state) for state in STATES.values()), *extra],
    )


def until(points: list[tuple[int, int]], begin: int, end: int) -> list[tuple[float, float]]:
    """Counts over time in seconds from ``begin``; the last holds until ``end``."""
    return [
        *((max(0, time - begin) / 1000, number) for time, number in points),
        ((end - begin) / 1000, points[-1][1] if points else 0),
    ]


def joined(events: Iterable[Event]) -> list[Event]:
    """Neighbours of the same kind as one event."""
    rows: list[Event] = []
    for event in events:
        if rows and rows[-1].kind == event.kind:
            before = rows.pop()
            rows.append(replace(before, duration=event.time + event.duration - before.time))
        else:
            rows.append(event)
    return rows
