"""Record what a real Linux says about system calls and rights, by commands that a reader would run.

    sudo python -m tools.record.syscalls

writes ``lab_kernel/recordings/syscalls.json``: the output of every command, line by line. Root is
needed to become ``nobody`` in some of them. ``/proc/self`` is that of the command itself.
"""

from __future__ import annotations

import subprocess
from typing import Any

from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata

STATUS = "grep -E '^(Uid|Gid|CapPrm|CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status"
NOBODY = "setpriv --reuid=nobody --regid=nogroup --clear-groups"
SIZES = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536)  # bytes a call
TOTAL = 1 << 20
COMMANDS = {
    "hello": "strace -e trace=write,exit_group echo hello > /dev/null",
    "refused": "strace -u nobody -e trace=openat,exit_group cat /etc/shadow",
    "counts": "strace -c -S calls cat /etc/shells > /dev/null",
    "root": STATUS,
    "nobody": f"{NOBODY} {STATUS}",
    "no new privileges": f"setpriv --no-new-privs {STATUS}",
    "set-user-ID": "ls -l /etc/shadow /usr/bin/passwd",
}
COPIES = {
    f"dd {size}": f"dd if=/dev/zero of=/dev/null bs={size} count={TOTAL // size}" for size in SIZES
}
TRIES = 15  # of each copy, of which the fastest counts: the rest is other people's work


def run(command: str) -> list[str]:
    """What it prints. It may fail: that is what some are there to show."""
    said = subprocess.run(
        ["sh", "-c", command],
        env=ENVIRONMENT,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return said.stdout.splitlines()


def seconds(output: list[str]) -> float:
    """What dd says of itself: ``1048576 bytes (1.0 MB, 1.0 MiB) copied, 0.93535 s, 1.1 MB/s``."""
    return float(output[-1].split(", ")[-2].removesuffix(" s"))


def record() -> dict[str, Any]:
    """The snapshot as it is stored."""
    found = {name: (command, run(command)) for name, command in COMMANDS.items()}
    for name, command in COPIES.items():
        found[name] = (command, min((run(command) for _ in range(TRIES)), key=seconds))
    remark = f"each dd is the fastest of {TRIES} runs"
    entries = [
        {"name": name, "command": command, "output": output}
        for name, (command, output) in found.items()
    ]
    return {
        "metadata": metadata("syscalls", "system calls, and who may make them", remark=remark),
        "entries": entries,
    }


if __name__ == "__main__":
    keep("syscalls", record())
