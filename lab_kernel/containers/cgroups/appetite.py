"""A process that takes more and more memory, and a group that has a limit for it.

It touches a page a tick and holds on to all of them. A page is 4 KiB; a limit is in pages.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.paging import PAGE_SIZE
from lab_kernel.kernel.program import Store
from lab_kernel.kernel.syscalls import Mmap, Pause

FRAMES = 256
LONGEST = 60_000  # ticks: a minute


@dataclass(frozen=True)
class Meal:
    """``held`` is the group's memory in pages, over time; ``ended`` when its process did, or None;
    ``killed`` whether by the OOM killer; ``free`` how many frames of the machine were unused then,
    ``swapped`` how many pages were in swap at most. ``neighbour`` says whether the process outside
    lived on."""

    held: tuple[tuple[int, int], ...]
    ended: int | None
    killed: bool
    free: int
    swapped: int
    neighbour: bool
    group: Group

    @property
    def status(self) -> int | None:
        """What a shell or a container's state shows as its exit code."""
        return None if self.ended is None else 137 if self.killed else 0


def eat(pages: int, *, high: int | None = None, most: int | None = None, swap: int = 0) -> Meal:
    """So many pages in a group with memory.high and memory.max, on a machine with 256 frames."""
    machine = Machine(frames=FRAMES, swap=swap)
    limits: dict[str, int | str] = {
        name: value * PAGE_SIZE
        for name, value in (("memory_high", high), ("memory_max", most))
        if value is not None
    }
    group = machine.cgroups.make("small", **limits)
    beside = machine.spawn(_keep, name="neighbour")
    process = machine.spawn(_eat, pages, name="eater", cgroup=group)
    memory = group.memory
    assert memory is not None
    held, last, free, swapped = [(0, 0)], 0, FRAMES, 0
    while process.alive and machine.clock.now < LONGEST and machine.step():
        if not process.alive:
            break
        swapped = max(swapped, memory.swap)
        if memory.current != last:
            last = memory.current
            held.append((machine.clock.now, last))
            free = machine.pager.frames.unused
    ended = machine.clock.now if not process.alive else None
    held.append((machine.clock.now, last))
    killed = bool(machine.trace.where(kind="oom kill", track="eater"))
    if killed:
        held.append((machine.clock.now, 0))
    return Meal(tuple(held), ended, killed, free, swapped, beside.alive, group)


def _eat(pages: int) -> Generator[Any, Any, None]:
    start = yield Mmap(length=pages * PAGE_SIZE)
    for page in range(pages):
        yield Store(start + page * PAGE_SIZE, 1)


def _keep() -> Generator[Any, Any, None]:
    """A process that holds forty pages and uses them now and then."""
    start = yield Mmap(length=40 * PAGE_SIZE)
    for page in range(40):
        yield Store(start + page * PAGE_SIZE, 1)
    yield Pause()
