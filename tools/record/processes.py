"""Record what a real Linux shows of processes, by the commands that a reader would run.

    python -m tools.record.processes

writes ``lab_kernel/recordings/processes.json``: the states of a parent that does not wait and of
its dead child, what ``/proc`` counts of context switches, and what two processes that wake each
other over pipes cost (perf's own benchmark, tied to one CPU).
"""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata

# After exec the parent is a program that knows nothing of a child, and does not wait for it.
ORPHAN = "sleep 0 & exec sleep 1"
SHOWN = "pid,ppid,stat,comm"
COUNTED = "^(Name|State|Threads|voluntary|nonvoluntary)"
PIPE = ["taskset", "-c", "1", "perf", "bench", "sched", "pipe", "-l", "100000"]


def record() -> dict[str, Any]:
    """The recording as it is stored; an error where a command fails."""
    with subprocess.Popen(["sh", "-c", ORPHAN], env=ENVIRONMENT) as parent:
        time.sleep(0.3)  # the child has ended by then
        pid = str(parent.pid)
        table = _said(["ps", "-o", SHOWN, "-p", pid, "--ppid", pid])
    entries = [
        {"name": "zombie", "command": f"sh -c '{ORPHAN}' & ps -o {SHOWN}", "output": table},
        _entry("status", ["grep", "-E", COUNTED, "/proc/self/status"]),
        _entry("pipe", PIPE),
    ]
    about = "what a Linux shows of processes"
    return {"metadata": metadata("processes", about), "entries": entries}


def _entry(name: str, command: list[str]) -> dict[str, Any]:
    shown = " ".join(f"'{word}'" if "|" in word else word for word in command)
    return {"name": name, "command": shown, "output": _said(command)}


def _said(command: list[str]) -> list[str]:
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return [line.rstrip() for line in done.stdout.strip("\n").splitlines()]


if __name__ == "__main__":
    try:
        keep("processes", record())
    except (OSError, subprocess.CalledProcessError) as failed:
        sys.exit(str(failed))
