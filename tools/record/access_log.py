"""Record the access log of a real nginx before a shop with faults, under a load of its own.

    python -m tools.record.access_log [--minutes 60] [--rate 28] [--seed 1] [--into FOLDER]

It takes as long as it says and writes, into ``lab_kernel/recordings`` unless told otherwise:

    access.log.gz           what nginx (the load balancer) logged, all of it
    access-server.log.gz    what the shop itself logged, from minute 24 to 33 of 60
    access-client.log.gz    what the clients logged, in the same minutes
    access.json             how it was made, and when which fault was there

The form of a line is nginx's "combined" with ``$request_time`` (seconds, to the millisecond) at its
end; in the clients' log the time is what the client waited. nginx writes a line when a request has
ended. It runs two workers that keep lines back for up to two seconds, so lines of the two can be
out of order by so much; ``$time_local`` is right, to the second and in UTC.

Everything listens on the loopback, at ports that were free. What is started here is stopped here.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tools.record import shop, shoppers
from tools.record.lackey import Failed
from tools.record.shelf import SHELF, keep, metadata

PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
CONFIGURATION = """\
daemon off;
worker_processes 2;
pid nginx.pid;
error_log error.log crit;
events { worker_connections 1024; }
http {
    log_format timed '$remote_addr - $remote_user [$time_local] "$request" '
        '$status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';
    access_log access.log timed buffer=16k flush=2s;
    server {
        listen 127.0.0.1:8080;
        server_tokens off;
        location /static/ { root html; }
        location / {
            proxy_pass http://127.0.0.1:8081;
            proxy_connect_timeout 1s;
            proxy_read_timeout 10s;
        }
    }
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
}
"""
SLICE = (24, 33)  # minutes of an hour of which the other two logs are kept
GRACE = 30.0  # seconds that the last requests and nginx may need


def nginx() -> str | None:
    """The program, if it is installed."""
    return shutil.which("nginx", path=PATH)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int, upstream: int) -> Iterator[None]:
    """nginx with our configuration, asked to end gracefully afterwards."""
    program = nginx()
    if program is None:
        raise Failed("nginx is not installed")
    (folder / "html/static").mkdir(parents=True)
    (folder / "html/static/app.js").write_bytes(b"/" * shop.BY_PATH["/static/app.js"].size)
    text = CONFIGURATION.replace(":8080", f":{port}").replace(":8081", f":{upstream}")
    (folder / "nginx.conf").write_text(text)
    folder.chmod(0o755)  # nginx' workers are another user when we are root
    process = subprocess.Popen(
        [program, "-p", str(folder), "-c", "nginx.conf", "-e", "error.log"],
        env={"PATH": PATH, "TZ": "UTC", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
    )
    try:
        wait_for(port, process)
        yield
        subprocess.run(["kill", "-QUIT", str(process.pid)], check=True)
        process.wait(GRACE)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(GRACE)


def wait_for(port: int, process: subprocess.Popen[bytes] | BaseProcess) -> None:
    """Until something listens there; Failed when it does not, within seconds."""
    for _attempt in range(100):
        ended = process.poll() if isinstance(process, subprocess.Popen) else process.exitcode
        if ended is not None:
            raise Failed(f"what should listen ended with status {ended}")
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise Failed("nothing listens")


def load(folder: Path, seconds: float, rate: float, seed: int) -> float:
    """The whole run, with the shop's death and return; when it began, in Unix seconds."""
    context = get_context("fork")
    port, upstream = free_port(), free_port()
    start = float(int(time.time()) + 2)

    def open_shop() -> BaseProcess:
        log = folder / "server.log"
        opened = context.Process(
            target=shop.run, args=(upstream, log, start, seconds, seed), daemon=True
        )
        opened.start()
        wait_for(upstream, opened)
        return opened

    outage = next(fault for fault in shop.FAULTS if fault.kind == "outage")
    running = [open_shop()]
    try:
        with serving(folder, port, upstream):
            make = partial(
                shoppers.Shoppers, port, folder / "client.log", start, seconds, rate, seed
            )
            clients = context.Process(target=shoppers.run, args=(make,), daemon=True)
            clients.start()
            running.append(clients)
            sleep_until(start + seconds * outage.start / 60)
            running[0].kill()
            running[0].join()
            sleep_until(start + seconds * outage.end / 60)
            running[0] = open_shop()
            clients.join(max(0.0, start + seconds + GRACE - time.time()))
            if clients.exitcode != 0:
                raise Failed(f"the clients ended with status {clients.exitcode}")
    finally:
        for process in running:
            if process.is_alive():
                process.kill()
            process.join()
    return start


def sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.time()))


def cut(log: Path, start: float, end: float) -> bytes:
    """The lines of requests that ended in this time."""
    kept = [line for line in log.read_bytes().splitlines(True) if start <= ended(line) < end]
    return b"".join(kept)


def ended(line: bytes) -> float:
    found = re.search(rb"\[([^]]+)\]", line)
    assert found is not None
    return datetime.strptime(found[1].decode(), "%d/%b/%Y:%H:%M:%S %z").timestamp()


def record(into: Path, *, minutes: float, rate: float, seed: int) -> dict[str, Any]:
    """Write the four files; returns what is in the JSON. Failed where it cannot be made."""
    seconds = minutes * 60
    with tempfile.TemporaryDirectory(prefix="access-log-") as name:
        folder = Path(name)
        start = load(folder, seconds, rate, seed)
        first, last = (start + seconds * minute / 60 for minute in SLICE)
        logs = {
            "access": (folder / "access.log").read_bytes(),
            "access-server": cut(folder / "server.log", first, last),
            "access-client": cut(folder / "client.log", first, last),
        }
    for each, text in logs.items():
        (into / f"{each}.log.gz").write_bytes(gzip.compress(text, 9, mtime=0))
    about = "the access log of nginx before a shop with faults, under a load of its own"
    version = subprocess.run([nginx() or "", "-v"], capture_output=True, text=True).stderr
    told = metadata(
        "access_log",
        about,
        minutes=minutes,
        rate=rate,
        seed=seed,
        nginx=version.strip().rpartition("/")[2],
        python=sys.version.split()[0],
        start=int(start),
        end=int(start + seconds),
        slice=[int(first), int(last)],
        lines={each: text.count(b"\n") for each, text in logs.items()},
        workers=shop.WORKERS,
        patience=shoppers.PATIENCE,
        baseline=shop.BASELINE,
        faults=[
            {
                "kind": fault.kind,
                "start": round(start + seconds * fault.start / 60, 1),
                "end": round(start + seconds * fault.end / 60, 1),
                "amount": fault.amount,
                "about": fault.about,
            }
            for fault in shop.FAULTS
        ],
    )
    entries = [
        {
            "name": "nginx.conf",
            "command": "cat nginx.conf",
            "output": CONFIGURATION.splitlines(),
        },
        {
            "name": "head",
            "command": "head -5 access.log",
            "output": logs["access"].decode().splitlines()[:5],
        },
    ]
    return {"metadata": told, "entries": entries}


def main() -> None:
    parser = argparse.ArgumentParser(description="Record the access log of a real nginx.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=28, help="requests a second, in the mean")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--into", type=Path, default=SHELF)
    given = parser.parse_args()
    try:
        made = record(given.into, minutes=given.minutes, rate=given.rate, seed=given.seed)
    except (Failed, OSError) as failed:
        sys.exit(str(failed))
    keep("access", made, given.into)


if __name__ == "__main__":
    main()
