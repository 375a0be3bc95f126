"""A cut: which modules are deployed as one unit; and that as a system on the simulated cluster.

    cut = Cut("catalog price | cart | orders stock payment | mail")
    system = cut.system()
    cut.load(system, per_second=60, seconds=10)

Modules of one unit call each other as functions, which costs nothing beside their work. Between
units a call crosses the network. What the users do and how often is the same for every cut
(``OPERATIONS``), and so is the work. In front stands a gateway, which sends each operation to the
unit whose module answers it; the shop as one unit has none, unless ``fronted``.

While a unit is ``moving`` out of the first one, its modules are in both, and ``share`` percent of
what concerns them goes to the new unit: first a few, then all, and back at once when it is bad.

``shared`` is one database for all units, a unit of its own that each module asks once. Otherwise
each module has its data in its unit, and the time for that is in its work.

Times in ms. Work is drawn from an exponential distribution.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.calls import FAILED, OK, Call, Client, Policy
from lab_kernel.microservices.program import Handling
from lab_kernel.microservices.service import Exponential, Service
from lab_kernel.microservices.system import System
from lab_kernel.registry import unknown

GATEWAY, DATABASE = "gateway", "database"
GATEWAY_WORK, DATABASE_WORK = 1.0, 2.0
REPLICAS, WORKERS = 2, 8


@dataclass(frozen=True, slots=True)
class Part:
    """A module of the shop: mean ``work``, whom it asks, one after another, and of these who may
    fail without harm. ``lines`` of code, in thousands; ``team`` is who owns it."""

    work: float
    asks: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    lines: int = 10
    team: str = ""


PARTS: Mapping[str, Part] = {
    "catalog": Part(4, ("price",), lines=12, team="browsing"),
    "price": Part(2, lines=6, team="browsing"),
    "cart": Part(3, ("price",), lines=8, team="buying"),
    "orders": Part(6, ("cart", "stock", "payment", "mail"), ("mail",), lines=14, team="buying"),
    "stock": Part(4, lines=9, team="warehouse"),
    "payment": Part(10, lines=11, team="money"),
    "mail": Part(3, lines=5, team="money"),
}
#: What users do: the module that answers, and how many of a hundred requests are this.
OPERATIONS: Mapping[str, tuple[str, int]] = {
    "browse": ("catalog", 70),
    "fill the cart": ("cart", 20),
    "check out": ("orders", 10),
}


@dataclass(frozen=True)
class To(Policy):
    """Says in a header which module of the unit is meant."""

    module: str

    def ask(self, client: Client) -> Generator[Any, Any, int]:
        return (yield from client.ask(module=self.module))


@dataclass(frozen=True)
class Cut:
    """``units`` as text: modules with spaces between them, and ``|`` between units. BadInput: a
    module that nobody knows, that is missing or there twice, a unit that moves and is not there."""

    units: str
    shared: bool = False
    fronted: bool = False
    moving: str = ""
    share: int = 100

    def __post_init__(self) -> None:
        words = self.units.replace("|", " ").split()
        for word in words:
            if word not in PARTS:
                raise unknown("units", word, PARTS)
        for name in PARTS:
            if words.count(name) != 1:
                message = _("{name} must be there once; it is there {count} times")
                raise BadInput("units", message.format(name=name, count=words.count(name)))
        if self.moving and self.moving not in list(self.groups)[1:]:
            raise unknown("moving", self.moving, list(self.groups)[1:] or ["-"])
        if not 0 <= self.share <= 100:
            message = _("{value} is not between {low} and {high}")
            raise BadInput("share", message.format(value=self.share, low=0, high=100))

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Each unit under the name of its first module."""
        found = (tuple(unit.split()) for unit in self.units.split("|"))
        return {group[0]: group for group in found if group}

    def unit(self, module: str) -> str:
        """The unit in which the module is deployed."""
        return next(name for name, group in self.groups.items() if module in group)

    @property
    def behind_gateway(self) -> bool:
        return self.fronted or len(self.groups) > 1

    def goes_to(self, module: str, here: str, chance: random.Random) -> str:
        """The unit that does this for once: while a unit moves, by chance the first one."""
        unit = self.unit(module)
        first = next(iter(self.groups))
        if unit != self.moving or here == unit:
            return unit
        return unit if 100 * chance.random() < self.share else first

    def system(self, nodes: int = 3, seed: int = 0, traced: float = 0.0) -> System:
        """On the cluster, with the gateway if there is one."""
        services = [self._service(name) for name in self.groups]
        if self.shared:
            work = Exponential(DATABASE_WORK)
            services.append(Service(DATABASE, work, replicas=1, workers=4 * WORKERS))
        if self.behind_gateway:
            services.append(
                Service(GATEWAY, GATEWAY_WORK, REPLICAS, 4 * WORKERS, answers=self._route)
            )
        return System(services, nodes=nodes, seed=seed, traced=traced)

    def entry(self, operation: str) -> Call:
        """The call by which a user does this."""
        module, _share = OPERATIONS[operation]
        return Call(GATEWAY if self.behind_gateway else self.unit(module), policy=To(module))

    def load(self, system: System, per_second: float, seconds: float, seed: int = 0) -> None:
        """Requests of every operation, in their shares, from now on."""
        for number, (name, (_module, share)) in enumerate(OPERATIONS.items()):
            rate = per_second * share / 100
            system.load(self.entry(name), rate, end=system.now + seconds, seed=10 * seed + number)

    # What the programs do

    def _service(self, name: str) -> Service:
        return Service(name, replicas=REPLICAS, workers=WORKERS, answers=self._answer)

    def _route(self, service: Service, handling: Handling) -> Generator[Any, Any, int]:
        """The gateway's: a little work, and on to whom it concerns."""
        yield from handling.work(service.work)
        module = handling.headers["module"]
        unit = self.goes_to(module, GATEWAY, handling.desk.chance)
        (status,) = yield from handling.ask(Call(unit, policy=To(module)))
        return status

    def _answer(self, service: Service, handling: Handling) -> Generator[Any, Any, int]:
        """A unit's: the module that was asked, and in the same process those that it asks."""
        if service.fails and handling.desk.chance.random() < service.fails:
            return FAILED
        return (yield from self._do(handling.headers["module"], service.name, handling))

    def _do(self, module: str, here: str, handling: Handling) -> Generator[Any, Any, int]:
        part = PARTS[module]
        yield from handling.work(Exponential(part.work))
        if self.shared:
            (status,) = yield from handling.ask(Call(DATABASE))
            if status != OK:
                return status
        for asked in part.asks:
            unit = self.goes_to(asked, here, handling.desk.chance)
            if unit == here:
                status = yield from self._do(asked, here, handling)
            else:
                (status,) = yield from handling.ask(Call(unit, policy=To(asked)))
            if status != OK and asked not in part.optional:
                return status
        return OK
