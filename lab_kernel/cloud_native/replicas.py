"""Copies of one application behind a load balancer, and what becomes of the sessions.

A replica is the application's own text, executed: a module with globals of its own, as each
process has. What it imports are stand-ins (``kv``, ``os``, ``logging`` and so on), so nothing of
the machine that runs this is touched. A replica that dies takes its globals along; the one in its
place begins empty.

Left out: time, concurrent requests, a backing service that dies itself.
"""

from __future__ import annotations

import builtins
import random
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from lab_kernel.cloud_native.samples import Application
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.registry import unknown

Handler = Callable[[str, str], list[str]]
ROUND_ROBIN, STICKY = "round robin", "sticky"
BALANCERS = (ROUND_ROBIN, STICKY)
PROD_URL = "kv://10.0.3.7/carts"


class Store:
    """A backing service: lists by key."""

    def __init__(self) -> None:
        self.lists: dict[str, list[str]] = {}

    def append(self, key: str, item: str) -> list[str]:
        """The list with the item in it, as a copy."""
        self.lists.setdefault(key, []).append(item)
        return list(self.lists[key])


def load(
    application: Application, environ: Mapping[str, str], services: Mapping[str, Store]
) -> Handler:
    """Execute the application's text and return its ``handle``.

    BadInput for a setting that the environment lacks, and for an address where nothing answers.
    """

    def connect(url: str) -> Store:
        if url not in services:
            raise BadInput("kv", _("nothing answers at {url}").format(url=url))
        return services[url]

    quiet = SimpleNamespace(basicConfig=_nothing, info=_nothing)
    modules = {
        "kv": SimpleNamespace(connect=connect),
        "os": SimpleNamespace(environ=dict(environ)),
        "logging": quiet,
        "sys": SimpleNamespace(stdout=None, exit=_nothing),
        "signal": SimpleNamespace(signal=_nothing, SIGTERM=signal.SIGTERM),
    }

    def imported(name: str, *_rest: Any) -> Any:
        if name not in modules:
            raise BadInput("import", _("there is no stand-in for {name}").format(name=name))
        return modules[name]

    namespace: dict[str, Any] = {
        "__name__": "cart",
        "__builtins__": {**vars(builtins), "__import__": imported},
    }
    try:
        exec(compile(application.code, "cart.py", "exec"), namespace)
    except KeyError as missing:
        raise BadInput("environ", _("{name} is not set").format(name=missing.args[0])) from None
    handler: Handler = namespace["handle"]
    return handler


def _nothing(*_given: Any, **_named: Any) -> None:
    """What a stand-in does."""


@dataclass(frozen=True, slots=True)
class Request:
    """``number`` counts from 0; ``complete`` is false when the cart lacked what was put in."""

    number: int
    session: str
    replica: int
    cart: tuple[str, ...]
    complete: bool


@dataclass(slots=True)
class Run:
    """All requests in order. ``deaths`` are (before which request, which replica)."""

    requests: list[Request] = field(default_factory=list)
    deaths: list[tuple[int, int]] = field(default_factory=list)

    @property
    def sessions(self) -> set[str]:
        return {request.session for request in self.requests}

    @property
    def lost(self) -> set[str]:
        """Sessions that at some request missed something of theirs."""
        return {request.session for request in self.requests if not request.complete}


def serve(
    application: Application,
    replicas: int = 1,
    *,
    balancer: str = ROUND_ROBIN,
    sessions: int = 12,
    requests: int = 60,
    dies_at: int | None = None,
    seed: int = 1,
    environ: Mapping[str, str] | None = None,
) -> Run:
    """Customers put things into their carts, in a random order that the seed fixes.

    Before request ``dies_at`` the last replica dies and is replaced. ``sticky`` sends a session
    always to the same replica.
    """
    if not 1 <= replicas <= 9:
        raise BadInput("replicas", _("{n} is not between 1 and 9").format(n=replicas))
    if balancer not in BALANCERS:
        raise unknown("balancer", balancer, BALANCERS)
    services = {PROD_URL: Store()}
    settings = {"KV_URL": PROD_URL, "API_KEY": "-", "PORT": "8080"} if environ is None else environ
    running = [load(application, settings, services) for _n in range(replicas)]
    rng, run = random.Random(seed), Run()
    put: dict[str, list[str]] = {}
    for number in range(requests):
        if number == dies_at:
            running[-1] = load(application, settings, services)
            run.deaths.append((number, replicas - 1))
        customer = rng.randrange(sessions)
        session, item = f"s{customer}", f"item {number}"
        replica = (customer if balancer == STICKY else number) % replicas
        put.setdefault(session, []).append(item)
        cart = running[replica](session, item)
        run.requests.append(
            Request(number, session, replica, tuple(cart), list(cart) == put[session])
        )
    return run
