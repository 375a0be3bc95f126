"""Record three real processes of the sample applications: carts that are lost, and how they stop.

    python -m tools.record.replicas

writes ``lab_kernel/recordings/replicas.json``. Each replica is a Python process that serves the
application's own text over HTTP on a port that its environment names; the backing service is
another such process. Requests go to the replicas in turn, and one is stopped half-way by SIGTERM
and started again. What a module ``kv`` does there stands below.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

from lab_kernel.cloud_native.samples import LEGACY, NEW, Application, fixed
from tools.record.shelf import keep, metadata

SERVER = """
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl, urlsplit


def serve(handle, port):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            given = dict(parse_qsl(urlsplit(self.path).query))
            self.send_response(200)
            self.end_headers()
            if given:
                self.wfile.write(repr(handle(given["session"], given["item"])).encode())

        def log_message(self, *_said):
            pass

    HTTPServer(("127.0.0.1", port), Handler).serve_forever()
"""
KV = """
from ast import literal_eval
from urllib.parse import urlencode
from urllib.request import urlopen


class connect:
    def __init__(self, url):
        self.url = url

    def append(self, session, item):
        asked = urlencode({"session": session, "item": item})
        with urlopen(f"{self.url}/?{asked}") as answer:
            return literal_eval(answer.read().decode())
"""
STORE = """
import os

carts = {}


def handle(session, item):
    carts.setdefault(session, []).append(item)
    return carts[session]


def main(serve):
    serve(handle, int(os.environ["PORT"]))
"""
# In memory, but with its configuration from the environment and no file of its own for the log.
IN_MEMORY = fixed(LEGACY, ["config", "logs"])
CUSTOMERS = ("alice", "bob", "alice", "alice", "bob", "bob", "alice", "alice", "bob", "alice")
REPLICAS, STOPPED_BEFORE = 3, 6
WHERE = {"memory": "a dictionary", "service": "a service"}
START = "import cart, server; cart.main(server.serve)"


Replica = tuple[subprocess.Popen[bytes], int]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def started(where: Path, code: str, **settings: str) -> Iterator[Replica]:
    """A process that serves this text, and its port; it answers when it is handed over."""
    where.mkdir(parents=True, exist_ok=True)
    for name, text in (("cart.py", code), ("kv.py", KV), ("server.py", SERVER)):
        (where / name).write_text(text)
    port = free_port()
    environment = {**os.environ, "PORT": str(port), **settings}
    process = subprocess.Popen([sys.executable, "-c", START], cwd=where, env=environment)
    try:
        for _try in range(200):
            try:
                urlopen(f"http://127.0.0.1:{port}/").close()
                break
            except OSError:
                time.sleep(0.02)
        yield process, port
    finally:
        process.kill()
        process.wait()


def run(where: Path, application: Application) -> list[str]:
    """One line for each request, and one for the replica that was stopped."""
    lines = []
    with ExitStack() as running:
        _store, kept_at = running.enter_context(started(where / "store", STORE))
        settings = {"KV_URL": f"http://127.0.0.1:{kept_at}", "API_KEY": "-"}

        def replica(name: str) -> Replica:
            return running.enter_context(started(where / name, application.code, **settings))

        replicas = [replica(f"replica {n}") for n in range(REPLICAS)]
        put = dict.fromkeys(CUSTOMERS, 0)
        for number, customer in enumerate(CUSTOMERS, 1):
            if number == STOPPED_BEFORE:
                process, _port = replicas[0]
                process.send_signal(signal.SIGTERM)
                lines.append(f"replica 1: SIGTERM, exit status {process.wait()}; started again")
                replicas[0] = replica("again")
            turn = (number - 1) % REPLICAS
            put[customer] += 1
            asked = f"http://127.0.0.1:{replicas[turn][1]}/?session={customer}&item=item{number}"
            with urlopen(asked) as answer:
                shown = answer.read().count(b"item")
            lines.append(f"{number} {customer} -> replica {turn + 1}: {shown} of {put[customer]}")
    return lines


def record() -> dict[str, object]:
    """The snapshot as it is stored."""
    entries = []
    with tempfile.TemporaryDirectory() as made:
        for name, application in (("memory", IN_MEMORY), ("service", NEW)):
            output = run(Path(made) / name, application)
            command = f'python -c "{START}"  # three replicas, carts in {WHERE[name]}'
            entries.append({"name": name, "command": command, "output": output})
    about = "three processes of the sample applications"
    return {"metadata": metadata("replicas", about), "entries": entries}


if __name__ == "__main__":
    keep("replicas", record())
