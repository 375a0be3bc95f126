"""The dispatcher: gives CPUs to tasks, and takes them away again.

It knows time and CPUs, the policies know neither. What happens at one instant happens in this
order, whatever was asked for first:

    1. bursts and slices end, by CPU number     (a task whose slice ends queues before ...)
    2. the policy's tick, such as MLFQ's boost
    3. what tasks waited for comes              (... one that wakes ...)
    4. new tasks arrive                         (... or arrives at that instant)
    5. idle CPUs are given out, then ready tasks preempt running ones

A switch from one task to another costs ``switch_cost`` ticks, in which nobody runs; going on with
the task that ran last on that CPU costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab_kernel.clock import Clock
from lab_kernel.kernel.scheduler.policy import EXPIRED, PREEMPTED, Task, Why
from lab_kernel.kernel.scheduler.queues import Queues
from lab_kernel.trace import Trace

END, TICK, WAKE, ARRIVE, DECIDE = range(5)


@dataclass(slots=True)
class Cpu:
    """``task`` runs since ``since``, up to which it has been charged; ``last`` ran before."""

    number: int
    task: Task | None = None
    last: Task | None = None
    since: int = 0
    until: int | None = None  # when its slice is over
    began: int = 0  # of the run that the trace will show
    turn: int = 0  # a timer of an earlier turn is void
    busy: int = 0  # until then it serves interrupts


class Dispatcher:
    """Runs tasks on ``cpus`` CPUs.

    ``finished(task)`` is asked when a burst is over: the ticks of the next burst, or None when the
    task has blocked or ended (``ended(task)`` says which). ``trace`` gets a ``run`` for each stay
    on a CPU and a ``switch`` for each switch that costs time.
    """

    def __init__(
        self,
        clock: Clock,
        queues: Queues,
        finished: Callable[[Task], int | None],
        ended: Callable[[Task], bool],
        *,
        cpus: int = 1,
        switch_cost: int = 0,
        trace: Trace | None = None,
    ) -> None:
        self.clock, self.queues, self.trace = clock, queues, Trace() if trace is None else trace
        self.cpus = [Cpu(number) for number in range(cpus)]
        self.switches = 0
        self._finished, self._ended = finished, ended
        self._cost = switch_cost
        self._ran_on: dict[Task, int] = {}
        self._deciding = False
        self._ticking = False

    def ready(self, task: Task, why: Why) -> None:
        """The task can run: it is new, or what it waited for has come."""
        self.queues.add(task, self.clock.now, why, self._ran_on.get(task))
        self._decide_soon()
        if not self._ticking:
            self._next_tick()

    def charge(self) -> None:
        """Bring every running task's account up to now."""
        for cpu in self.cpus:
            self._charge(cpu)

    def running(self) -> list[Task]:
        """The tasks on the CPUs, by CPU number."""
        return [cpu.task for cpu in self.cpus if cpu.task]

    def cut(self, task: Task) -> int:
        """End a task's burst now, running or ready; the ticks that were left of it."""
        cpu = next((cpu for cpu in self.cpus if cpu.task is task), None)
        if cpu is not None:
            self._charge(cpu)
        left, task.remaining = task.remaining, 0
        if cpu is not None:
            self._set_timer(cpu, task)
        return left

    def expire(self, task: Task) -> None:
        """The running task gives up the rest of its slice when its burst ends."""
        for cpu in self.cpus:
            if cpu.task is task:
                cpu.until = self.clock.now

    def interrupt(self, number: int, ticks: int, name: str) -> None:
        """The CPU serves an interrupt, and who ran on it waits for so long."""
        cpu = self.cpus[number]
        self._charge(cpu)
        start = max(self.clock.now, cpu.busy)
        self.trace.add(start, f"CPU {number}", "interrupt", name, ticks)
        cpu.busy = start + ticks
        if cpu.task is None:
            return
        self._note(cpu)
        if cpu.until is not None:
            cpu.until += ticks
        cpu.since = max(cpu.since, start) + ticks
        cpu.began = cpu.since
        self._set_timer(cpu, cpu.task)

    def flush(self) -> None:
        """Write down what has run so far, without stopping it."""
        self.charge()
        for cpu in self.cpus:
            self._note(cpu)
            cpu.began = cpu.since

    def look_again(self) -> None:
        """Tasks that were held may run: decide anew at the end of this instant."""
        self._decide_soon()
        if not self._ticking:
            self._next_tick()

    # At the end of the instant, when all is known that happens in it.

    def _decide_soon(self) -> None:
        if not self._deciding:
            self._deciding = True
            self.clock.at(self.clock.now, self._decide, DECIDE)

    def _decide(self) -> None:
        self._deciding = False
        now = self.clock.now
        waiting = self._waiting()
        for take in (self.queues.pick, self.queues.steal):  # first what is its own
            for cpu in self.cpus:
                if waiting and cpu.task is None and (task := take(cpu.number, now)):
                    self._start(cpu, task)
                    waiting = self._waiting()
        for policy, numbers in self.queues.policies():
            if not len(policy):
                continue
            ruled = [self.cpus[number] for number in numbers]
            for cpu in ruled:
                self._charge(cpu)
            while task := policy.preempts([cpu.task for cpu in ruled if cpu.task], now):
                cpu = next(cpu for cpu in ruled if cpu.task is task)
                self._stop(cpu)
                self.queues.add(task, now, PREEMPTED, cpu.number)
                if chosen := self.queues.pick(cpu.number, now):
                    self._start(cpu, chosen)

    def _waiting(self) -> bool:
        """Whether any task may be picked: most of the time none is left after the first."""
        return any(len(policy) for policy, _cpus in self.queues.policies())

    # One CPU.

    def _start(self, cpu: Cpu, task: Task) -> None:
        now = self.clock.now
        cpu.task, cpu.since = task, max(now, cpu.busy)
        if cpu.last is not task:
            if cpu.last is not None:
                self.switches += 1
                cpu.since += self._cost
                if self._cost:
                    start = cpu.since - self._cost
                    self.trace.add(start, f"CPU {cpu.number}", "switch", "", self._cost)
            cpu.last = task
        cpu.began = cpu.since
        self._ran_on[task] = cpu.number
        self._new_slice(cpu, task)

    def _new_slice(self, cpu: Cpu, task: Task) -> None:
        most = self.queues.of(cpu.number).slice(task)
        cpu.until = None if most is None else cpu.since + most
        self._set_timer(cpu, task)

    def _set_timer(self, cpu: Cpu, task: Task) -> None:
        end = cpu.since + task.remaining
        if cpu.until is not None and cpu.until < end:
            end = cpu.until
        cpu.turn += 1
        turn = cpu.turn
        self.clock.at(end, lambda: self._timer(cpu, turn), END)

    def _timer(self, cpu: Cpu, turn: int) -> None:
        task = cpu.task
        if turn != cpu.turn or task is None:
            return
        self._charge(cpu)
        now = self.clock.now
        if task.remaining == 0:
            burst = None
            try:
                burst = self._finished(task)
            finally:  # also when it raises: nobody may hold a CPU without a timer
                if burst is None:
                    self._stop(cpu)
                    self.queues.leave(task, now, cpu.number, ended=self._ended(task))
                    self._decide_soon()
            if burst is None:
                return
            task.remaining = burst
            if cpu.until is None or now < cpu.until:
                self._set_timer(cpu, task)  # goes on in the same slice
                return
        self._stop(cpu)
        self.queues.add(task, now, EXPIRED, cpu.number)
        self._decide_soon()

    def _charge(self, cpu: Cpu) -> None:
        now, task = self.clock.now, cpu.task
        if task is not None and now > cpu.since:
            ran = now - cpu.since
            cpu.since = now
            task.remaining -= ran
            self.queues.of(cpu.number).charge(task, ran, now)

    def _stop(self, cpu: Cpu) -> None:
        self._note(cpu)
        cpu.task = None
        cpu.turn += 1

    def _note(self, cpu: Cpu) -> None:
        if cpu.task is not None and cpu.since > cpu.began:
            ran = cpu.since - cpu.began
            self.trace.add(cpu.began, f"CPU {cpu.number}", "run", cpu.task.name, ran)

    # The policy's own clock.

    def _next_tick(self) -> None:
        self._ticking = True
        periods = [(policy.period, policy) for policy, _cpus in self.queues.policies()]
        period = periods[0][0]
        if period:
            self.clock.at(self.clock.now - self.clock.now % period + period, self._tick, TICK)

    def _tick(self) -> None:
        self.charge()
        busy = False
        for policy, numbers in self.queues.policies():
            running = [task for n in numbers if (task := self.cpus[n].task)]
            policy.tick(running, self.clock.now)
            busy = busy or bool(running) or len(policy) > 0
        for cpu in self.cpus:
            if cpu.task is not None:
                self._new_slice(cpu, cpu.task)
        if busy:
            self._next_tick()
        else:
            self._ticking = False
