"""A run as a row for each job, by its states: for simulations and recordings alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from lab_kernel.kernel.scheduler import Schedule
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

STATES = (N_("ready"), N_("running"), N_("blocked"), N_("zombie"))
READY, RUNNING, BLOCKED, ZOMBIE = STATES


class Stay(NamedTuple):
    """From ``start`` to ``end`` in one state."""

    start: int
    end: int


def states() -> list[str]:
    """The kinds in their order, so that every picture of this chapter gives them the same look."""
    return [_(state) for state in STATES]


def by_job(
    there: Mapping[str, Stay],
    running: Mapping[str, Sequence[Stay]],
    blocked: Mapping[str, Sequence[Stay]],
    zombie: Mapping[str, Sequence[Stay]] = MappingProxyType({}),
) -> Trace:
    """``there`` says from when to when each job exists; what is none of these is ready."""
    trace = Trace()
    for job, (begin, end) in there.items():
        known = [(stay, RUNNING) for stay in running.get(job, ())]
        known += [(stay, BLOCKED) for stay in blocked.get(job, ())]
        known += [(stay, ZOMBIE) for stay in zombie.get(job, ())]
        at = begin
        for stay, state in sorted(known):
            if stay.start > at:
                trace.add(at, job, _(READY), "", stay.start - at)
            name = job if state == RUNNING else ""
            trace.add(stay.start, job, _(state), name, stay.end - stay.start)
            at = stay.end
        if end > at:
            trace.add(at, job, _(READY), "", end - at)
    return trace


def of_schedule(done: Schedule) -> Trace:
    """A simulated run."""
    running: dict[str, list[Stay]] = {}
    for segment in done.segments:
        running.setdefault(segment.job, []).append(Stay(segment.start, segment.end))
    blocked: dict[str, list[Stay]] = {}
    for event in done.trace.where(kind="io"):
        stay = Stay(event.time, event.time + event.duration)
        blocked.setdefault(event.track, []).append(stay)
    there = {job.name: Stay(job.arrival, job.finish) for job in done.jobs}
    return by_job(there, running, blocked)


def cut(trace: Trace, start: int, end: int) -> Trace:
    """What happened from ``start`` to ``end``."""
    kept = Trace()
    for event in trace:
        begin = max(event.time, start)
        duration = min(event.time + event.duration, end) - begin
        if duration > 0:
            kept.add(begin, event.track, event.kind, event.name, duration)
    return kept


def of_recording(seen: Trace, names: Sequence[str]) -> Trace:
    """What perf saw (``host.read_perf``) of the tasks of these names."""
    end = max(event.time + event.duration for event in seen)
    running: dict[str, list[Stay]] = {name: [] for name in names}
    blocked: dict[str, list[Stay]] = {name: [] for name in names}
    asleep: dict[str, int] = {}
    first: dict[str, int] = {}
    for event in seen:
        name = event.name
        if name not in running:
            continue
        first.setdefault(name, event.time)
        since = asleep.pop(name, None)
        if since is not None and event.time > since:
            blocked[name].append(Stay(since, event.time))
        if event.kind == "run":
            running[name].append(Stay(event.time, event.time + event.duration))
            if event.details["then"] == "blocked":
                asleep[name] = event.time + event.duration
    for name, since in asleep.items():
        blocked[name].append(Stay(since, end))
    return by_job({name: Stay(first[name], end) for name in names}, running, blocked)
