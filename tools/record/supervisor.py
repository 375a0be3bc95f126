"""Record a control loop of ten lines that keeps one real process running.

    python -m tools.record.supervisor

writes ``lab_kernel/recordings/supervisor.json``: the program, what it prints while its process is
killed twice, and what is left when it is killed itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata

PROGRAM = """\
import subprocess, time

process, start = None, time.monotonic()
while True:
    ended = process.poll() if process else "never started"
    if ended is not None:  # observed: not running; desired: running
        process = subprocess.Popen(["sleep", "300"])
        now = time.monotonic() - start
        print(f"{now:.0f} s: {ended}; started {process.pid}", flush=True)
    time.sleep(0.2)
"""
SHOWN = "pid,ppid,stat,comm"


def record() -> dict[str, Any]:
    """The recording as it is stored; an error where a command fails."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "keep.py").write_text(PROGRAM)
        loop = subprocess.Popen(
            [sys.executable, "keep.py"],
            cwd=folder,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert loop.stdout is not None
        said = [loop.stdout.readline().rstrip()]
        for _round in range(2):
            time.sleep(1)
            os.kill(_started(said[-1]), signal.SIGKILL)
            said.append(loop.stdout.readline().rstrip())
        last = _started(said[-1])
        loop.kill()
        loop.wait()
        time.sleep(0.3)
        orphan = subprocess.run(
            ["ps", "-o", SHOWN, "-p", str(last)],
            env=ENVIRONMENT, capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
        os.kill(last, signal.SIGKILL)
    entries = [
        {"name": "program", "command": "cat keep.py", "output": PROGRAM.splitlines()},
        {
            "name": "killed",
            "command": "python3 keep.py    # and elsewhere, after each line: kill -9 PID",
            "output": said,
        },
        {
            "name": "orphan",
            "command": f"pkill -9 -f keep.py; ps -o {SHOWN} -p {last}",
            "output": [line.rstrip() for line in orphan],
        },
    ]
    about = "a control loop that keeps one process running"
    return {"metadata": metadata("supervisor", about), "entries": entries}


def _started(line: str) -> int:
    return int(line.rpartition(" ")[2])


if __name__ == "__main__":
    try:
        keep("supervisor", record())
    except (OSError, subprocess.CalledProcessError) as failed:
        sys.exit(str(failed))
