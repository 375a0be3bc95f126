"""A noisy neighbour: two containers on one node, and what its kernel makes of their manifests.

A request becomes ``cpu.weight`` and a limit becomes ``cpu.max`` of the container's control group
(``containers.cgroups.kubernetes``). The scheduler has long done its work when this matters: it has
counted requests, and the kernel shares out real time.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.containers.cgroups.kubernetes import group_files
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
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


def files(request: int, limit: int = 0) -> dict[str, str]:
    """The files of a container's control group."""
    return group_files(request=request, limit=limit)


def neighbours(request: int, other_request: int, other_limit: int = 0, busy: int = 4) -> Shared:
    """The server has 40 ms of work every 100 ms; the neighbour has ``busy`` processes that never
    stop. Thousandths of a CPU; a limit of 0 is none."""
    machine = Machine()
    waits: list[int] = []

    def server() -> Generator[Any, Any, None]:
        for number in range(TICKS // EVERY):
            due = number * EVERY
            if machine.clock.now < due:
                yield Nanosleep(due - machine.clock.now)
            yield Compute(WORK)
            waits.append(machine.clock.now - due)

    def other() -> Generator[Any, Any, None]:
        yield Compute(TICKS)

    own = machine.cgroups.make("server", cpu_weight=files(request)["cpu.weight"])
    limits = files(other_request, other_limit)
    noisy = machine.cgroups.make(
        "neighbour", cpu_weight=limits["cpu.weight"], cpu_max=limits["cpu.max"]
    )
    machine.spawn(server, cgroup=own)
    for _process in range(busy):
        machine.spawn(other, cgroup=noisy)
    machine.run(TICKS)
    used = [_used(group.read("cpu.stat")) / (TICKS * 1000) for group in (own, noisy)]
    return Shared(used[0], used[1], tuple(waits))


def _used(stat: str) -> int:
    """Microseconds."""
    return int(stat.split()[1])
