"""Who ran on which CPU when: what perf saw of the scheduler of a real Linux.

Read is the text of ``perf script -F cpu,time,event,trace`` for the tracepoints
``sched:sched_switch`` and ``sched:sched_wakeup``, as it is written after

    perf record -e sched:sched_switch,sched:sched_wakeup -C 1 -- sleep 0.3

Sources: perf-script(1); include/trace/events/sched.h in Linux.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.trace import Trace

_LINE = re.compile(
    r"\s*\[(?P<cpu>\d+)\]\s+(?P<seconds>\d+)\.(?P<micros>\d{6}): +sched:\w+: +(?P<rest>.*)"
)
_SWITCH = re.compile(
    r"prev_comm=(?P<last>.*) prev_pid=\d+ prev_prio=\d+ prev_state=(?P<state>\S+)"
    r" ==> next_comm=(?P<next>.*) next_pid=(?P<pid>\d+) next_prio=\d+"
)
_WAKEUP = re.compile(r"comm=(?P<name>.*) pid=\d+ prio=\d+ .*")


@dataclass(slots=True)
class _Stay:
    name: str
    since: int


def read_perf(lines: Iterable[str]) -> Trace:
    """Events in microseconds from the first line on.

    A ``run`` on the track ``CPU n`` for each stay of a task there (its name the command's; the
    idle task makes none), with ``then`` in its details: ``ready`` when the kernel took the CPU
    away (state R), ``blocked`` when the task gave it up, ``ended``. A ``wakeup`` on the same
    track, named likewise, when what a task waited for has come. The first and the last stay on a
    CPU are cut off by the recording and left out. BadInput when no line is a switch.
    """
    trace = Trace()
    stays: dict[str, _Stay] = {}
    first: int | None = None
    switches = 0
    for line in lines:
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            continue
        now = int(match["seconds"]) * 1_000_000 + int(match["micros"])
        first = now if first is None else first
        track = f"CPU {int(match['cpu'])}"
        if woken := _WAKEUP.fullmatch(match["rest"]):
            trace.add(now - first, track, "wakeup", woken["name"])
            continue
        switch = _SWITCH.fullmatch(match["rest"])
        if switch is None:
            continue
        switches += 1
        stay = stays.pop(track, None)
        if stay is not None and stay.name == switch["last"]:
            start = stay.since - first
            then = _then(switch["state"])
            trace.add(start, track, "run", stay.name, now - stay.since, then=then)
        if switch["pid"] != "0":  # the idle task
            stays[track] = _Stay(switch["next"], now)
    if not switches:
        raise BadInput("perf", _("there is no sched_switch in it, as perf script writes it"))
    trace.events.sort(key=lambda event: event.time)
    return trace


def _then(state: str) -> str:
    """What the task is after its stay, by the letter of its state."""
    if state[0] == "R":
        return "ready"
    return "ended" if state[0] in "XZ" else "blocked"
