"""What the rooms of this chapter share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lab_kernel.errors import BadInput
from lab_kernel.kernel.disk import parse_requests
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

MODELS = {"pio": N_("PIO disk"), "dma": N_("DMA disk")}
WAYS = {"interrupts": N_("interrupts"), "polling": N_("polling")}
TEXT = b"".join(f"line {n:02} of a text on the disk\n".encode() for n in range(64))

REGISTER, RAISE, SEEK, TRANSFER = (
    N_("register"),
    N_("raises its line"),
    N_("seek"),
    N_("transfer"),
)
UNPLUGGED, WARNING, PANIC = N_("unplugged"), N_("warning"), N_("kernel panic")
READER, OTHER, CALL, SLEEP, TOP, BOTTOM = (
    N_("reader runs"),
    N_("another runs"),
    N_("system call"),
    N_("sleeps"),
    N_("top half"),
    N_("bottom half"),
)
KINDS = (
    *(READER, OTHER, CALL, SLEEP, TOP, BOTTOM),
    *(REGISTER, RAISE, SEEK, TRANSFER, UNPLUGGED, WARNING, PANIC),
)
_KIND = {
    "syscall": CALL,
    "blocked": SLEEP,
    "register": REGISTER,
    "raise": RAISE,
    "seek": SEEK,
    "transfer": TRANSFER,
    "unplugged": UNPLUGGED,
    "warning": WARNING,
    "panic": PANIC,
}
NAMED_BY_KIND = ("interrupt", "seek", "transfer")


def kinds() -> list[str]:
    """All kinds in the reader's language, so that every picture gives them the same looks."""
    return [_(kind) for kind in KINDS]


def told(trace: Trace, tracks: Iterable[str]) -> Trace:
    """A machine's trace as a picture shows it: those tracks in that order, kinds in words.

    Interrupts that follow each other at once and are alike are one bar.
    """
    shown = Trace()
    for track in tracks:
        for event in trace.where(track=track):
            kind = _KIND.get(event.kind)
            if event.kind == "run":
                kind = READER if event.name == "reader" else OTHER
            elif event.kind == "interrupt":
                kind = TOP if event.name.endswith(": top half") else BOTTOM
            if kind is None:
                continue
            before = shown.events[-1] if shown.events else None
            if (
                before is not None
                and (before.track, before.kind) == (track, _(kind))
                and kind in (TOP, BOTTOM)
                and before.time + before.duration == event.time
            ):
                shown.events.pop()
                together = event.time + event.duration - before.time
                event = Event(before.time, together, track, event.kind, event.name)
            name = _(kind) if event.kind in NAMED_BY_KIND else event.name
            shown.add(event.time, track, _(kind), name, event.duration)
    return shown


def stretch(trace: Trace, start: int, end: int) -> Trace:
    """What of it happens from ``start`` to ``end``; bars that go on are cut there."""
    shown = Trace()
    for event in trace:
        begin, over = max(event.time, start), min(event.time + event.duration, end)
        if begin < over or (not event.duration and start <= event.time <= end):
            shown.add(begin, event.track, event.kind, event.name, max(0, over - begin))
    return shown


def cylinders(most: int, last: int) -> Callable[[str], tuple[int, ...]]:
    """At most ``most`` cylinders from 0 to ``last``."""

    def parse(text: str) -> tuple[int, ...]:
        found = [request.cylinder for request in parse_requests(text)]
        if len(found) > most:
            message = _("{count} are too many for this picture; at most {most}")
            raise BadInput("requests", message.format(count=len(found), most=most))
        for cylinder in found:
            if cylinder > last:
                message = _("cylinder {cylinder} is not on the disk; it has 0 to {last}")
                raise BadInput("requests", message.format(cylinder=cylinder, last=last))
        return tuple(found)

    return parse
