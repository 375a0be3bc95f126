"""Record what the scheduler of this machine does with a few processes on one CPU, by perf.

    python -m tools.record.sched

writes ``lab_kernel/recordings/sched.json``, with two entries:

``run``     what perf saw of the CPU for 0.3 s: three processes that only compute, at nice 0, 1
            and 5, and one that sleeps and computes in turn
``slices``  how long two processes that sleep and compute in turn waited for the CPU, on average
            after each wake-up that perf saw, beside two that only compute. All are at nice 0;
            one of the two has asked for a slice of 0.1 ms and the other for 100 ms
            (``sched_setattr``, Linux 6.12 or later)

In ``run`` the names of all other processes are one name, ``other``, and what happens among them is
left out. Both are made anew, up to a limit, when those had more than a twentieth of the CPU.
perf needs root, or ``kernel.perf_event_paranoid`` at -1.
"""

from __future__ import annotations

import ctypes
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

from lab_kernel.host.busy import NAP, SPIN, busy
from lab_kernel.host.perf import read_perf
from lab_kernel.trace import Trace
from tools.record.lackey import ENVIRONMENT, Failed
from tools.record.shelf import keep, metadata

EVENTS = "sched:sched_switch,sched:sched_wakeup"
FIELDS = "cpu,time,event,trace"
SETTLE = 0.3  # seconds before the recording begins
SETATTR = 314  # sched_setattr on x86-64
SHORT, LONG = 100_000, 100_000_000  # ns: the least and the most that the kernel takes
OTHERS = 0.05
TRIES = 20


class Disturbed(Failed):
    """Something else ran on the CPU: worth another try."""


def seen(cpu: int, seconds: float) -> list[str]:
    """What perf script writes of this CPU for so long; Failed where perf cannot."""
    with tempfile.TemporaryDirectory() as scratch:
        data, sleep = str(Path(scratch) / "perf.data"), ["sleep", f"{seconds:g}"]
        for command in (
            ["perf", "record", "-q", "-e", EVENTS, "-C", str(cpu), "-o", data, "--", *sleep],
            ["perf", "script", "-i", data, "-F", FIELDS],
        ):
            try:
                said = subprocess.run(
                    command, env=ENVIRONMENT, capture_output=True, text=True, check=True, timeout=60
                )
            except FileNotFoundError:
                raise Failed("perf is not installed") from None
            except subprocess.CalledProcessError as error:
                raise Failed(f"perf: {error.stderr.strip()}") from None
    return said.stdout.splitlines()


def record_run(seconds: float = 0.3) -> dict[str, Any]:
    """The entry ``run``."""
    nices = {"nice 0": 0, "nice 1": 1, "nice 5": 5, "sleeper": 0}
    cpu = max(os.sched_getaffinity(0))
    programs = [(name, NAP if name == "sleeper" else SPIN) for name in nices]
    with busy(programs, cpu, 30) as started:
        for pid, value in zip(started.pids, nices.values(), strict=True):
            os.setpriority(os.PRIO_PROCESS, pid, value)
        started.go()
        time.sleep(SETTLE)
        lines = seen(cpu, seconds)
    kept = [nameless(line.strip(), nices) for line in lines]
    kept = [line for line in kept if any(f"comm={name} " in line for name in nices)]
    undisturbed(read_perf(kept), nices)
    command = f"perf record -e {EVENTS} -C {cpu} -- sleep {seconds:g}; perf script -F {FIELDS}"
    return {"name": "run", "command": command, "output": kept}


def nameless(line: str, names: Collection[str]) -> str:
    """The line with ``other`` for every process that is none of these, and not the idle task."""

    def name(match: re.Match[str]) -> str:
        known = match[2] in names or match[3] == "0"
        return match[0] if known else f"{match[1]}comm=other {match[1]}pid=1"

    return re.sub(r"\b((?:prev_|next_)?)comm=(.*?) \1pid=(\d+)", name, line)


def record_slices(seconds: float = 4.0) -> dict[str, Any]:
    """The entry ``slices``: for each of the two, waits in microseconds and CPU time in ns."""
    asked = {"short": SHORT, "long": LONG}
    cpu = max(os.sched_getaffinity(0))
    programs = [("hog 1", SPIN), ("hog 2", SPIN), ("short", NAP), ("long", NAP)]
    with busy(programs, cpu, int(seconds) + 30) as started:
        pids = dict(zip((name for name, _program in programs), started.pids, strict=True))
        for name, slice_ns in asked.items():
            ask_slice(pids[name], slice_ns)
        started.go()
        time.sleep(SETTLE)
        before = {name: ran(pids[name]) for name in asked}
        lines = seen(cpu, seconds)
        after = {name: ran(pids[name]) for name in asked}
    trace = read_perf(lines)
    undisturbed(trace, [name for name, _program in programs])
    waits = {name: waited(trace, name) for name in asked}
    return {
        "name": "slices",
        "command": f"perf record -e {EVENTS} -C {cpu} -- sleep {seconds:g}",
        "output": [
            f"slice {asked[name] / 1e6:5.1f} ms: waited {sum(found) / len(found) / 1000:.2f} ms,"
            f" ran {(after[name] - before[name]) / 1e6:.0f} ms"
            for name, found in waits.items()
        ],
        "slice_ns": asked,
        "waits_us": {name: " ".join(map(str, found)) for name, found in waits.items()},
        "cpu_ns": {name: after[name] - before[name] for name in asked},
    }


def undisturbed(trace: Trace, names: Collection[str]) -> None:
    """Disturbed when other processes had too much of the CPU."""
    ours = sum(event.duration for event in trace if event.kind == "run" and event.name in names)
    others = 1 - ours / max(event.time + event.duration for event in trace)
    if others > OTHERS:
        raise Disturbed(f"other processes had {others:.1%} of the CPU")


def patiently(make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What ``make`` gives, once the machine is quiet enough."""
    for _attempt in range(TRIES - 1):
        try:
            return make()
        except Disturbed as disturbed:
            print(f"{disturbed}; again", file=sys.stderr)
            time.sleep(3)
    return make()


def waited(trace: Trace, name: str) -> list[int]:
    """Microseconds from each wake-up of the process to its next run."""
    found, woken = [], None
    for event in trace:
        if event.name != name:
            continue
        if event.kind == "wakeup":
            woken = event.time
        elif woken is not None:
            found.append(event.time - woken)
            woken = None
    return found


def ran(pid: int) -> int:
    """Nanoseconds on a CPU so far."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])


def ask_slice(pid: int, slice_ns: int) -> None:
    """sched_setattr(2): SCHED_OTHER, nice 0, and a slice, which is ``sched_runtime`` there."""
    libc = ctypes.CDLL(None, use_errno=True)
    attributes = struct.pack("IIQiIQQQ", 48, 0, 0, 0, 0, slice_ns, 0, 0)
    if libc.syscall(SETATTR, pid, attributes, 0):
        raise Failed(f"sched_setattr: {os.strerror(ctypes.get_errno())}")


def main(argv: Sequence[str] | None = None) -> int:
    try:
        entries = [patiently(record_run), patiently(record_slices)]
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    about = "processes on one CPU, as perf saw the scheduler switch between them"
    remark = "the names of other processes are replaced by other, their numbers by 1"
    keep("sched", {"metadata": metadata("sched", about, remark=remark), "entries": entries})
    return 0


if __name__ == "__main__":
    sys.exit(main())
