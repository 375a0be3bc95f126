"""One small HTTP service: it waits, asks other services, and answers. Nothing but Python's own.

    python small_service.py '{"work_ms": 8, "workers": 4}'
    python small_service.py '{"work_ms": 2, "workers": 8, "calls": [[4001], [4002, 4003]]}'

``calls`` are stages of ports on the loopback: the stages one after another, the ports of one stage
at the same time. ``timeout_ms`` is how long it waits for each of them (null: for ever). When one
of them does not answer with 200 the request is answered with 503, except that it is answered
without the ``optional`` ones all the same. Its work is a wait, as for a disk: several services on
a machine of few CPUs then do not slow down each other. With a ``seed`` it is drawn by chance, from
an exponential distribution with the mean ``work_ms``.

It writes its port and reads its input: a line is its new ``work_ms``; at the end of the input it
ends, and after ``longest`` seconds in any case. It is started as a file and imports nothing of the
package. Left out of a real one: connections that stay open, and any content.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Service(HTTPServer):
    """``workers`` threads take one connection after the other; the rest wait in the backlog."""

    request_queue_size = 1024

    def __init__(
        self,
        work_ms: float,
        workers: int,
        calls: Sequence[Sequence[int]] = (),
        timeout_ms: float | None = None,
        optional: Sequence[int] = (),
        seed: str | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.work_ms, self.calls, self.optional = work_ms, calls, optional
        self.timeout = None if timeout_ms is None else timeout_ms / 1000
        self.chance = None if seed is None else random.Random(seed)
        widest = max(map(len, calls), default=0)
        self.callers = ThreadPoolExecutor(max(1, workers * widest))
        for _number in range(workers):
            threading.Thread(target=self.work, daemon=True).start()

    def work(self) -> None:
        """What one worker does, for ever."""
        while True:
            request, address = self.socket.accept()
            try:
                self.finish_request(request, address)
            except OSError:
                pass  # whoever asked has gone
            finally:
                self.shutdown_request(request)

    def status(self) -> int:
        """Do the work, then ask the others."""
        often = 1.0 if self.chance is None else self.chance.expovariate(1)
        time.sleep(often * self.work_ms / 1000)
        for stage in self.calls:
            statuses = dict(zip(stage, self.callers.map(self.ask, stage), strict=True))
            if any(statuses[port] != 200 for port in stage if port not in self.optional):
                return 503
        return 200

    def ask(self, port: int) -> int:
        """One call; 0 when no answer came in time."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=self.timeout)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self.send_response(self.server.status())
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Nothing: many of them run at once."""


def main(settings: dict[str, Any], longest: int = 120) -> None:
    signal.alarm(longest)
    service = Service(**settings)
    print(service.server_port, flush=True)
    for line in sys.stdin:
        service.work_ms = float(line)
    os._exit(0)  # whatever its workers are waiting for


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
