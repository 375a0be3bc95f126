"""A server that answers requests, beside batch jobs that never stop computing.

A request comes every 100 ms and needs 10 ms of CPU. There is one CPU, and a slice is 3 ms. The jobs
and the server are in groups of their own, arranged in one of several ways, or in none.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.language import N_

EVERY, NEEDS, SLICE = 100, 10, 3
REQUESTS = 40

ARRANGEMENTS = {
    "none": N_("no groups: every process for itself"),
    "groups": N_("two groups of the same weight"),
    "weight": N_("the server's weight is 900, the jobs' 100"),
    "jobs": N_("the jobs have a cpu.max of 40 ms in 100"),
    "server": N_("the server has a cpu.max of 5 ms in 50"),
}


@dataclass(frozen=True)
class Service:
    """``latencies`` of the requests in ms, in order of arrival; ``batch`` ms that the jobs got;
    ``idle`` ms in which the CPU did nothing."""

    latencies: tuple[int, ...]
    batch: int
    idle: int
    throttled: int

    @property
    def median(self) -> int:
        return sorted(self.latencies)[len(self.latencies) // 2]

    @property
    def worst(self) -> int:
        return max(self.latencies)


def serve(arrangement: str, jobs: int) -> Service:
    """Forty requests beside so many jobs."""
    machine = Machine(quantum=SLICE)
    server, batch = machine.cgroups, machine.cgroups
    if arrangement != "none":
        server, batch = machine.cgroups.make("server"), machine.cgroups.make("batch")
    if arrangement == "weight":
        server.write("cpu.weight", 900)
    elif arrangement == "jobs":
        batch.write("cpu.max", "40000 100000")
    elif arrangement == "server":
        server.write("cpu.max", "5000 50000")
    for number in range(jobs):
        machine.spawn(_job, name=f"job {number + 1}", cgroup=batch)
    for number in range(REQUESTS):
        _request(machine, number, server)
    end = REQUESTS * EVERY
    machine.run(end)
    work = {f"job {number + 1}" for number in range(jobs)}
    runs = [(e.name in work, e.duration) for e in machine.trace.where(kind="run")]
    while any(p.command == "request" for p in machine.processes.values()):
        machine.run(machine.clock.now + EVERY)
    ends = {event.track: event.time for event in machine.trace.where(kind="exit")}
    batch_time = sum(ticks for mine, ticks in runs if mine)
    total = sum(ticks for _mine, ticks in runs)
    latencies = tuple(time - EVERY * n for n, time in enumerate(_in_order(ends)))
    held = machine.trace.where(kind="throttled", track="/server")
    return Service(latencies, batch_time, end - total, sum(e.duration for e in held))


def _request(machine: Machine, number: int, group: Group) -> None:
    machine.spawn(_answer, name="request", at=number * EVERY, cgroup=group)


def _in_order(ends: dict[str, int]) -> list[int]:
    """By the order of the processes' numbers, which stand behind the first one's name."""
    own = [name for name in ends if name.startswith("request")]
    own.sort(key=lambda name: int(name.partition(".")[2] or 0))
    return [ends[name] for name in own]


def _answer() -> Generator[Any, Any, None]:
    yield Compute(NEEDS)


def _job() -> Generator[Any, Any, None]:
    while True:
        yield Compute(1000)
