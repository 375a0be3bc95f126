"""Three small HTTP services and a gateway on this machine's loopback, under load, one turned slow.

    measured = slow_dependency(timeout_ms=100)
    measured.stage("slow").percentile(99)

The gateway asks ``catalog``, then ``stock`` and ``price`` at the same time (``SHOP``). Requests
come at random moments, whether the earlier ones are answered or not. After ``seconds`` the work of
``stock`` becomes ``SLOW`` ms, after twice that it is as before, and so it stays as long again.
SlowDependency is what a client sees: from when its request was due until its answer was there.

Every process was started here, listens on 127.0.0.1 only, and ends when the measurement ends. Where
no process can be started (a browser) the result is a recording.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.host.proc import snapshot
from lab_kernel.host.reasons import reason
from lab_kernel.host.recorded import LIVE, Source
from lab_kernel.language import _
from lab_kernel.percentile import percentile

RECORDING = "loopback"
STAGES = ("before", "slow", "after")
SLOW = 400  # ms
RATE = 40  # requests a second
PATIENCE = 20.0  # seconds until a client gives up
LONGEST = 10.0


@dataclass(frozen=True)
class Part:
    """A service of the shop: ms of work for a request, workers, and whom it asks, by stages."""

    work: float
    workers: int
    calls: tuple[tuple[str, ...], ...] = ()


#: In the order in which they are started: who is asked comes first.
SHOP: Mapping[str, Part] = {
    "catalog": Part(work=5, workers=4),
    "stock": Part(work=8, workers=4),
    "price": Part(work=5, workers=4),
    "gateway": Part(work=2, workers=16, calls=(("catalog",), ("stock", "price"))),
}


@dataclass(frozen=True)
class Asked:
    """One request: when it was due and how long it took (ms), and its status; 0: no answer."""

    due: float
    took: float
    status: int


@dataclass(frozen=True)
class SlowDependency:
    """``asked`` in the order in which they were due. ``timeout_ms``: of each call of the gateway's
    (None: it waits for ever). ``optional``: it answers without stock, too. ``seconds``: of each of
    the three stages. ``why`` says why this is a recording, and is empty when it is not."""

    source: Source
    timeout_ms: float | None
    optional: bool
    seconds: float
    asked: tuple[Asked, ...]
    why: str = ""

    def stage(self, name: str) -> SlowDependency:
        """Only what was due ``before``, ``slow`` or ``after``."""
        first = STAGES.index(name) * self.seconds * 1000
        last = first + self.seconds * 1000
        return replace(self, asked=tuple(a for a in self.asked if first <= a.due < last))

    def percentile(self, percent: float) -> float:
        """ms within which so many in a hundred requests had their answer (nearest rank)."""
        return percentile([each.took for each in self.asked], percent)

    @property
    def answered(self) -> float:
        """The share of requests with status 200."""
        return sum(each.status == 200 for each in self.asked) / len(self.asked)


def slow_dependency(
    timeout_ms: float | None = None,
    *,
    optional: bool = False,
    seconds: float = 4.0,
    rate: float = RATE,
    seed: int = 0,
) -> SlowDependency:
    """Measured live where processes can be started; elsewhere the recording that comes nearest.

    BadInput: ``seconds`` not 0.5 to 10, ``rate`` not 1 to 100, a timeout below 1.
    """
    _check(timeout_ms, seconds, rate)
    try:
        return measure(timeout_ms, optional, seconds, rate, seed)
    except (ImportError, AttributeError):
        why = _("no process can be started here")
    except OSError as error:
        why = reason(error) if error.errno else str(error)
    return replace(recorded_slow_dependency(timeout_ms, optional=optional), why=why)


def recorded_slow_dependency(
    timeout_ms: float | None = None, *, optional: bool = False
) -> SlowDependency:
    """The recording: without a timeout, with one of 100 ms, and with stock optional besides."""
    recording = snapshot(RECORDING)
    entry = recording.data[
        "forever" if timeout_ms is None else "optional" if optional else "timeout"
    ]
    rows = [map(float, entry[row].split()) for row in ("due", "took", "status")]
    return SlowDependency(
        recording.source,
        entry["timeout_ms"],
        entry["optional"],
        entry["seconds"],
        tuple(Asked(due, took, int(status)) for due, took, status in zip(*rows, strict=True)),
    )


def measure(
    timeout_ms: float | None, optional: bool, seconds: float, rate: float, seed: int
) -> SlowDependency:
    """The live measurement; ImportError or OSError where it cannot be made."""
    if sys.platform in ("emscripten", "wasi"):
        raise OSError(_("no process can be started here"))
    from concurrent.futures import ThreadPoolExecutor

    moments = due(rate, 3 * seconds, seed)
    with running(timeout_ms, optional) as services, ThreadPoolExecutor(len(moments)) as clients:
        start = time.monotonic() + 0.2
        answers = [clients.submit(ask, services.port, start, moment) for moment in moments]
        for moment, work in ((seconds, SLOW), (2 * seconds, SHOP["stock"].work)):
            time.sleep(max(0.0, start + moment - time.monotonic()))
            services.change("stock", work)
        asked = tuple(answer.result() for answer in answers)
    return SlowDependency(LIVE, timeout_ms, optional, seconds, asked)


def due(rate: float, seconds: float, seed: int) -> list[float]:
    """Moments of a Poisson process, in seconds."""
    chance, moment = random.Random(f"loopback {seed}"), 0.0
    moments = []
    while (moment := moment + chance.expovariate(rate)) < seconds:
        moments.append(moment)
    return moments


class Services:
    """The running shop: where its gateway listens, and a way to make a service slow."""

    def __init__(self) -> None:
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.ports: dict[str, int] = {}

    @property
    def port(self) -> int:
        return self.ports["gateway"]

    def start(self, name: str, part: Part, timeout_ms: float | None, optional: bool) -> None:
        settings = {
            "work_ms": part.work,
            "workers": part.workers,
            "calls": [[self.ports[each] for each in stage] for stage in part.calls],
            "timeout_ms": timeout_ms,
            "optional": [self.ports["stock"]] if optional and part.calls else [],
        }
        program = Path(__file__).with_name("small_service.py")
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(program), json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes[name] = process
        assert process.stdout is not None
        port = process.stdout.readline()
        if not port:
            raise OSError(_("the service {name} did not start").format(name=name))
        self.ports[name] = int(port)

    def change(self, name: str, work: float) -> None:
        """The service's work for a request, in ms, from now on."""
        pipe = self.processes[name].stdin
        assert pipe is not None
        pipe.write(f"{work}\n")
        pipe.flush()


@contextlib.contextmanager
def running(timeout_ms: float | None, optional: bool) -> Iterator[Services]:
    """The shop, started; all of it ends on the way out."""
    services = Services()
    try:
        for name, part in SHOP.items():
            services.start(name, part, timeout_ms, optional)
        yield services
    finally:
        for process in services.processes.values():
            process.kill()
            process.communicate()


def ask(port: int, start: float, moment: float) -> Asked:
    """One client: wait for the moment, ask, wait for the answer."""
    import http.client

    time.sleep(max(0.0, start + moment - time.monotonic()))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    status = 0
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        connection.request("GET", "/")
        status = connection.getresponse().status
    took = time.monotonic() - start - moment
    return Asked(round(moment * 1000, 1), round(took * 1000, 1), status)


def _check(timeout_ms: float | None, seconds: float, rate: float) -> None:
    given: Sequence[tuple[str, Any, float, float]] = (
        ("timeout_ms", 1 if timeout_ms is None else timeout_ms, 1, PATIENCE * 1000),
        ("seconds", seconds, 0.5, LONGEST),
        ("rate", rate, 1, 100),
    )
    for name, value, low, high in given:
        if not low <= value <= high:
            message = _("{value} is not a number from {low:g} to {high:g}")
            raise BadInput(name, message.format(value=value, low=low, high=high))
