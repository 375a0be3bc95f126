"""Random families of processes in nested pid namespaces, on a machine of their own."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.kinds import CLONE_NEWPID
from lab_kernel.kernel.process import Process
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls import Clone, Fork, Kill, Nanosleep, Pause

TURN = 40  # ticks between two births
SHELL = 2  # the number of the first process that a machine starts


@dataclass(frozen=True, slots=True)
class Member:
    """``parent`` is its parent's place in the list, -1 for the first; ``begins``: with clone."""

    parent: int
    begins: bool


Plan = tuple[Member, ...]


def plan(rng: random.Random, size: int) -> Plan:
    """At least two processes begin a namespace, one of them inside another's."""
    while True:
        members = [Member(-1, False), Member(0, True)]
        while len(members) < size:
            members.append(Member(rng.randrange(len(members)), rng.random() < 0.35))
        depth = [level(tuple(members), n) for n in range(size)]
        if max(depth) == 2 and sum(member.begins for member in members) in (2, 3):
            return tuple(members)


def level(members: Plan, n: int) -> int:
    """In how many namespaces inside one another a member is, the host's not counted."""
    if n < 0:
        return 0
    return level(members, members[n].parent) + members[n].begins


def told(members: Plan) -> str:
    """A line for each, in the order in which they are made; ``p0`` is the shell."""
    return "\n".join(
        f"p{member.parent}: {'clone(CLONE_NEWPID)' if member.begins else 'fork()'} -> p{n}"
        for n, member in enumerate(members)
        if n
    )


class Family:
    """The plan, run; ``kill`` (a member's place) is then sent SIGKILL by the shell."""

    def __init__(self, members: Plan, kill: int | None = None) -> None:
        self.members, self.kill = members, kill
        self.machine = Machine()
        self.machine.spawn(self._program, 0, uid=0)
        self.processes: list[Process] = []
        while self.machine.step() and self.machine.clock.now < 2000:
            if len(self.machine.processes) > len(self.processes) and kill is None:
                self.processes.append(list(self.machine.processes.values())[-1])

    def _program(self, own: int) -> Any:
        """Waits its turns: all are made in the order of the list."""
        for n in range(own + 1, len(self.members)):
            yield Nanosleep(TURN)
            member = self.members[n]
            if member.parent == own:
                make = self._program
                yield Clone(CLONE_NEWPID, make, n) if member.begins else Fork(make, n)
        if own == 0 and self.kill is not None:
            yield Nanosleep(2 * TURN)
            yield Kill(SHELL + self.kill, Signum.SIGKILL)
        while True:
            yield Pause()

    def numbers(self, n: int) -> list[int]:
        """What a member is called: on the host first, in its own namespace last."""
        process = self.processes[n]
        return [process.numbers[one] for one in process.namespaces.pid.around][::-1]

    def living(self) -> int:
        """How many have not ended, the shell among them."""
        return sum(process.alive for process in self.machine.processes.values())
