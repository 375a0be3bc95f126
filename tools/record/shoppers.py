"""Clients of the shop, for ``access_log``: they ask whether the earlier ones are answered or not.

Arrivals are a Poisson process whose rate follows a day's curve pressed into the run: low at both
ends, highest in the middle. Some clients are mobile: a relay between them and nginx delays
every message, and breaks connections while the network has its fault. A client gives up after
``PATIENCE`` seconds. Each writes its line of the clients' log, with status 000 when no answer came.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from tools.record.shop import HEALTH, ROUTES, Route, amount, stamp

PATIENCE = 2.0  # seconds until a client gives up
DELAY = 0.03  # seconds that the mobile network needs, one way
SWING = 0.45  # the rate is between (1 - SWING) and (1 + SWING) of the mean
CHECK = 5.0  # seconds between two health checks
MANY = 500  # requests at the same time, at most
WORDS = ("tea", "cup", "pot", "lamp")
ITEMS = 20
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MOBILE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
CRAWLER = "ExampleBot/1.0 (+https://example.com/bot)"
PROBE = "kube-probe/1.31"
# Address and agent go together, by weight of clients.
AGENTS = {
    "127.0.0.11": (DESKTOP, 40), "127.0.0.12": (DESKTOP, 25),
    "127.0.0.21": (MOBILE, 30), "127.0.0.31": (CRAWLER, 5),
}  # fmt: skip
HELLO = b"\x16\x03\x01\x00\xee\x01\x00\x00\xea\x03\x03\r\n\r\n"  # TLS, to a port without it
STRANGE = 0.0002  # of all connections


class Shoppers:
    """All clients of one run of ``seconds`` from ``start`` on, at a mean ``rate``."""

    def __init__(
        self, port: int, log: Path, start: float, seconds: float, rate: float, seed: int
    ) -> None:
        self.port, self.start, self.seconds, self.rate = port, start, seconds, rate
        self.log = log.open("a", buffering=1, encoding="ascii")
        self.rng = random.Random(seed)
        self.relay = 0
        self.dropped = 0  # requests that were not sent because too many waited

    def part(self) -> float:
        """How much of the run is over, 0 to 1."""
        return (time.time() - self.start) / self.seconds

    async def run(self) -> None:
        relay = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        self.relay = relay.sockets[0].getsockname()[1]
        async with relay:
            await asyncio.gather(self.arrivals(), self.checks(2), self.checks(3))

    async def arrivals(self) -> None:
        """Poisson arrivals by thinning: candidates at the highest rate, kept by the curve."""
        due, highest = self.start, self.rate * (1 + SWING)
        running = set[asyncio.Task[None]]()
        while True:
            due += self.rng.expovariate(highest)
            part = (due - self.start) / self.seconds
            if part >= 1:
                break
            if self.rng.random() * (1 + SWING) > 1 - SWING * math.cos(2 * math.pi * part):
                continue
            await asyncio.sleep(max(0.0, due - time.time()))
            if len(running) >= MANY:
                self.dropped += 1
                continue
            task = asyncio.create_task(self.shopper())
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)

    async def shopper(self) -> None:
        names = list(AGENTS)
        address = self.rng.choices(names, [AGENTS[name][1] for name in names])[0]
        if self.rng.random() < STRANGE:
            await self.exchange(address, self.port, HELLO)
            return
        route = self.rng.choices(ROUTES, [route.weight for route in ROUTES])[0]
        mobile = AGENTS[address][0] == MOBILE
        await self.ask(route, address, AGENTS[address][0], self.relay if mobile else self.port)

    async def checks(self, number: int) -> None:
        """A checker of its own that asks again and again for /healthz."""
        due = self.start + number
        while due < self.start + self.seconds:
            await asyncio.sleep(max(0.0, due - time.time()))
            await self.ask(HEALTH, f"127.0.0.{number}", PROBE, self.port)
            due += CHECK

    async def ask(self, route: Route, address: str, agent: str, port: int) -> None:
        item = min(int(self.rng.paretovariate(0.8)), ITEMS)
        target = route.path.format(n=item)
        if target == "/search":
            target += "?q=" + self.rng.choice(WORDS)
        line = f"{route.method} {target} HTTP/1.1"
        fields = [line, "Host: shop.example", f"User-Agent: {agent}", "Connection: close"]
        if route.method == "POST":
            fields.append("Content-Length: 9")
        body = b"item=tea1" if route.method == "POST" else b""
        asked = "\r\n".join([*fields, "", ""]).encode() + body
        began = time.time()
        status, size = await self.exchange(address, port, asked)
        ended = time.time()
        shown = f'{address} - - [{stamp(ended)}] "{line}" {status} {size} "-" "{agent}"'
        self.log.write(f"{shown} {ended - began:.3f}\n")

    async def exchange(self, address: str, port: int, asked: bytes) -> tuple[str, int]:
        """The status and the bytes of the body; "000" without an answer in time."""
        answer = b""
        try:
            async with asyncio.timeout(PATIENCE):
                local = None if port == self.relay else (address, 0)
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=local)
                try:
                    writer.write(asked)
                    answer = await reader.read(-1)
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return "000", 0
        first, _end, _rest = answer.partition(b"\r\n")
        _fields, _blank, body = answer.partition(b"\r\n\r\n")
        return (first.split()[1].decode() if first.count(b" ") else "000"), len(body)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """The mobile network: every message later, and no connection for some in the fault."""
        try:
            if self.rng.random() < amount("network", self.part()):
                return
            address = next(name for name, (agent, _w) in AGENTS.items() if agent == MOBILE)
            there, back = await asyncio.open_connection(
                "127.0.0.1", self.port, local_addr=(address, 0)
            )
            try:
                up = asyncio.create_task(forward(reader, back))
                await forward(there, writer)
                up.cancel()
            finally:
                back.close()
        except OSError:
            pass
        finally:
            writer.close()


async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, each piece ``DELAY`` later, until there is no more."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(65_536):
            await asyncio.sleep(DELAY)
            writer.write(piece)
            await writer.drain()
        writer.close()


def run(shoppers: Callable[[], Shoppers]) -> None:
    """The body of the clients' process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(shoppers().run())
