"""Ways to look at a cluster's trace: the list of events, and the lives of pods and nodes."""

from __future__ import annotations

from typing import Any

from lab_kernel.figures import Figure, timeline
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

#: The states of pods, containers and nodes in the Trace, in the words of pictures.
STATES = {
    "pending": N_("pending"),
    "not ready": N_("not ready"),
    "starting": N_("starting"),
    "ready": N_("ready"),
    "unready": N_("unready"),
    "backoff": N_("back-off"),
    "terminating": N_("terminating"),
    "stopping": N_("stopping"),
    "over": N_("over"),
    "down": N_("no power"),
    "partitioned": N_("cut off"),
}
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
    """Only the states, with the words of pictures, for tracks that begin so."""
    wanted = prefixes or ("pod/", "node/")
    return Trace(
        Event(e.time, e.duration, short(e.track), _(STATES[e.kind]), "")
        for e in trace
        if e.duration and e.kind in STATES and e.track.startswith(wanted)
    )


def short(track: str) -> str:
    """A pod by its last letters, which are its own: ``web-…-q7rcl``."""
    place, slash, name = track.rpartition("/")
    place = "" if place in ("pod", "node") else place + slash
    parts = name.split("-")
    return place + (f"{parts[0]}-…-{parts[-1]}" if len(parts) > 2 else name)


def timeline_of(
    trace: Trace, *prefixes: str, title: str = "", description: str = "", marks: Trace | None = None
) -> Figure:
    """What became of each pod and node over time; ``marks`` are what else is to be seen."""
    return timeline(
        Trace([*lives(trace, *prefixes), *(marks or ())]),
        title=title or _("Pods and nodes over time"),
        description=description
        or _("A row for each pod and node, and its states one after the other."),
        x_label=_("seconds"),
        kinds=[_(word) for word in STATES.values()],
        unit=1000,
    )
