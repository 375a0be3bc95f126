"""Ways to look at a cluster's trace: the list of events, and the lives of pods and nodes."""

from __future__ import annotations

from typing import Any

from lab_kernel.figures import Figure, timeline
from lab_kernel.language import _
from lab_kernel.trace import Event, Trace

STATES = ("pending", "not ready", "starting", "ready", "unready", "backoff", "terminating",
          "stopping", "over", "down", "partitioned")  # fmt: skip
TOGETHER = 15_000  # ms: the same event again within this time is counted, not told again


def told_events(events: Trace) -> list[dict[str, Any]]:
    """What ``kubectl get events`` tells, times in seconds: the same again is counted (x4)."""
    told: list[dict[str, Any]] = []
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for event in events:
        message = event.details["message"]
        same = (event.track, event.name, message)
        before = last.get(same)
        if before is not None and event.time - before["last"] * 1000 <= TOGETHER:
            before["count"], before["last"] = before["count"] + 1, event.time / 1000
            continue
        last[same] = {
            "time": event.time / 1000,
            "last": event.time / 1000,
            "count": 1,
            "type": event.kind,
            "reason": event.name,
            "object": event.track,
            "message": message,
        }
        told.append(last[same])
    return told


def lives(trace: Trace, *prefixes: str) -> Trace:
    """Only the states of pods and nodes, with the words of pictures, for tracks that begin so."""
    wanted = prefixes or ("pod/", "node/")
    return Trace(
        Event(e.time, e.duration, e.track.removeprefix("pod/").removeprefix("node/"), e.kind, "")
        for e in trace
        if e.duration and e.track.startswith(wanted)
    )


def timeline_of(trace: Trace, *prefixes: str, title: str = "", description: str = "") -> Figure:
    """What the store says of each pod and node over time."""
    return timeline(
        lives(trace, *prefixes),
        title=title or _("Pods and nodes over time"),
        description=description
        or _("A row for each pod and node, and its states one after the other."),
        x_label=_("seconds"),
        kinds=STATES,
        unit=1000,
    )
