"""The cpu controller: a weight among siblings, and a quota for each period.

``sharing`` is the scheduler that honours both. Here is one group's account: what it has used, what
is left in this period, and how long it was throttled.

The time of a quota is given out in advance, a slice at a time, and what a slice leaves is given
back: so a group never uses more than its quota between two refills, on however many CPUs. Near its
end slices get smaller, so that tasks on several CPUs stop together where whole ticks allow. Periods
begin when the group first has something to run, and stop counting when it has had nothing for one.

Linux gives out 5 ms at a time to each CPU, and a CPU may keep a little of that into the next
period. It also adds up the throttled time of every CPU, where this counts the group's.
Source: Linux, Documentation/scheduler/sched-bwc.rst; kernel/sched/fair.c.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lab_kernel.clock import Clock
from lab_kernel.kernel.scheduler.weight import NICE_0
from lab_kernel.trace import Trace

TICK_USEC = 1000
DEFAULT_WEIGHT, DEFAULT_PERIOD = 100, 100
REFILL = -1  # of an instant, before slices end


@dataclass(slots=True)
class Owner:
    """What a group needs of the machine: ``settle`` brings all accounts up to now, ``decide``
    says that ready tasks may run again. ``cpus`` is how many of its tasks can run at once."""

    clock: Clock
    trace: Trace
    cpus: int
    settle: Callable[[], None]
    decide: Callable[[], None]


@dataclass(slots=True, eq=False)
class Cpu:
    """``quota`` ticks in each ``period``; None: as much as there is. ``ready`` tasks wait in it."""

    path: str
    owner: Owner
    parent: Cpu | None = None
    weight: int = DEFAULT_WEIGHT
    quota: int | None = None
    period: int = DEFAULT_PERIOD
    frozen: bool = False
    ready: int = 0
    usage: int = 0
    system: int = 0
    periods: int = 0
    throttles: int = 0
    throttled: int = 0
    since: int | None = None  # throttled since
    _spent: int = 0  # in this period
    _lent: int = 0  # in slices that run at present
    _loans: int = 0  # how many slices those are
    _refill_at: int | None = None
    _armed: bool = False
    _turn: int = 0  # a timer of an earlier turn is void
    _uncounted: int = 0  # periods that are still to be counted while it rests

    def chain(self) -> Iterator[Cpu]:
        """The group, and those above it."""
        at: Cpu | None = self
        while at is not None:
            yield at
            at = at.parent

    @property
    def shares(self) -> int:
        """The weight as the scheduler has it: 100 is that of a task at nice 0."""
        return (self.weight * NICE_0 + 50) // 100

    @property
    def held(self) -> bool:
        """May nothing of it be picked?"""
        return self.frozen or (self.quota is not None and self._left() <= 0)

    def _left(self) -> int:
        assert self.quota is not None
        return self.quota - self._spent - self._lent

    def lend(self, ticks: int) -> int:
        """A slice of at most so many ticks, out of the quotas of the whole chain."""
        for each in self.chain():
            if each.quota is not None:
                sharers = min(each.owner.cpus, each.ready + each._loans + 1)
                ticks = min(ticks, max(1, -(-each._left() // sharers)))
        for each in self.chain():
            each._lent += ticks
            each._loans += 1
        return ticks

    def give_back(self, ticks: int, *, over: bool) -> None:
        """So much of a slice was used or is not needed; ``over``: that was the last of it."""
        for each in self.chain():
            each._lent -= ticks
            each._loans -= over

    def charge(self, ran: int, *, system: bool) -> None:
        """So much has been used, whether it was lent or not."""
        for each in self.chain():
            each.usage += ran
            each.system += ran if system else 0
            each._spent += ran

    def waits(self, tasks: int) -> None:
        """So many more tasks are ready in it, or fewer."""
        for each in self.chain():
            each.ready += tasks
            if tasks > 0 and each.quota is not None:
                each.start()

    def look(self) -> None:
        """Note which of the chain have come to the end of their quota with tasks that wait."""
        for each in self.chain():
            spent = each.quota is not None and each._spent >= each.quota
            if spent and each.ready and each.since is None:
                each.since = each.owner.clock.now

    # Periods

    def start(self) -> None:
        """Let periods pass. They lie on a grid that begins with the first of them."""
        if self._armed:
            return
        now = self.owner.clock.now
        if self._refill_at is None:
            self._refill_at = now + self.period
        self.catch_up()
        self._arm()

    def rest(self) -> None:
        """Stop the timers of the chain where nothing runs or waits any more."""
        for each in self.chain():
            if each._armed and not (each.ready or each._lent):
                each._armed, each._turn = False, each._turn + 1
                each._uncounted = 1 + (each._spent > 0)

    def catch_up(self) -> None:
        """Count what has passed while the timer stood still: the period in which it stopped, and
        an empty one, after which Linux stops its timer."""
        now = self.owner.clock.now
        if self._armed or self._refill_at is None or now < self._refill_at:
            return
        passed = (now - self._refill_at) // self.period + 1
        counted = min(passed, self._uncounted)
        self.periods += counted
        self._uncounted -= counted
        self._refill_at += passed * self.period
        self._spent = 0

    def limit(self, quota: int | None, period: int) -> None:
        """Another quota, from now on."""
        self.owner.settle()
        self._end_throttling()
        self.quota, self.period = quota, period
        self._refill_at, self._armed, self._turn = None, False, self._turn + 1
        self._spent = self._uncounted = 0
        if quota is not None and (self.ready or self._lent):
            self.start()
        self.owner.decide()

    def _arm(self) -> None:
        assert self._refill_at is not None
        self._armed, self._turn = True, self._turn + 1
        turn = self._turn
        self.owner.clock.at(self._refill_at, lambda: self._refill(turn), REFILL)

    def _refill(self, turn: int) -> None:
        if turn != self._turn:
            return
        self.owner.settle()
        self.periods += 1
        self.throttles += self.since is not None
        self._end_throttling()
        self._spent = 0
        self._refill_at = self.owner.clock.now + self.period
        self._arm()
        self.owner.decide()

    def _end_throttling(self) -> None:
        if self.since is None:
            return
        length = self.owner.clock.now - self.since
        self.throttled += length
        self.owner.trace.add(
            self.since, self.path, "throttled", "cpu.max", length,
            group=self.path, quota=self.quota, period=self.period,
        )  # fmt: skip
        self.since = None
