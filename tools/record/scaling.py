"""Record what a growing load does to a real server of one, two and four workers with limited CPU.

    python -m tools.record.scaling [WORKERS RATE]

writes ``lab_kernel/recordings/scaling.json``, or prints one step. Each worker is a process that
computes for 2 ms per request, in a control group of its own that may use 200 ms of CPU each second
(``limit``); its ``request`` is 100m. A client on the same machine sends requests over the loopback
at a fixed rate, to one worker after the other, whether the earlier ones are answered or not. Every
step takes four seconds, all of it about a minute. It needs root and a CPU controller of control
groups, either version; the groups are removed afterwards.
"""

from __future__ import annotations

import contextlib
import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tools.record.shelf import keep, metadata

WORKERS = (1, 2, 4)
RATES = (20, 40, 80, 160)  # requests a second, to all workers together
SECONDS = 4.0
WORK = 0.002  # seconds of CPU for a request
REQUEST, LIMIT = 100, 200  # thousandths of a CPU
PERIOD = 100_000  # microseconds
PATIENCE = 5.0  # seconds until a client gives up
GROUPS = Path("/sys/fs/cgroup")


def serve(listening: socket.socket) -> None:
    """Answer one request after the other, for ever."""
    while True:
        client, _address = listening.accept()
        with client, contextlib.suppress(OSError):
            client.recv(1)
            end = time.process_time() + WORK
            while time.process_time() < end:
                pass
            client.sendall(b"!")


def group(number: int, pid: int) -> Path:
    """A new control group with the limit, and the process in it; OSError where that is not so."""
    version_2 = (GROUPS / "cgroup.controllers").exists()
    path = (GROUPS if version_2 else GROUPS / "cpu") / f"lab-scaling-{number}"
    path.mkdir()
    quota = LIMIT * PERIOD // 1000
    if version_2:
        (path / "cpu.max").write_text(f"{quota} {PERIOD}")
    else:
        (path / "cpu.cfs_period_us").write_text(str(PERIOD))
        (path / "cpu.cfs_quota_us").write_text(str(quota))
    (path / "cgroup.procs").write_text(str(pid))
    return path


@contextlib.contextmanager
def working(count: int) -> Iterator[tuple[list[Any], list[int], list[Path]]]:
    """Workers, their ports and their groups; all gone at the end."""
    context = get_context("fork")
    processes, ports, groups = list[Any](), list[int](), list[Path]()
    try:
        for number in range(count):
            listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
            ports.append(listening.getsockname()[1])
            process = context.Process(target=serve, args=(listening,), daemon=True)
            process.start()
            listening.close()
            processes.append(process)
            groups.append(group(number, process.pid or 0))
        yield processes, ports, groups
    finally:
        for process in processes:
            process.kill()
            process.join()
        for path in groups:
            path.rmdir()


def ask(port: int, due: float) -> float | None:
    """Seconds from when the request was due until its answer; None: none came."""
    time.sleep(max(0.0, due - time.monotonic()))
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
            client.sendall(b"?")
            client.recv(1)
    except OSError:
        return None
    return time.monotonic() - due


def used(processes: list[Any]) -> int:
    """Nanoseconds on a CPU so far, all together."""
    texts = [Path(f"/proc/{each.pid}/schedstat").read_text() for each in processes]
    return sum(int(text.split()[0]) for text in texts)


def throttled(groups: list[Path]) -> tuple[int, int]:
    """Periods, and those in which a group was stopped at its limit."""
    words = dict(
        line.split() for path in groups[:1] for line in (path / "cpu.stat").read_text().splitlines()
    )
    return int(words["nr_periods"]), int(words["nr_throttled"])


def step(count: int, rate: int) -> dict[str, Any]:
    """One rate with so many workers, from a fresh start."""
    with working(count) as (processes, ports, groups), ThreadPoolExecutor(400) as clients:
        before, start = used(processes), time.monotonic() + 0.2
        due = [start + n / rate for n in range(round(rate * SECONDS))]
        asked = [clients.submit(ask, ports[n % count], each) for n, each in enumerate(due)]
        time.sleep(max(0.0, start + SECONDS - time.monotonic()))
        after, (periods, stopped) = used(processes), throttled(groups)
        in_time = sum(each.done() and each.result() is not None for each in asked)
        waits = sorted(wait for each in asked if (wait := each.result()) is not None)
    cpu = round((after - before) / SECONDS / 1e6)
    found = {
        "workers": count,
        "rate": rate,
        "served": round(in_time / SECONDS, 1),
        "cpu": cpu,
        "utilization": round(100 * cpu / (REQUEST * count)),
        "median": round(1000 * statistics.median(waits), 1),
        "p95": round(1000 * waits[int(len(waits) * 0.95)], 1),
        "periods": periods,
        "throttled": stopped,
    }
    return entry(found)


def entry(found: dict[str, Any]) -> dict[str, Any]:
    """A step as it is stored."""
    lines = [
        "answered in time: {served} a second",
        "CPU: {cpu}m, {utilization}% of the requests",
        "answers: median {median} ms, 95% within {p95} ms",
        "stopped at its limit in {throttled} of {periods} periods",
    ]
    output = [line.format(**found) for line in lines]
    command = "python -m tools.record.scaling {workers} {rate}".format(**found)
    print(command, *output, sep="\n", file=sys.stderr)
    return {
        "name": "{workers}-{rate}".format(**found),
        "command": command,
        "output": output,
        **found,
    }


def record() -> dict[str, Any]:
    """The recording as it is stored; OSError where it cannot be made."""
    entries = [step(count, rate) for count in WORKERS for rate in RATES]
    about = "a server on the loopback: one to four workers with limited CPU under a growing load"
    more = {"request": REQUEST, "limit": LIMIT, "work_ms": WORK * 1000, "seconds": SECONDS}
    return {
        "metadata": metadata("scaling", about, cpus=os.cpu_count(), **more),
        "entries": entries,
    }


if __name__ == "__main__":
    if len(sys.argv) == 3:
        step(*map(int, sys.argv[1:]))
    else:
        keep("scaling", record())
