"""Busy groups of different weights on one CPU: what each gets, and what it was promised."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from lab_kernel.kernel.cgroup import Group
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute

TICKS = 4000
_LONG = 1 << 30


class Wanted(NamedTuple):
    """A group: its cpu.weight, and how many processes in it compute without end."""

    weight: int
    busy: int


Tree = Mapping[str, Wanted]
"""Groups by path, such as ``a`` and ``a/x``; one above comes before those below it."""


def busy(ticks: int = _LONG) -> Generator[Any, Any, None]:
    yield Compute(ticks)


def shares(groups: Tree, ticks: int = TICKS, policy: str = "eevdf") -> dict[str, int]:
    """Ticks of one CPU that each group has used after so many ticks, those below it included."""
    machine = Machine(policy=policy, most_processes=1024)
    made: dict[str, Group] = {}
    for path, wanted in groups.items():
        above, _slash, name = path.rpartition("/")
        parent = made[above] if above else machine.cgroups
        made[path] = parent.make(name, cpu_weight=wanted.weight)
        for _process in range(wanted.busy):
            machine.spawn(busy, cgroup=made[path])
    machine.run(ticks)
    return {path: group.cpu.usage for path, group in made.items()}


def promised(groups: Tree) -> dict[str, Fraction]:
    """By the rule: at each level the weights of the active ones are shared out, one level after the
    other. A group is active when it or one below it has something to run."""
    active = {path: _active(groups, path) for path in groups}
    parts: dict[str, Fraction] = {}
    for path, wanted in groups.items():
        above = path.rpartition("/")[0]
        siblings = [one for one in groups if one.rpartition("/")[0] == above and active[one]]
        total = sum(groups[one].weight for one in siblings)
        whole = parts[above] if above else Fraction(1)
        parts[path] = whole * wanted.weight / total if active[path] else Fraction(0)
    return parts


def _active(groups: Tree, path: str) -> bool:
    return any(
        wanted.busy for one, wanted in groups.items() if one == path or one.startswith(f"{path}/")
    )
