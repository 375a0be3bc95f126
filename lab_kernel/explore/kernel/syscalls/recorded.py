"""What strace wrote of real programs, and what a filter would have made of them."""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.explore.kernel.syscalls import wording
from lab_kernel.host.recorded import Recording
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security import Action, Filter
from lab_kernel.kernel.security.profiles import PROFILES, allowing, denying, profile
from lab_kernel.kernel.security.replay import Replay, replay
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

PROGRAMS = {
    "strace-cat": N_("cat: print one file"),
    "strace-pipeline": N_("sh: sort a file into uniq"),
    "strace-refused": N_("nobody's cat: a file that it may read, one that it may not"),
}
MOST_BARS = 10
# the kinds of the events, named for the reader
KINDS = {
    "call": N_("succeeded"),
    "error": N_("failed"),
    "signal": N_("signal"),
    "exit": N_("end"),
    "refused": N_("refused by the filter"),
    "killed": N_("killed by the filter"),
}
_RECORDING = Choice(
    name="recording",
    label=N_("Recorded program"),
    default="strace-cat",
    options=tuple(PROGRAMS.items()),
)


@explorable(
    "kernel/syscalls/recorded",
    title=N_("The calls of a real program"),
    predict=N_(
        "cat prints a file: open, read, write, close. How many system calls does it take in all?"
    ),
    controls=(
        _RECORDING,
        Choice(
            name="by",
            label=N_("Count"),
            default="calls",
            options=(("calls", N_("calls")), ("time", N_("time in the kernel"))),
        ),
    ),
)
def recorded(recording: str, by: str) -> View:
    """Calls by name, and over time, one row for each process."""
    found = host.recording(recording)
    trace: Trace = found.data
    counts = host.counts(trace)
    calls, errors = sum(one.calls for one in counts), sum(one.errors for one in counts)
    counts.sort(key=lambda one: (-(one.calls if by == "calls" else one.time), one.name))
    rows = [
        fig.Bar(
            one.name,
            [(_("succeeded"), one.calls - one.errors), (_("failed"), one.errors)]
            if by == "calls"
            else [(_("microseconds"), one.time)],
        )
        for one in counts[:MOST_BARS]
    ]
    says = _(
        "{program}: {calls} of {kinds} kinds in {processes}, {errors} failed; most often {most}."
    ).format(
        program=_(PROGRAMS[recording]),
        calls=wording.calls(calls),
        kinds=len(counts),
        processes=wording.processes(len(trace.tracks())),
        errors=errors,
        most=max(counts, key=lambda one: one.calls).name,
    )
    bars = fig.bars(
        rows,
        title=_("The {n} most frequent calls").format(n=len(rows))
        if by == "calls"
        else _("The {n} calls that took longest").format(n=len(rows)),
        description=", ".join(f"{one.name} {one.calls}" for one in counts) + ".",
        kinds=(_("succeeded"), _("failed")),
    )
    return View((bars, _timeline(trace, found, says)), says)


@dataclass(frozen=True, slots=True)
class Written:
    """A filter, as a reader types it."""

    text: str
    filter: Filter

    def __str__(self) -> str:
        return self.text


def written(text: str) -> Written:
    """``deny openat:ENOENT,socket``, ``allow read,write`` or the name of a profile."""
    text = " ".join(text.split())
    word, _space, rest = text.partition(" ")
    if word == "deny":
        return Written(text, denying(rest))
    if word == "allow":
        return Written(text, allowing(rest))
    if text in PROFILES:
        return Written(text, profile(text))
    raise BadInput(
        "filter",
        _("“{text}” is no filter; write deny CALLS, allow CALLS or one of: {names}").format(
            text=text[:30], names=", ".join(PROFILES)
        ),
    )


@explorable(
    "kernel/syscalls/replay",
    title=N_("A filter before a real program"),
    predict=N_(
        "sh may make no process: “deny clone”. Which call is refused first, and how many calls are"
        " never made?"
    ),
    controls=(
        Choice(
            name="recording",
            label=_RECORDING.label,
            default="strace-pipeline",
            options=_RECORDING.options,
        ),
        Words(name="filter", label=N_("Filter"), default="deny clone", parse=written),
    ),
)
def replayed(recording: str, filter: Written) -> View:
    """The recording again, with every call put before the filter."""
    found = host.recording(recording)
    done = replay(found.data, [filter.filter])
    says = _told(done, filter)
    rows = [fig.Bar(name, [(_("refused"), count)]) for name, count in done.by_name()[:MOST_BARS]]
    bars = fig.bars(
        rows,
        title=_("Refused calls"),
        description=", ".join(f"{name} {count}" for name, count in done.by_name()) or says,
    )
    return View((*((bars,) if rows else ()), _timeline(done.trace, found, says)), says)


def _told(done: Replay, filter: Written) -> str:
    first = done.first
    if first is None:
        return _("{filter}: all {calls} calls pass.").format(filter=filter, calls=done.calls)
    verdict = first.verdict
    if verdict.action is Action.ERRNO:
        known = verdict.errno in {one.value for one in Errno}
        what = Errno(verdict.errno).name if known else str(verdict.errno)
    else:
        what = verdict.action.name
    return _(
        "{filter}: {refused} of {calls} calls refused, first {name} ({what}) after {time}"
        " microseconds; {never} recorded calls would never have been made."
    ).format(
        filter=filter,
        refused=len(done.refusals),
        calls=done.calls,
        name=first.event.name,
        what=what,
        time=f"{first.event.time:,}",
        never=done.spared,
    )


def _timeline(trace: Trace, found: Recording, says: str) -> fig.Figure:
    named = Trace(
        Event(e.time, e.duration, e.track, _(KINDS[e.kind]), e.name, e.details) for e in trace
    )
    return fig.timeline(
        named,
        title=_("The calls over time, a row for each process"),
        description=f"{says} {found.source}.",
        x_label=_("microseconds"),
        kinds=[_(kind) for kind in KINDS.values()],
    )
