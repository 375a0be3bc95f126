"""Cuts of the shop by chance, and how they are told."""

from __future__ import annotations

import random

from lab_kernel.language import _
from lab_kernel.microservices.architecture.cut import OPERATIONS, PARTS, Cut


def by_chance(rng: random.Random, low: int = 2, high: int = 5) -> Cut:
    """So many units, with a gateway in front."""
    names = list(PARTS)
    units: list[list[str]] = [[] for _number in range(rng.randint(low, high))]
    for number, name in enumerate(rng.sample(names, len(names))):
        units[number if number < len(units) else rng.randrange(len(units))].append(name)
    return Cut(" | ".join(" ".join(sorted(unit, key=names.index)) for unit in units))


def told(cut: Cut) -> str:
    """The units, and who asks whom."""
    units = " | ".join(" ".join(group) for group in cut.groups.values())
    asks = ", ".join(f"{name} → {' '.join(part.asks)}" for name, part in PARTS.items() if part.asks)
    return _("Units: {units}. Who asks whom: {asks}.").format(units=units, asks=asks)


def operation(rng: random.Random) -> tuple[str, str]:
    """What a user does, and the module that answers."""
    name = rng.choice(list(OPERATIONS))
    return name, OPERATIONS[name][0]
