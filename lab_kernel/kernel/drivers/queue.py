"""The block layer: requests of one disk, sorted, and handed to the hardware as it has room.

It knows no registers. An elevator (``kernel.elevator``) decides which request is next, from where
the head was sent last; the hardware's own driver, a ``Controller``, gives the order and says when
it is done. Left out: merging of neighbouring requests, a queue for each CPU.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lab_kernel.kernel.disk import new_elevator
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.disk import BLOCK, Disk
from lab_kernel.kernel.elevator import Elevator
from lab_kernel.kernel.elevator import Request as Place
from lab_kernel.kernel.errno import Errno


@dataclass(eq=False, slots=True)
class Request:
    """One block to be read into ``data``, or written from what ``source`` gives when it begins."""

    block: int
    source: Callable[[], bytes] | None = None
    number: int = 0
    arrival: int = 0
    begun: int | None = None
    data: bytes = b""
    error: Errno | None = None
    finished: bool = False
    on_end: list[Callable[[Request], None]] = field(default_factory=list)

    @property
    def write(self) -> bool:
        return self.source is not None


@dataclass(slots=True)
class Statistics:
    """What /sys/block/NAME/stat counts, in ticks for its milliseconds."""

    ios: list[int] = field(default_factory=lambda: [0, 0])  # reads, writes
    ticks: list[int] = field(default_factory=lambda: [0, 0])  # each from submission to end
    busy: int = 0  # ticks in which at least one was under way
    distance: int = 0  # cylinders between one order and the next; Linux does not know


class Controller:
    """The driver of one kind of disk controller. ``done`` is where it reports a request."""

    room: int = 1  # requests that the hardware takes at a time

    def __init__(self, board: Board, disk: Disk) -> None:
        self.board, self.disk = board, disk
        self.done: Callable[[Request, Errno | None], None] = lambda request, error: None

    def start(self, request: Request) -> None:
        """Give the order. Asked only when there is room."""
        raise NotImplementedError

    def poll(self) -> None:
        """Look whether anything is finished, for want of an interrupt."""
        raise NotImplementedError


class Queue:
    """``policy`` is the name of an elevator, or one.

    A request that the disk does not finish within ``timeout`` ticks has failed; None waits for
    ever. Linux gives a SCSI disk 30 seconds.
    """

    def __init__(
        self,
        board: Board,
        controller: Controller,
        policy: str | Elevator = "look",
        *,
        timeout: int | None = None,
    ) -> None:
        self.board, self.controller, self.disk = board, controller, controller.disk
        cylinders = -(-self.disk.blocks // self.disk.per_cylinder)
        self.elevator = policy if isinstance(policy, Elevator) else new_elevator(policy, cylinders)
        self.timeout = timeout
        self.stat = Statistics()
        self.under_way: list[Request] = []
        self.gone = False
        self._waiting: dict[int, Request] = {}
        self._submitted = 0
        self.at = 0  # the cylinder of the last order
        self._busy_since = 0
        controller.done = self._done
        self.disk.on_unplug = self.give_up

    def channel(self, request: Request) -> str:
        """Where to sleep until it is finished."""
        return f"{self.disk.name} request {request.number}"

    def submit(self, request: Request) -> Request:
        """Finished at once, with an error, if the disk is gone."""
        request.number, request.arrival = self._submitted, self.board.clock.now
        self._submitted += 1
        if not self._waiting and not self.under_way:
            self._busy_since = self.board.clock.now
        if self.gone:
            self._finish(request, Errno.ENODEV)
            return request
        self._waiting[request.number] = request
        cylinder = request.block // self.disk.per_cylinder
        self.elevator.add(Place(cylinder, request.arrival, request.write, request.number))
        return request

    def start(self) -> None:
        """Hand over what there is room for. After a batch of ``submit``, so that it is sorted."""
        while len(self.under_way) < self.controller.room and self._waiting:
            move = self.elevator.pick(self.at, self.board.clock.now)
            request = self._waiting.pop(move.request.number)
            self.stat.distance += abs(move.request.cylinder - self.at)
            self.at, request.begun = move.request.cylinder, self.board.clock.now
            if request.source is not None:
                request.data = request.source()
            self.under_way.append(request)
            if self.timeout is not None:
                self.board.clock.after(self.timeout, lambda late=request: self._late(late))  # type: ignore[misc]
            self.controller.start(request)

    def __len__(self) -> int:
        return len(self._waiting) + len(self.under_way)

    def line(self) -> str:
        """The disk's /sys/block/NAME/stat."""
        s, in_flight = self.stat, len(self)
        kinds = [(s.ios[k], 0, s.ios[k] * (BLOCK // 512), s.ticks[k]) for k in (0, 1)]
        return " ".join(f"{n:8}" for n in (*kinds[0], *kinds[1], in_flight, s.busy, sum(s.ticks)))

    def _done(self, request: Request, error: Errno | None) -> None:
        if request not in self.under_way:
            return  # it was given up on
        self.under_way.remove(request)
        self._finish(request, error)
        self.start()

    def _finish(self, request: Request, error: Errno | None) -> None:
        now, kind = self.board.clock.now, int(request.write)
        request.error, request.finished = error, True
        self.stat.ios[kind] += 1
        self.stat.ticks[kind] += now - request.arrival
        if not self._waiting and not self.under_way:
            self.stat.busy += now - self._busy_since
        for action in request.on_end:
            action(request)
        self.board.wake(self.channel(request))

    def _late(self, request: Request) -> None:
        """Give the disk up, as Linux takes one offline that a reset does not bring back."""
        if not request.finished:
            name = f"{self.disk.name}: request {request.number} timed out"
            self.board.trace.add(self.board.clock.now, self.disk.name, "warning", name)
            self.give_up()

    def give_up(self) -> None:
        """The disk is gone, or as good as: whoever waits is told, and nobody waits again."""
        self.gone = True
        everything = [*self.under_way, *self._waiting.values()]
        self.under_way.clear()
        self._waiting.clear()
        self.elevator.waiting.clear()
        for request in everything:
            self._finish(request, Errno.EIO)
