"""Record how long requests wait for a real server of one worker, at five utilizations.

    python -m tools.record.queueing

writes ``lab_kernel/recordings/queueing.json``. The server is ``lab_kernel/host/small_service.py``:
its work is a sleep of 10 ms on average, drawn from an exponential distribution with a known seed.
Requests come as a Poisson process with a known seed, too, so a simulation can be given the same
moments and the same work. Before that, what a request takes besides its work is measured with 100
requests one after the other. All of it takes about two minutes, on the loopback, without rights.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lab_kernel.host import loopback, small_service
from tools.record.shelf import keep, metadata

WORK = 10  # ms
SECONDS = 20.0
UTILIZATIONS = (0.3, 0.5, 0.7, 0.8, 0.9)


@contextmanager
def server(**settings: Any) -> Iterator[int]:
    """Its port; it ends on the way out."""
    program = str(Path(small_service.__file__))
    given = json.dumps({"work_ms": WORK, "workers": 1, **settings})
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", program, given],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


def besides() -> float:
    """ms that a request takes in the server and on the way, besides its work."""
    with server() as port:
        alone = [loopback.ask(port, time.monotonic(), 0).took - WORK for _n in range(100)]
    return round(statistics.median(alone), 2)


def step(utilization: float, more: float, seconds: float = SECONDS) -> dict[str, Any]:
    """One utilization, as it is stored."""
    rate = 1000 * utilization / (WORK + more)
    seed = round(100 * utilization)
    moments = loopback.due(rate, seconds, seed)
    with server(seed=f"work {seed}") as port, ThreadPoolExecutor(200) as clients:
        start = time.monotonic() + 0.2
        asked = list(clients.map(lambda moment: loopback.ask(port, start, moment), moments))
    took = [each.took for each in asked]
    output = [
        f"{len(took)} requests at {rate:.1f} a second",
        f"mean {statistics.fmean(took):.1f} ms, median {statistics.median(took):.1f} ms",
    ]
    print(f"utilization {utilization}", *output, sep="\n", file=sys.stderr)
    return {
        "name": f"{seed}",
        "command": f"python -m tools.record.queueing  # utilization {utilization}",
        "output": output,
        "utilization": utilization,
        "rate": round(rate, 3),
        "due": " ".join(f"{each.due:g}" for each in asked),
        "took": " ".join(f"{each.took:g}" for each in asked),
    }


def record() -> dict[str, Any]:
    """The recording as it is stored."""
    more = besides()
    entries = [step(utilization, more) for utilization in UTILIZATIONS]
    about = "one server of one worker on the loopback, at five utilizations"
    about_it = {"work_ms": WORK, "besides_ms": more, "seconds": SECONDS}
    return {"metadata": metadata("queueing", about, **about_it), "entries": entries}


if __name__ == "__main__":
    keep("queueing", record())
