"""A call: what is asked of another service, by which rule, and how programs make several at once.

A ``Call`` names the service. How often and how long it is tried is its ``Policy``: a generator
that is given a ``Client`` and returns the status in the end. The plain one tries once::

    class Twice(Policy):
        def ask(self, client):
            status = yield from client.ask()
            if status != OK:
                yield from client.sleep(50)
                status = yield from client.ask()
            return status

What a policy yields are wishes (``Send``, ``Wake``, ``Wait``), which whoever runs it fulfils: a
program by system calls (``together``), the client outside of the cluster by itself (``outside``).
So the same policy runs in both. Times are in ms.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel.syscalls import Read, Write
from lab_kernel.language import _
from lab_kernel.microservices.spans import Context, Span, Spans

OK, FAILED, BAD_GATEWAY, BUSY, GATEWAY_TIMEOUT = 200, 500, 502, 503, 504
LONGEST = 10**7  # ms of a timeout


@dataclass(frozen=True, slots=True)
class Send:
    """Send one try to the service; it is over with the status under this ticket."""

    ticket: int
    service: str
    timeout: int | None
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wake:
    """The ticket is over after so many ms."""

    ticket: int
    pause: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Go on as soon as one of these is over. The result is (ticket, status)."""

    tickets: tuple[int, ...]


Wish = Send | Wake | Wait
Asking = Generator[Wish, Any, int]


class Policy:
    """How a call is made. One object serves all pods, so what it remembers it keeps in
    ``client.memory``. ``ask`` returns an HTTP status, or what stands in its place."""

    def ask(self, client: Client) -> Asking:
        return (yield from client.ask())


PLAIN = Policy()


@dataclass(frozen=True, slots=True)
class Call:
    """``timeout`` is for each try (None: it waits for ever). Without an ``optional`` one the
    service can answer all the same: a fallback stands in for it."""

    service: str
    timeout: int | None = None
    policy: Policy = PLAIN
    optional: bool = False

    def __post_init__(self) -> None:
        if self.timeout is not None and not 0 < self.timeout <= LONGEST:
            message = _("{value} is not between {low} and {high}")
            raise BadInput("timeout", message.format(value=self.timeout, low=1, high=LONGEST))


@dataclass
class Desk:
    """What one process (or the client outside) has under way: its tickets and their spans.

    ``memory`` is that of the pod: its processes share it, and it is gone with the pod.
    """

    name: str  # whose spans these are: the service
    pod: str
    now: Callable[[], int]
    chance: Random
    spans: Spans
    memory: dict[Any, Any]
    tickets: int = 0
    open: dict[int, Span] = field(default_factory=dict)

    def ticket(self) -> int:
        self.tickets += 1
        return self.tickets

    def over(self, ticket: int, status: int, time: int) -> None:
        """It is, whether somebody still waits for it or not."""
        span = self.open.pop(ticket, None)
        if span is not None:
            self.spans.end(span, status, time)


class Client:
    """What a policy sees of one call, made while one request is served.

    ``headers`` are those of that request. ``memory`` keeps what is put there for the later calls
    of the same pod to the same service; ``chance`` is seeded.
    """

    def __init__(
        self, desk: Desk, call: Call, context: Context, headers: Mapping[str, str]
    ) -> None:
        self.call, self.service, self.timeout = call, call.service, call.timeout
        self.headers, self.chance = headers, desk.chance
        self.memory: dict[str, Any] = desk.memory.setdefault(call.service, {})
        self.tries = 0
        self._desk, self._context = desk, context

    @property
    def now(self) -> int:
        return self._desk.now()

    def ask(self, timeout: float | None = None, **headers: str) -> Asking:
        """One try; its status. ``timeout`` in place of the call's own, ``headers`` more of them."""
        first = yield from self.end((yield from self.send(timeout, **headers)))
        return first[1]

    def sleep(self, pause: float) -> Generator[Wish, Any, None]:
        if pause > 0:
            yield from self.end((yield from self.wake(pause)))

    # For a policy that has more than one thing under way

    def send(self, timeout: float | None = None, **headers: str) -> Asking:
        """Begin a try and do not wait: its ticket."""
        desk, ticket = self._desk, self._desk.ticket()
        self.tries += 1
        span = desk.spans.begin(
            "client", desk.name, desk.pod, self.service, self.now, self._context, tries=self.tries
        )
        desk.open[ticket] = span
        more = {"traceparent": span.context.header(), **headers}
        most = self.timeout if timeout is None else timeout
        yield Send(ticket, self.service, None if most is None else max(0, round(most)), more)
        return ticket

    def wake(self, pause: float) -> Asking:
        """A ticket that is over after so many ms, with the status 0."""
        ticket = self._desk.ticket()
        yield Wake(ticket, max(0, round(pause)))
        return ticket

    def end(self, *tickets: int) -> Generator[Wish, Any, tuple[int, int]]:
        """Wait for the first of them that is over: (ticket, status)."""
        first: tuple[int, int] = yield Wait(tickets)
        return first


class Loop:
    """An event loop: advances several askings side by side. ``results`` are their statuses.

    Both methods yield what has to be done in the world, a ``Send`` or a ``Wake`` at a time.
    """

    def __init__(self, desk: Desk) -> None:
        self.results: dict[int, int] = {}
        self._desk = desk
        self._jobs: list[Asking] = []
        self._waits: dict[int, int] = {}  # ticket: job
        self._early: dict[int, int] = {}  # ticket: status, of which nobody has asked yet

    @property
    def running(self) -> bool:
        return len(self.results) < len(self._jobs)

    def begin(self, job: Asking) -> Iterator[Send | Wake]:
        self._jobs.append(job)
        return self._advance(len(self._jobs) - 1, None)

    def over(self, ticket: int, status: int, time: int) -> Iterator[Send | Wake]:
        """The ticket is over, since then."""
        self._desk.over(ticket, status, time)
        number = self._waits.get(ticket)
        if number is None:
            self._early[ticket] = status
            return iter(())
        self._waits = {each: job for each, job in self._waits.items() if job != number}
        return self._advance(number, (ticket, status))

    def _advance(self, number: int, result: Any) -> Iterator[Send | Wake]:
        job = self._jobs[number]
        while True:
            try:
                wish = job.send(result)
            except StopIteration as last:
                self.results[number] = last.value
                return
            result = None
            if not isinstance(wish, Wait):
                yield wish
                continue
            early = next((each for each in wish.tickets if each in self._early), None)
            if early is None:
                self._waits |= dict.fromkeys(wish.tickets, number)
                return
            result = (early, self._early.pop(early))


def together(desk: Desk, fd: int, jobs: Iterable[Asking]) -> Generator[Any, Any, list[int]]:
    """Run them in a program, by system calls on its ``caller``; their statuses, in order."""
    loop = Loop(desk)
    for job in jobs:
        for wish in loop.begin(job):
            yield Write(fd, _line(wish))
    while loop.running:
        ticket, status, time = map(int, (yield Read(fd, 64)).split())
        for wish in loop.over(ticket, status, time):
            yield Write(fd, _line(wish))
    return [status for _number, status in sorted(loop.results.items())]


def _line(wish: Send | Wake) -> bytes:
    if isinstance(wish, Wake):
        return f"{wish.ticket} wake {wish.pause}".encode()
    headers = " ".join(f"{name}={value}" for name, value in wish.headers.items())
    timeout = "-" if wish.timeout is None else wish.timeout
    return f"{wish.ticket} ask {wish.service} {timeout} {headers}".encode()
