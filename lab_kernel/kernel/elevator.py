"""Disk scheduling: which waiting request does the head go to next?

A policy holds the requests that wait and answers one question, ``pick``: where the head goes, and
which request it serves there. ``disk`` moves the head and keeps the time.

A tie in distance is won by the request that waits longer. ``rising`` says which way an elevator
goes first. Left out: merging of neighbouring requests, and the drive's own order.
Sources: Silberschatz, Galvin, Gagne, "Operating System Concepts", chapter "Mass-Storage
Structure"; for ``deadline``, Linux, Documentation/block/deadline-iosched.rst and
block/mq-deadline.c.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from lab_kernel.errors import BadInput
from lab_kernel.language import _


@dataclass(frozen=True, slots=True)
class Request:
    """A read or write at a cylinder; ``number`` is its place in the order of arrival."""

    cylinder: int
    arrival: int = 0
    write: bool = False
    number: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """Where the head turns on its way, and what it serves at the end."""

    request: Request
    by: tuple[int, ...] = ()


class Elevator(ABC):
    """A policy with the requests that wait. Use a fresh one for every run."""

    name: ClassVar[str]

    def __init__(self, cylinders: int = 200, *, rising: bool = True) -> None:
        if cylinders < 1:
            raise BadInput(
                "cylinders", _("{value} is less than {least}").format(value=cylinders, least=1)
            )
        self.last, self.rising = cylinders - 1, rising
        self.waiting: list[Request] = []

    def add(self, request: Request) -> None:
        self.waiting.append(request)

    def pick(self, head: int, now: int) -> Move:
        """The next move; its request waits no longer. Asked only when one waits."""
        move = self._move(head, now)
        self.waiting.remove(move.request)
        return move

    @abstractmethod
    def _move(self, head: int, now: int) -> Move: ...


def _nearest(requests: list[Request], head: int) -> Request:
    return min(requests, key=lambda one: (abs(one.cylinder - head), one.number))


class Fcfs(Elevator):
    """First come, first served."""

    name = "fcfs"

    def _move(self, head: int, now: int) -> Move:
        return Move(self.waiting[0])


class Sstf(Elevator):
    """Shortest seek time first. A far request can wait for ever while nearer ones come."""

    name = "sstf"

    def _move(self, head: int, now: int) -> Move:
        return Move(_nearest(self.waiting, head))


class Look(Elevator):
    """On in one direction while anything waits there, then back."""

    name = "look"
    to_the_edge: ClassVar[bool] = False

    def _move(self, head: int, now: int) -> Move:
        ahead = self._ahead(head)
        if ahead:
            return Move(_nearest(ahead, head))
        edge = self.last if self.rising else 0
        self.rising = not self.rising
        by = (edge,) if self.to_the_edge and head != edge else ()
        return Move(_nearest(self._ahead(head), head), by)

    def _ahead(self, head: int) -> list[Request]:
        sign = 1 if self.rising else -1
        return [one for one in self.waiting if (one.cylinder - head) * sign >= 0]


class Scan(Look):
    """As LOOK, but the head goes on to the edge of the disk before it turns."""

    name = "scan"
    to_the_edge = True


class CLook(Look):
    """In one direction only: from the last request ahead straight back to the farthest behind.

    Every cylinder waits for about one sweep, where LOOK favours the middle.
    """

    name = "c-look"

    def _move(self, head: int, now: int) -> Move:
        ahead = self._ahead(head)
        if ahead:
            return Move(_nearest(ahead, head))
        first = 0 if self.rising else self.last
        by: tuple[int, ...] = (self.last - first, first) if self.to_the_edge else ()
        return Move(_nearest(self.waiting, first), by)


class CScan(CLook):
    """As C-LOOK, but from edge to edge; the way back counts."""

    name = "c-scan"
    to_the_edge = True


class Deadline(Elevator):
    """Linux's mq-deadline: cylinder order in batches, and nobody waits far beyond a deadline.

    Reads go before writes, at most ``starved`` batches long. A batch is up to ``batch`` requests
    of one kind at rising cylinders. A new one goes on where the last of its kind ended; at the
    oldest request, if that has waited longer than its deadline or nothing lies higher. In ticks of
    a millisecond the settings are Linux's own.
    """

    name = "deadline"

    def __init__(
        self,
        cylinders: int = 200,
        *,
        rising: bool = True,
        read: int = 500,
        write: int = 5000,
        batch: int = 16,
        starved: int = 2,
    ) -> None:
        super().__init__(cylinders, rising=rising)
        self._expire = {False: read, True: write}
        self._batch, self._starved = batch, starved
        self._kind, self._served, self._passed_over = False, 0, 0
        self._place = {False: 0, True: 0}  # where the last request of this kind was

    def _move(self, head: int, now: int) -> Move:
        chosen = self._following() if 0 < self._served < self._batch else None
        if chosen is None:
            chosen = self._new_batch(now)
        self._served += 1
        self._place[self._kind] = chosen.cylinder
        return Move(chosen)

    def _following(self) -> Request | None:
        """The next of the present kind at a cylinder that is not lower."""
        place, kind = self._place[self._kind], self._kind
        higher = [one for one in self.waiting if one.write is kind and one.cylinder >= place]
        return min(higher, key=lambda one: (one.cylinder, one.number), default=None)

    def _new_batch(self, now: int) -> Request:
        reads = [one for one in self.waiting if not one.write]
        writes = [one for one in self.waiting if one.write]
        self._kind = bool(writes) and (not reads or self._passed_over >= self._starved)
        self._passed_over = self._passed_over + 1 if writes and not self._kind else 0
        self._served = 0
        oldest = (writes if self._kind else reads)[0]
        if now - oldest.arrival >= self._expire[self._kind]:
            return oldest
        return self._following() or oldest


ELEVATORS: dict[str, type[Elevator]] = {
    policy.name: policy for policy in (Fcfs, Sstf, Scan, CScan, Look, CLook, Deadline)
}
