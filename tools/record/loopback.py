"""Record three small HTTP services and a gateway on the loopback, while one of them is slow.

    python -m tools.record.loopback

writes ``lab_kernel/recordings/loopback.json``: the same requests three times, with a gateway that
waits for ever, one that waits 100 ms, and one that then answers without the slow service. All of
it takes about 40 seconds and needs no rights; every process ends with it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from lab_kernel.host import loopback
from tools.record.shelf import keep, metadata

TIMEOUT = 100  # ms
SECONDS = 4.0
RUNS: dict[str, dict[str, Any]] = {
    "forever": {"timeout_ms": None, "optional": False},
    "timeout": {"timeout_ms": TIMEOUT, "optional": False},
    "optional": {"timeout_ms": TIMEOUT, "optional": True},
}


def run(name: str, seconds: float = SECONDS) -> dict[str, Any]:
    """One of the runs as it is stored; OSError where it cannot be made."""
    settings = RUNS[name]
    found = loopback.measure(**settings, seconds=seconds, rate=loopback.RATE, seed=0)
    output = [
        f"{stage}: {len(part.asked)} requests, median {part.percentile(50):.1f} ms,"
        f" 99% within {part.percentile(99):.1f} ms, {part.answered:.1%} answered"
        for stage in loopback.STAGES
        for part in (found.stage(stage),)
    ]
    print(name, *output, sep="\n", file=sys.stderr)
    return {
        "name": name,
        "command": f"python -m tools.record.loopback  # {name}",
        "output": output,
        **settings,
        "seconds": seconds,
        "due": " ".join(f"{each.due:g}" for each in found.asked),
        "took": " ".join(f"{each.took:g}" for each in found.asked),
        "status": " ".join(str(each.status) for each in found.asked),
    }


def record() -> dict[str, Any]:
    """The recording as it is stored."""
    entries = [run(name) for name in RUNS]
    about = "three HTTP services and a gateway on the loopback, one of them slow for a while"
    more = {"rate": loopback.RATE, "slow_ms": loopback.SLOW}
    return {
        "metadata": metadata("loopback", about, cpus=os.cpu_count(), **more),
        "entries": entries,
    }


if __name__ == "__main__":
    keep("loopback", record())
