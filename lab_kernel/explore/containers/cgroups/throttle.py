"""A burst of work under cpu.max."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.containers.cgroups import Burst, burst
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

MOST_PERIODS = 60


@cache
def ran(work: int, quota: int, period: int, threads: int) -> Burst:
    return burst(work, quota, period, threads=threads)


@explorable(
    "containers/cgroups/throttle",
    title=N_("A request under a quota"),
    predict=N_(
        "A request needs 150 ms of CPU, and the machine is idle. The group may use 20 ms in each"
        " 100 ms. When does the answer come?"
    ),
    controls=(
        Whole(
            name="work", label=N_("Work of the request (ms of CPU)"), low=1, high=400, default=150
        ),
        Whole(name="quota", label=N_("Quota (ms)"), low=10, high=400, default=20),
        Whole(name="period", label=N_("Period (ms)"), low=20, high=200, default=100),
        Whole(name="threads", label=N_("Threads, each with a CPU"), low=1, high=8, default=1),
    ),
)
def view(work: int, quota: int, period: int, threads: int) -> View:
    """Runs and throttled stretches, and the group's cpu.stat."""
    found = ran(work, quota, period, threads)
    alone = -(-work // threads)
    running, held = _("running"), _("throttled")
    events = [
        Event(e.time, e.duration, _("CPU {n}").format(n=e.track.split()[1]), running, "")
        for e in _joined(found.trace)
    ]
    events += [Event(start, end - start, _("group"), held, "") for start, end in found.throttled]
    if not found.throttled:
        says = _(
            "The answer comes after {took} ms: {work} ms of work never met the quota of {quota} ms"
            " in {period}."
        ).format(took=found.took, work=work, quota=quota, period=period)
    else:
        says = _(
            "The answer comes after {took} ms instead of {alone}. Periods whose quota of {quota} ms"
            " was used up: {count}. The group stood still for {waited} ms, beside an idle CPU."
        ).format(
            took=found.took, alone=alone, count=len(found.throttled), quota=quota,
            waited=found.waited,
        )  # fmt: skip
    picture = fig.timeline(
        Trace(sorted(events, key=lambda e: (e.track == _("group"), e.track, e.time))),
        title=_("{quota} ms in each {period} ms").format(quota=quota, period=period),
        description=says,
        x_label=_("ms"),
        kinds=(running, held),
    )
    stat = dict(line.split() for line in found.group.read("cpu.stat").splitlines())
    keys = ("usage_usec", "nr_periods", "nr_throttled", "throttled_usec")
    counters = fig.table(
        (_("value"),),
        [fig.Row(key, [fig.Cell(f"{int(stat[key]):,}")]) for key in keys],
        title=_("cpu.stat of the group"),
        description=", ".join(f"{key} {stat[key]}" for key in keys) + ".",
    )
    return View((picture, counters), says)


def _joined(trace: Trace) -> list[Event]:
    """Runs on one CPU that follow each other without a gap are one."""
    joined: dict[str, list[Event]] = {}
    for event in sorted(trace.where(kind="run"), key=lambda e: e.time):
        own = joined.setdefault(event.track, [])
        if own and own[-1].time + own[-1].duration == event.time:
            last = own.pop()
            event = Event(last.time, last.duration + event.duration, event.track, "run", "")
        own.append(event)
    return [event for own in joined.values() for event in own]
