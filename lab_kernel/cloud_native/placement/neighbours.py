"""A noisy neighbour: two containers on one node, and what its kernel makes of their manifests.

A request becomes ``cpu.weight`` and a limit becomes ``cpu.max`` of the container's control group.
The scheduler has long done its work when this matters: it has counted requests, and the kernel
shares out real time. How a weight from 1 to 10,000 follows from
thousandths of a CPU: runc, ``ConvertCPUSharesToCgroupV2Value`` (the linear one; newer versions
bend it so that 1 CPU is 100). A container without a request gets the least weight there is.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute, Running
from lab_kernel.kernel.syscalls import Nanosleep

EVERY, WORK = 100, 40  # ms: a request comes, and what it takes
TICKS = 4000


@dataclass(frozen=True, slots=True)
class Shared:
    """Of one node with one CPU: each container's part of it, and how long the server's requests
    took, in ms, in order."""

    server: float
    neighbour: float
    waits: tuple[int, ...]


def weight(request: int) -> int:
    """``cpu.weight`` for a request in thousandths of a CPU."""
    shares = max(2, request * 1024 // 1000)
    return 1 + (shares - 2) * 9999 // 262142


def neighbours(request: int, other_request: int, other_limit: int = 0, busy: int = 4) -> Shared:
    """The server has 40 ms of work every 100 ms; the neighbour has ``busy`` processes that never
    stop. Thousandths of a CPU; a limit of 0 is none."""
    machine = Machine()
    waits: list[int] = []

    def server() -> Running:
        for number in range(TICKS // EVERY):
            due = number * EVERY
            if machine.clock.now < due:
                yield Nanosleep(due - machine.clock.now)
            yield Compute(WORK)
            waits.append(machine.clock.now - due)

    def other() -> Running:
        yield Compute(TICKS)

    own = machine.cgroups.make("server", cpu_weight=weight(request))
    noisy = machine.cgroups.make("neighbour", cpu_weight=weight(other_request))
    if other_limit:
        noisy.write("cpu.max", f"{other_limit * 100} 100000")
    machine.spawn(server, cgroup=own)
    for _process in range(busy):
        machine.spawn(other, cgroup=noisy)
    machine.run(TICKS)
    used = [_used(group.read("cpu.stat")) / (TICKS * 1000) for group in (own, noisy)]
    return Shared(used[0], used[1], tuple(waits))


def _used(stat: str) -> int:
    """Microseconds."""
    return int(stat.split()[1])
