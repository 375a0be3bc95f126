"""Record a real retry storm on the loopback, and what a budget or a bounded queue makes of it.

    python -m tools.record.retries [CASE]

writes ``lab_kernel/recordings/retries.json``, or prints one case. A server, a process of its own,
answers one HTTP request after the other and needs 20 ms for each, so 50 in a second. A client
sends 30 new requests a second at even distances, gives up each try after 0.4 s and makes three in
all, with a pause of up to 50 ms before another one (full jitter). In seconds 3 to 6 the server
needs four times as long. What a client no longer waits for is in the server's queue all the same.

    plain    three tries
    budget   the same, and at most a tenth of the requests may be tried again (Finagle's budget)
    bounded  three tries; the server answers 503 at once when eight are waiting

Only the standard library, no root; each case takes 16 seconds. Nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import random
import socket
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from lab_kernel.microservices.resilience.backoff import Backoff
from lab_kernel.microservices.resilience.retry_budget import Budget, RetryBudget, Unlimited
from tools.record.shelf import keep, metadata

WORK, SLOWER = 0.02, 4  # seconds for a request; times that while the trouble lasts
TROUBLE = (3.0, 6.0)
RATE, SECONDS = 30, 15
TIMEOUT, ATTEMPTS = 0.4, 3
BOUND = 8
CASES = ("plain", "budget", "bounded")
OK, FULL = b"HTTP/1.1 200 OK", b"HTTP/1.1 503 Service Unavailable"


def serve(listening: socket.socket, bound: int | None, began: float) -> None:
    """Answer one after the other, for as long as a case takes."""

    async def main() -> None:
        turn, waiting = asyncio.Lock(), 0  # a lock of asyncio is first come, first served

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal waiting
            with contextlib.suppress(ConnectionError):
                await reader.readuntil(b"\r\n\r\n")
                answer = FULL
                if bound is None or waiting < bound:
                    waiting += 1
                    async with turn:
                        waiting -= 1
                        slow = TROUBLE[0] <= time.monotonic() - began < TROUBLE[1]
                        await asyncio.sleep(WORK * (SLOWER if slow else 1))
                    answer = OK
                writer.write(answer + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
            writer.close()

        async with await asyncio.start_server(handle, sock=listening, backlog=4096):
            await asyncio.sleep(began + SECONDS + 2 - time.monotonic())

    asyncio.run(main())


def now() -> int:
    """Ms, as a budget counts."""
    return round(time.monotonic() * 1000)


async def send(port: int) -> bool:
    """One try: whether 200 came in time."""
    with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
        async with asyncio.timeout(TIMEOUT):
            async with connected(port) as (reader, writer):
                writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                return (await reader.readuntil(b"\r\n\r\n")).startswith(OK)
    return False


@contextlib.asynccontextmanager
async def connected(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def client(port: int, budget: RetryBudget, began: float) -> list[list[int]]:
    """For each second: requests begun, tries sent, requests answered in time (by their begin)."""
    seconds = [[0, 0, 0] for _second in range(SECONDS)]
    chance = random.Random(1)

    async def request(begun: int) -> None:
        seconds[begun][0] += 1
        budget.called()
        pauses = Backoff(base=50, cap=200).pauses(chance)
        for attempt in range(ATTEMPTS):
            if attempt and not budget.allows():
                return
            if attempt:
                await asyncio.sleep(next(pauses) / 1000)
            if time.monotonic() < began + SECONDS:  # the last ones go on a little longer
                seconds[int(time.monotonic() - began)][1] += 1
            good = await send(port)
            budget.ended(good)
            if good:
                seconds[begun][2] += 1
                return

    async with asyncio.TaskGroup() as group:
        for number in range(RATE * SECONDS):
            due = began + number / RATE
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            group.create_task(request(number // RATE))
    return seconds


def case(name: str) -> dict[str, Any]:
    """One case as an entry of the recording."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=4096)
    port, began = listening.getsockname()[1], time.monotonic() + 0.5
    bound = BOUND if name == "bounded" else None
    context = multiprocessing.get_context("fork")
    server = context.Process(target=serve, args=(listening, bound, began), daemon=True)
    server.start()
    listening.close()
    budget = Budget(now, share=0.1, per_second=0) if name == "budget" else Unlimited()
    try:
        seconds = asyncio.run(client(port, budget, began))
    finally:
        server.terminate()
        server.join()
    output = [
        f"second {second:2}: {begun} requests, {tries} tries, {good} answered in time"
        for second, (begun, tries, good) in enumerate(seconds)
    ]
    command = f"python -m tools.record.retries {name}"
    return {"name": name, "command": command, "output": output, "seconds": seconds}


def record() -> dict[str, Any]:
    about = "a server on the loopback that is slow for three seconds, and a client that tries again"
    return {
        "metadata": metadata(
            "retries",
            about,
            work_ms=WORK * 1000,
            slower=SLOWER,
            trouble=TROUBLE,
            rate=RATE,
            timeout_ms=TIMEOUT * 1000,
            attempts=ATTEMPTS,
            bound=BOUND,
        ),
        "entries": [case(name) for name in CASES],
    }


if __name__ == "__main__":
    if sys.argv[1:]:
        print("\n".join(case(sys.argv[1])["output"]))
    else:
        keep("retries", record())
