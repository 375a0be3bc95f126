"""Who has to agree with whom before a change is live: teams, modules and units.

A change touches one module, and with some chance ones beside it: whom it asks, or who asks it.
Two ways to divide the work among teams:

- ``capability``: each team has some modules and all that belongs to them (``PARTS``);
- ``layer``: one team has all pages, one all logic, one all data. Every change touches all three.

Melvin Conway (1968): organizations design systems that are copies of their own communication
structures. Here that is counted: how many teams a change needs, and how many units it deploys.

Left out: how long people take to agree, which is most of it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.architecture.cut import PARTS, Cut
from lab_kernel.registry import unknown

LAYERS = ("pages", "logic", "data")
OWNERSHIPS = ("capability", "layer")


def lines_between(people: int) -> int:
    """Between how many pairs they may have to talk: n (n - 1) / 2 (Brooks, 1975)."""
    if people < 1:
        message = _("{value} is less than {least}")
        raise BadInput("people", message.format(value=people, least=1))
    return people * (people - 1) // 2


def neighbours(module: str) -> list[str]:
    """Whom it asks, and who asks it."""
    asking = [name for name, part in PARTS.items() if module in part.asks]
    return sorted({*PARTS[module].asks, *asking})


def changes(count: int, spread: float, seed: int = 0) -> Iterator[frozenset[str]]:
    """The modules that each of so many changes touches; ``spread`` is the chance for each module
    beside the first."""
    chance = random.Random(f"changes {seed}")
    names, weights = list(PARTS), [part.lines for part in PARTS.values()]
    for _number in range(count):
        (first,) = chance.choices(names, weights)
        beside = (name for name in neighbours(first) if chance.random() < spread)
        yield frozenset((first, *beside))


def teams(modules: frozenset[str], ownership: str) -> frozenset[str]:
    """The teams that a change of these modules needs."""
    if ownership not in OWNERSHIPS:
        raise unknown("ownership", ownership, OWNERSHIPS)
    return frozenset(LAYERS if ownership == "layer" else {PARTS[name].team for name in modules})


@dataclass(frozen=True)
class Agreement:
    """Of all changes, how many need so many teams, and so many units deployed."""

    teams: Counter[int]
    units: Counter[int]

    @property
    def alone(self) -> float:
        """The share that one team can bring to users by deploying one unit."""
        return self._alone / sum(self.teams.values())

    _alone: int = 0


def agreement(cut: Cut, ownership: str, spread: float, count: int = 1000) -> Agreement:
    """Counted over seeded changes."""
    needed, deployed, alone = Counter[int](), Counter[int](), 0
    for modules in changes(count, spread):
        people = teams(modules, ownership)
        units = {cut.unit(name) for name in modules}
        needed[len(people)] += 1
        deployed[len(units)] += 1
        alone += len(people) == len(units) == 1 and not _shares(cut, units, people, ownership)
    return Agreement(needed, deployed, alone)


def _shares(cut: Cut, units: set[str], people: frozenset[str], ownership: str) -> bool:
    """Somebody else's modules are deployed along."""
    along = frozenset(name for unit in units for name in cut.groups[unit])
    return teams(along, ownership) != people
