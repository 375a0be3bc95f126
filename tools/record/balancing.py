"""Record how long requests wait behind a real nginx that spreads them over four servers.

    python -m tools.record.balancing

writes ``lab_kernel/recordings/balancing.json``. nginx chooses in four ways: ``random``, its round
robin, ``random two least_conn`` and ``least_conn``. The servers are
``lab_kernel/host/small_service.py`` with one worker each, whose work is a sleep of 40 ms on
average, drawn from an exponential distribution with a known seed. Requests come at the same moments
each time, a Poisson process for a utilization of 75%. Before that, what a request takes besides
its work is measured with 50 requests one after the other. All of it takes about two and a half
minutes, on the loopback, without rights; nginx is Debian's.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from lab_kernel.host import loopback
from lab_kernel.percentile import percentile
from tools.record.queueing import server
from tools.record.shelf import keep, metadata

SERVERS, WORK, SECONDS, UTILIZATION = 4, 40, 30.0, 0.75
WAYS = {
    "random": "random;",
    "in-turn": "",
    "two": "random two least_conn;",
    "least": "least_conn;",
}
CONFIGURATION = """\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    upstream servers {{
        {way}
        {servers}
    }}
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        location / {{ proxy_pass http://servers; }}
    }}
}}
"""


@contextmanager
def nginx(way: str, ports: Sequence[int]) -> Iterator[int]:
    """Its port; it ends on the way out."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    servers = "\n        ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in ports)
    with tempfile.TemporaryDirectory() as room:
        given = CONFIGURATION.format(way=way, servers=servers, port=port)
        (Path(room) / "nginx.conf").write_text(given, encoding="utf-8")
        program = "/usr/sbin/nginx"
        process = subprocess.Popen([program, "-p", room, "-e", "stderr", "-c", "nginx.conf"])
        try:
            _wait_for(port)
            yield port
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    for _try in range(100):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise OSError("nginx does not listen")


def besides() -> float:
    """ms that a request takes on the way and in the server, besides its work."""
    with server(work_ms=WORK) as port, nginx("", [port]) as front:
        alone = [loopback.ask(front, time.monotonic(), 0).took - WORK for _n in range(50)]
    return round(statistics.median(alone), 2)


def choosing(name: str, rate: float) -> dict[str, Any]:
    """One way to choose, as it is stored."""
    moments = loopback.due(rate, SECONDS, seed=1)
    with ExitStack() as stack:
        ports = [
            stack.enter_context(server(work_ms=WORK, seed=f"work {n}")) for n in range(SERVERS)
        ]
        front = stack.enter_context(nginx(WAYS[name], ports))
        clients = stack.enter_context(ThreadPoolExecutor(300))
        start = time.monotonic() + 0.5
        asked = list(clients.map(lambda moment: loopback.ask(front, start, moment), moments))
    took = [each.took for each in asked]
    failed = sum(each.status != 200 for each in asked)
    output = [
        f"{len(took)} requests at {rate:.1f} a second, {failed} failed",
        f"mean {statistics.fmean(took):.1f} ms, 99th percentile {percentile(took, 99):.1f} ms",
    ]
    print(name, *output, sep="\n", file=sys.stderr)
    return {
        "name": name,
        "command": f"python -m tools.record.balancing  # nginx: {WAYS[name] or 'round robin'}",
        "output": output,
        "nginx": WAYS[name],
        "took": " ".join(f"{each:g}" for each in took),
    }


def record() -> dict[str, Any]:
    """The recording as it is stored."""
    more = besides()
    rate = SERVERS * 1000 * UTILIZATION / (WORK + more)
    entries = [choosing(name, rate) for name in WAYS]
    version = subprocess.run(["/usr/sbin/nginx", "-v"], capture_output=True, text=True).stderr
    about_it = {
        "servers": SERVERS, "work_ms": WORK, "besides_ms": more, "utilization": UTILIZATION,
        "rate": round(rate, 3), "seconds": SECONDS, "nginx": version.strip().split("/")[-1],
    }  # fmt: skip
    about = "nginx before four servers of one worker each, choosing in four ways"
    return {"metadata": metadata("balancing", about, **about_it), "entries": entries}


if __name__ == "__main__":
    keep("balancing", record())
