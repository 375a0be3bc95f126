"""Record how one CPU is shared between busy processes of different nice values.

    python -m tools.record.nice

writes ``lab_kernel/recordings/nice.json``: CPU time of each process over some seconds, for two
sets of nice values, as ``lab_kernel.host.nice`` measures it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from lab_kernel.host.nice import measure
from tools.record.shelf import keep, metadata

SETS = ((0, 1, 5), (0, 5, 10, 19))
SECONDS = 6.0


def record(sets: Sequence[Sequence[int]] = SETS, seconds: float = SECONDS) -> dict[str, Any]:
    """The recording as it is stored; OSError where it cannot be made."""
    entries = []
    for nices in sets:
        print(f"nice {nices}: {seconds:g} s", file=sys.stderr)
        measured = measure(nices, seconds)
        entries.append(
            {
                "name": " ".join(map(str, nices)),
                "command": f"nice_shares({tuple(nices)}, seconds={seconds:g})",
                "output": [
                    f"nice {nice:2}: {ran / 1e6:8.1f} ms of CPU, {share:6.2%}"
                    for nice, ran, share in zip(
                        nices, measured.cpu_ns, measured.shares, strict=True
                    )
                ],
                "nices": list(nices),
                "cpu_ns": list(measured.cpu_ns),
            }
        )
    about = "busy processes on one CPU; nanoseconds from /proc/PID/schedstat"
    return {"metadata": metadata("nice", about, seconds=seconds), "entries": entries}


if __name__ == "__main__":
    keep("nice", record())
