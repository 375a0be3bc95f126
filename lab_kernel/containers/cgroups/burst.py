"""A piece of work under a quota: how long it takes, and when it is throttled."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.trace import Trace


@dataclass(frozen=True)
class Burst:
    """``took`` is from the arrival to the end, in ticks of 1 ms; ``throttled`` when the group
    was held, as (from, to); ``group`` can be read."""

    took: int
    throttled: tuple[tuple[int, int], ...]
    trace: Trace
    group: Group

    @property
    def waited(self) -> int:
        return sum(end - start for start, end in self.throttled)


def burst(
    work: int, quota: int | None, period: int = 100, *, threads: int = 1, at: int = 0
) -> Burst:
    """``work`` ms of CPU in all, shared out over so many threads, each with a CPU of its own.

    The group does nothing else. Without ``quota`` nothing holds it. ``at`` is when the work comes
    after the group's first period has begun; 0: the work begins it.
    """
    machine = Machine(cpus=threads)
    limit = "max" if quota is None else f"{quota * 1000} {period * 1000}"
    group = machine.cgroups.make("web", cpu_max=limit)
    if at:
        machine.spawn(_work, 1, name="first", cgroup=group)
    for number in range(threads):
        part = work // threads + (number < work % threads)
        if part:
            name = "request" if threads == 1 else f"thread {number + 1}"
            machine.spawn(_work, part, name=name, at=at, cgroup=group)
    machine.run()
    ends = [event.time for event in machine.trace.where(kind="exit") if event.track != "first"]
    held = machine.trace.where(kind="throttled")
    return Burst(
        max(ends) - at,
        tuple((event.time, event.time + event.duration) for event in held),
        machine.trace,
        group,
    )


def _work(ticks: int) -> Generator[Any, Any, None]:
    yield Compute(ticks)
