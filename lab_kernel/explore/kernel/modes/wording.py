"""Pieces of sentences and tracks that the rooms of this chapter share."""

from __future__ import annotations

from lab_kernel.explore.wording import counted
from lab_kernel.kernel import crossings
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

MODES = {crossings.USER: N_("user mode"), crossings.KERNEL: N_("kernel mode")}


def calls(number: int) -> str:
    return counted(number, N_("{n} system call"), N_("{n} system calls"))


def switches(number: int) -> str:
    return counted(number, N_("{n} context switch"), N_("{n} context switches"))


def ticks(number: int) -> str:
    return counted(number, N_("{n} tick"), N_("{n} ticks"))


def pieces(modes: Trace, tracks: dict[str, str]) -> Trace:
    """The time in each mode, its tracks named for a reader, neighbours joined."""
    joined = Trace()
    last: dict[str, int] = {}
    for event in sorted(modes, key=lambda event: event.time):
        track, before = tracks.get(event.track, event.track), last.get(event.track)
        kind = _(MODES[event.kind])
        if before is not None:
            piece = joined.events[before]
            if piece.kind == kind and piece.time + piece.duration == event.time:
                joined.events[before] = type(piece)(
                    piece.time, piece.duration + event.duration, track, kind, ""
                )
                continue
        last[event.track] = len(joined)
        joined.add(event.time, track, kind, "", event.duration)
    return joined
