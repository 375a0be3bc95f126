"""The program in a container, and the shim that starts it and waits for its end.

Both are programs of the simulated kernel: they open, read, write, sleep, fork and wait by system
calls, and end by signals. What the program does in between, ``Behaviour`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.cloud_native.behaviour import Behaviour
from lab_kernel.kernel.namespaces.kinds import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUTS,
)
from lab_kernel.kernel.open_file import O_RDWR
from lab_kernel.kernel.program import Compute, Running, Signal, Store
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import (
    Alarm,
    Clone,
    Exit,
    Fork,
    Mmap,
    Nanosleep,
    Open,
    Pause,
    Read,
    Rt_sigaction,
    Wait4,
    Write,
)

VIEW = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET
FRAME = 1 << 20  # bytes of a node's memory for which one page of its machine stands
PAGE = 4096
Steps = Generator[Any, Any, int | None]


def shim(
    program: Callable[..., Running], born: Callable[[int], None], ended: Callable[[int, int], None]
) -> Steps:
    """Start the container's program as a child in namespaces of its own; then say how it ended.

    As containerd-shim does for each container, so that somebody reads the exit code.
    """
    pid = yield Clone(VIEW, program)
    born(pid)
    child = yield Wait4(pid)
    ended(child.code, child.signal)
    return 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a program finds itself. ``socket`` is the path of the requests that come in
    (``listener``), ``network`` of those that it makes itself (``caller``); ``now`` is the clock,
    ``age`` how long the program runs, both in ms."""

    pod: str
    node: str
    image: str
    does: Behaviour
    socket: str
    network: str
    now: Callable[[], int]
    age: Callable[[], int]


Program = Callable[[Place], Steps]


def server(place: Place) -> Steps:
    """Start up, listen, answer until SIGTERM: what runs in every image that has no program."""
    does = place.does
    try:
        handled = "ignore" if does.ignores_sigterm else "catch"
        yield Rt_sigaction(Signum.SIGTERM, handled)
        if does.crash_after is not None:
            yield Rt_sigaction(Signum.SIGALRM, "catch")
            yield Alarm(max(1, does.crash_after))
        if does.start:
            yield Nanosleep(does.start)
        if does.memory:
            yield from _use(does.memory)
        if does.grow:
            yield Fork(_leak, does.grow)
        if does.idle:
            yield Fork(_idle, does.idle)
        yield from _serve(place)
    except Signal as signal:
        if signal.number is Signum.SIGALRM:
            yield Exit(1)  # the crash that was foretold
        if does.stop:
            yield Nanosleep(does.stop)
        yield Exit(0)
    return 0


def _serve(place: Place) -> Steps:
    does, age = place.does, place.age
    fd = yield Open(place.socket, O_RDWR)
    while True:
        message = yield Read(fd, 100)
        number, kind, work, *_headers = message.decode().split()
        if does.hang_after is not None and age() >= does.hang_after:
            while True:  # a deadlock: it is there, and will never answer
                yield Pause()
        unready = does.unready_after is not None and age() >= does.unready_after
        ticks = (does.work if work == "-" else int(work)) if kind == "get" else 1
        if ticks:
            yield Compute(ticks)
        status = 503 if unready and kind in ("get", "readinessProbe") else 200
        yield Write(fd, f"{number} {status}".encode())


def _use(memory: int) -> Steps:
    """Write to so much memory; a page of the machine stands for a frame of the node."""
    for _page in range(-(-memory // FRAME)):
        yield Store((yield Mmap(PAGE)), 1)
    return 0


def _leak(memory: int) -> Steps:
    """So much more each second, which nobody gives back."""
    while True:
        yield from _use(memory)
        yield Nanosleep(1000)


def _idle(ticks: int) -> Steps:
    """What it does each second even when nobody asks."""
    while True:  # the kernel ends it with the first process of its PID namespace
        yield Compute(ticks)
        yield Nanosleep(max(1, 1000 - ticks))
