"""A small shop behind nginx, for ``access_log``: it answers after a drawn time, and has faults.

A request takes one of ``WORKERS`` workers for a log-normal time that depends on its path, so a
slow database makes a queue, as it does in a real service. The shop writes an access log of its
own, of what the server itself sees: the time is from when a worker takes the request.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

WORKERS = 8


@dataclass(frozen=True, slots=True)
class Route:
    """``median`` in milliseconds of a log-normal with ``sigma``; ``weight`` in the mix."""

    method: str
    path: str
    weight: float
    status: int = 200
    median: float = 0.0
    sigma: float = 0.5
    size: int = 0
    database: bool = True


# nginx sends /static itself; {n} is an item, few of which are asked for often.
ROUTES = (
    Route("GET", "/", 18, 200, 8, size=5120, database=False),
    Route("GET", "/static/app.js", 22, size=24_576, database=False),
    Route("GET", "/products", 16, 200, 15, size=9216),
    Route("GET", "/products/{n}", 22, 200, 25, size=3072),
    Route("GET", "/search", 9, 200, 60, 0.6, 2048),
    Route("POST", "/cart", 7, 303, 20, size=0),
    Route("POST", "/checkout", 4, 200, 110, 0.45, 512),
    Route("GET", "/favicon.ico", 2, 404, 1, size=153, database=False),
)
HEALTH = Route("GET", "/healthz", 0, 200, 1, 0.2, 3, database=False)
BY_PATH = {route.path: route for route in (*ROUTES, HEALTH)}
REASONS = {200: "OK", 303: "See Other", 404: "Not Found", 500: "Internal Server Error"}


@dataclass(frozen=True, slots=True)
class Fault:
    """From ``start`` up to ``end``, in minutes of an hour; ``amount`` as ``kind`` means it."""

    kind: str
    start: float
    end: float
    amount: float
    about: str


FAULTS = (
    Fault("slow", 8, 14, 10, "requests that use the database take ten times as long"),
    Fault("burst", 19, 21, 0.8, "80% of POST /checkout fail at once with 500"),
    Fault("network", 25, 27, 0.6, "60% of the mobile clients' connections break before nginx"),
    Fault("outage", 30, 31.5, 1, "the shop is killed; nginx answers 502"),
    Fault("burn", 36, 60, 0.006, "0.6% of the requests to the shop fail with 500"),
)
BASELINE = 0.0002  # of the requests to the shop fail at any time


def amount(kind: str, part: float) -> float:
    """The fault's amount at this part (0 to 1) of the run, 0 when there is none."""
    return sum(f.amount for f in FAULTS if f.kind == kind and f.start <= part * 60 < f.end)


def stamp(moment: float) -> str:
    """The time as nginx writes it, in UTC."""
    return f"{datetime.fromtimestamp(moment, UTC):%d/%b/%Y:%H:%M:%S} +0000"


async def serve(port: int, log: Path, start: float, seconds: float, seed: int) -> None:
    """Answer until the process is killed. ``start`` is the run's begin in Unix seconds."""
    workers, rng = asyncio.Semaphore(WORKERS), random.Random(seed)
    written = log.open("a", buffering=1, encoding="ascii")

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            method, target, *rest = await head(reader)
            async with workers:
                began = time.time()
                status, size, pause = decide(method, target, (began - start) / seconds, rng)
                await asyncio.sleep(pause)
                writer.write(response(status, size))
                await writer.drain()
            ended, line = time.time(), " ".join((method, target, *rest))
            shown = f'127.0.0.1 - - [{stamp(ended)}] "{line}" {status} {size} "-" "nginx"'
            written.write(f"{shown} {ended - began:.3f}\n")
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass  # the other side has gone
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


async def head(reader: asyncio.StreamReader) -> list[str]:
    """The words of the request line; the body, if there is one, is read too."""
    line, *fields = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    for field in fields:
        name, _colon, value = field.partition(":")
        if name.lower() == "content-length":
            await reader.readexactly(int(value))
    return line.split(" ")


def decide(method: str, target: str, part: float, rng: random.Random) -> tuple[int, int, float]:
    """Status, bytes and seconds of work."""
    path = target.partition("?")[0]
    if path.startswith("/products/"):
        path = "/products/{n}"
    route = BY_PATH.get(path)
    if route is None:
        return 404, 153, 0.001
    failing = BASELINE + amount("burn", part)
    if route.path == "/checkout":
        failing += amount("burst", part)
    if route is not HEALTH and rng.random() < failing:
        return 500, 170, 0.002
    slow = max(1.0, amount("slow", part)) if route.database else 1.0
    return route.status, route.size, route.median / 1000 * rng.lognormvariate(0, route.sigma) * slow


def response(status: int, size: int) -> bytes:
    fields = [f"HTTP/1.1 {status} {REASONS[status]}", f"Content-Length: {size}"]
    if status == 303:
        fields.append("Location: /cart")
    return "\r\n".join([*fields, "Connection: close", "", ""]).encode() + b"x" * size


def run(port: int, log: Path, start: float, seconds: float, seed: int) -> None:
    """The body of the shop's process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(serve(port, log, start, seconds, seed))
