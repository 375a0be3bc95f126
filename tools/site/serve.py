"""Builds the site, serves it on this machine only, and builds again what changes.

python -m tools.site.serve [--port 8000]
"""

from __future__ import annotations

import argparse
import errno
import sys
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tools.site.build import SITE, build, inputs

HOST = "127.0.0.1"


class Pages(SimpleHTTPRequestHandler):
    """The finished files, and the site's own page where there is none."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        page = SITE / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.exists():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")  # what was built last is what is seen
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: a learner wants the address, not the traffic."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader who leaves early (a closed tab) is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(port: int) -> Server:
    """Bound and ready; OSError if the port is taken."""
    return Server((HOST, port), partial(Pages, directory=str(SITE)))


def watch(stop: threading.Event, seconds: float = 1.0) -> None:
    """Build again whenever a file that the site is made from has changed."""
    seen = _times()
    while not stop.wait(seconds):
        now = _times()
        if now != seen:
            seen = now
            build()


def _times() -> dict[str, float]:
    times = {}
    for language in ("ko", "en"):
        for path in inputs(language):
            try:
                times[str(path)] = path.stat().st_mtime
            except FileNotFoundError:  # renamed while we looked
                continue
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the site and serve it on this machine.")
    parser.add_argument("--port", default="8000")
    said = parser.parse_args().port
    port = int(said) if said.isascii() and said.isdigit() else -1
    if not 0 <= port < 65536:
        print(f"port {said} is no port. Choose a number to 65535: make serve PORT=8001")
        return 1
    try:
        httpd = server(port)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is in use" if taken else f"cannot be used ({error.strerror})"
        print(f"port {port} {why}. Choose another: make serve PORT={max(port + 1, 8001) % 65536}")
        return 1
    stop = threading.Event()
    try:
        if not build():
            return 1
        print(f"http://{HOST}:{httpd.server_port}/  (Ctrl-C stops it)", flush=True)
        threading.Thread(target=watch, args=(stop,), daemon=True).start()
        httpd.serve_forever()
    except KeyboardInterrupt:
        print()
    finally:
        stop.set()
        httpd.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
