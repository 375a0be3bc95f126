"""From one unit to several, a step at a time: each step is a system that runs.

    for step in STEPS:
        print(step.name, measure(step.cut).percentile(99), step.bad_version, step.lead(20))

First a gateway stands in front and sends everything to the old unit. Then one module after another
is built anew as a unit of its own, gets a part of the requests, and then all of them; what is left
of the old unit in the end may stay as it is. Martin Fowler named it after the strangler fig (2004).

Left out: moving the data, for which each of these steps takes several (write to both, compare,
read from the new, stop writing to the old).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab_kernel.language import N_
from lab_kernel.microservices.architecture.cut import PARTS, Cut
from lab_kernel.microservices.architecture.pipeline import mean_lead
from lab_kernel.microservices.architecture.prices import blast_radius

WHOLE = " ".join(PARTS)


@dataclass(frozen=True)
class Step:
    """``title`` is a source string, to be translated when it is shown."""

    name: str
    title: str
    cut: Cut

    @property
    def bad_version(self) -> float:
        """The share of requests that fail after a bad change: the mean over all lines of code."""
        whole = sum(part.lines for part in PARTS.values())
        hit = {unit: blast_radius(self.cut, unit) for unit in self.cut.groups}
        return sum(part.lines * hit[self.cut.unit(name)] for name, part in PARTS.items()) / whole

    def lead(self, changes: float) -> float:
        """Minutes until a change is live, on average, at so many changes a day."""
        return mean_lead(self.cut, changes)


STEPS: tuple[Step, ...] = (
    Step("monolith", N_("one unit"), Cut(WHOLE)),
    Step("gateway", N_("a gateway in front"), Cut(WHOLE, fronted=True)),
    Step("mail", N_("mail leaves"), Cut("catalog price cart orders stock payment | mail")),
    Step("payment", N_("payment leaves"), Cut("catalog price cart orders stock | payment | mail")),
    Step("stock", N_("stock leaves"), Cut("catalog price cart orders | stock | payment | mail")),
    Step(
        "buying",
        N_("cart and orders leave together"),
        Cut("catalog price | cart orders | stock | payment | mail"),
    ),
    Step(
        "every one",
        N_("each module for itself"),
        Cut("catalog | price | cart | orders | stock | payment | mail"),
    ),
)
BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}
