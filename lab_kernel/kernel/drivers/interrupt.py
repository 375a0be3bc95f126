"""Interrupts: a line is raised, and a CPU leaves whatever it was doing.

The work comes in two halves. The **top half** runs at once and is short: it asks the device what
is the matter, quiets it, and notes what is left to do. The **bottom half** (a softirq in Linux)
does that soon after, when no line is waiting. Both take the CPU away from the process that happens
to run there, which has asked for nothing: ``steal(cpu, ticks, name)`` takes the time from it and
writes it down.

A line of an old device is a level: it stays raised until the device is quieted, so one that nobody
quiets interrupts for ever. A message (MSI) is an edge: it comes once and is remembered.
Left out: a top half interrupted by another (Linux runs them with interrupts off, too), threaded
handlers, softirqs handed to the thread ksoftirqd.
Sources: Linux, Documentation/core-api/genericirq.rst; kernel/irq/spurious.c for a line that
nobody answers; kernel/softirq.c.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from lab_kernel.clock import Clock
from lab_kernel.kernel.drivers.hardware.bus import Bus
from lab_kernel.kernel.drivers.hardware.device import HARDWARE, Device
from lab_kernel.kernel.fault import Stopped
from lab_kernel.trace import Trace

Steal = Callable[[int, int, str], None]
Handler = Callable[[], bool]

TOP, BOTTOM = "top half", "bottom half"
UNANSWERED = 1000  # then the line is masked; Linux allows 99,900 of 100,000
LOCKUP = 20_000  # ticks in which a CPU does nothing else; the watchdog of Linux waits 20 s


@dataclass(eq=False, slots=True)
class Line:
    """``priority``: the smallest number goes first. ``counts`` by CPU, as in /proc/interrupts."""

    number: int
    device: Device
    handler: Handler
    name: str
    cpu: int
    priority: int
    edge: bool
    counts: list[int]
    masked: bool = False
    remembered: bool = False
    unanswered: int = 0

    @property
    def waiting(self) -> bool:
        return not self.masked and (self.remembered or (not self.edge and self.device.asserting))


@dataclass(slots=True)
class _Cpu:
    number: int
    busy: bool = False
    since: int = 0  # busy without a pause since
    deferred: deque[tuple[str, Callable[[], None]]] = field(default_factory=deque)
    bottom_halves: int = 0
    stolen: int = 0


class Interrupts:
    """The controller and the kernel's code behind it.

    ``entry`` ticks go to entering and leaving either half, what its registers take comes on top.
    An exception in a handler is the kernel's own mistake: ``panic(reason)``, and nothing runs
    any more.
    """

    def __init__(
        self,
        clock: Clock,
        trace: Trace,
        bus: Bus,
        *,
        cpus: int = 1,
        entry: int = 2,
        steal: Steal,
        panic: Callable[[str], object],
        unanswered: int = UNANSWERED,
        lockup: int | None = LOCKUP,
    ) -> None:
        self.clock, self.trace, self.bus = clock, trace, bus
        self.lines: dict[int, Line] = {}
        self.entry, self.lockup = entry, lockup
        self.stopped = False
        self._cpus = [_Cpu(number) for number in range(cpus)]
        self._steal, self._panic, self._unanswered = steal, panic, unanswered
        self._current: list[Callable[[], object]] | None = None

    def connect(
        self,
        device: Device,
        handler: Handler,
        *,
        line: int | None = None,
        cpu: int = 0,
        priority: int = 0,
        edge: bool = False,
    ) -> Line:
        """``request_irq``: the handler says whether the interrupt was its device's."""
        number = line if line is not None else max(self.lines, default=23) + 1
        if number in self.lines:
            raise ValueError(f"line {number} is taken")
        found = Line(
            number, device, handler, device.name, cpu, priority, edge, [0] * len(self._cpus)
        )
        self.lines[number] = found
        device.signal = lambda: self._raised(found)
        return found

    def mask(self, line: Line) -> None:
        """What is raised from now on waits."""
        line.masked = True

    def unmask(self, line: Line) -> None:
        """What waited is delivered now."""
        line.masked = False
        self._soon(self._cpus[line.cpu])

    def defer(self, name: str, work: Callable[[], None], cpu: int = 0) -> None:
        """Do this in a bottom half."""
        self._cpus[cpu].deferred.append((name, work))
        self._soon(self._cpus[cpu])

    def afterwards(self, action: Callable[[], object]) -> None:
        """When the half that is running has used up its time; at once if none is."""
        if self._current is None:
            action()
        else:
            self._current.append(action)

    @property
    def stolen(self) -> int:
        """Ticks of all CPUs that both halves have taken."""
        return sum(cpu.stolen for cpu in self._cpus)

    @property
    def bottom_halves(self) -> int:
        return sum(cpu.bottom_halves for cpu in self._cpus)

    def table(self) -> str:
        """What /proc/interrupts would say."""
        heads = "".join(f"{f'CPU{cpu.number}':>11}" for cpu in self._cpus)
        rows = [
            f"{line.number:3}:"
            + "".join(f"{count:11}" for count in line.counts)
            + f"  {'MSI-edge' if line.edge else 'level':9} {line.name}"
            for line in self.lines.values()
        ]
        return "\n".join([f"    {heads}", *rows]) + "\n"

    def _raised(self, line: Line) -> None:
        line.remembered |= line.edge
        self._soon(self._cpus[line.cpu])

    def _soon(self, cpu: _Cpu) -> None:
        if not cpu.busy and not self.stopped:
            cpu.busy, cpu.since = True, self.clock.now
            self.clock.at(self.clock.now, lambda: self._go(cpu), HARDWARE)

    def _go(self, cpu: _Cpu) -> None:
        """The most urgent line; when none waits, what was deferred; else back to the process."""
        if self.stopped:
            return
        waiting = [each for each in self.lines.values() if each.waiting and each.cpu == cpu.number]
        if waiting:
            self._top(cpu, min(waiting, key=lambda each: (each.priority, each.number)))
        elif cpu.deferred:
            name, work = cpu.deferred.popleft()
            cpu.bottom_halves += 1
            self._run(cpu, BOTTOM, name, work)
        else:
            cpu.busy = False

    def _top(self, cpu: _Cpu, line: Line) -> None:
        line.remembered = False
        line.counts[cpu.number] += 1

        def work() -> None:
            if line.handler():
                line.unanswered = 0
                return
            line.unanswered += 1
            if line.unanswered >= self._unanswered:
                self.mask(line)
                name = f"irq {line.number}: nobody cared"
                self.trace.add(self.clock.now, f"CPU {cpu.number}", "warning", name)

        self._run(cpu, TOP, line.name, work)

    def _run(self, cpu: _Cpu, kind: str, name: str, work: Callable[[], None]) -> None:
        now, self._current = self.clock.now, []
        self.bus.take()
        try:
            work()
        except Stopped:
            raise
        except Exception as fault:
            self._die(f"{type(fault).__name__} in the {kind} of {name}: {fault}")
            return
        finally:
            then, self._current = self._current or [], None
        ticks = self.entry + self.bus.take()
        cpu.stolen += ticks
        self._steal(cpu.number, ticks, f"{name}: {kind}")
        if self.lockup is not None and now + ticks - cpu.since > self.lockup:
            self._die(f"watchdog: CPU {cpu.number} is stuck in the interrupts of {name}")
            return

        def over() -> None:
            for action in then:
                action()
            self._go(cpu)

        self.clock.after(ticks, over, HARDWARE)

    def _die(self, reason: str) -> None:
        self.stopped = True
        self._panic(reason)
