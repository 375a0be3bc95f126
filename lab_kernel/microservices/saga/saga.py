"""A saga: one transaction after another, each with one that takes it back.

A saga of T1 ... Tn with compensations C1 ... Cn-1 comes to either of

    T1 T2 ... Tn                        or   T1 ... Tj Cj ... C1

for some j < n. Which one is decided by the log alone: ``next_move`` reads it and says what is to
be sent. So the orchestrator keeps nothing in its variables, and recovering from a crash is the
same as going on. What it sends may arrive twice, hence the key of each message.

A step without ``undoes`` comes after the *pivot*, the point of no return: nobody may refuse it, and
when there is no answer it is asked for until it is done (forward recovery). What comes before is
taken back (backward recovery).

Source: H. Garcia-Molina and K. Salem, "Sagas", SIGMOD 1987. Left out: their sagas run inside one
database, and may save points in between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab_kernel.microservices.saga.idempotency import DONE, REFUSED, TOGETHER, Message, Service
from lab_kernel.microservices.saga.shop import CHANGES, SERVICES, STEPS, UNDO, Order, Shop
from lab_kernel.microservices.saga.store import Store
from lab_kernel.microservices.saga.wire import Wire
from lab_kernel.microservices.saga.world import World

WHO = "orchestrator"
Log = Sequence[tuple[str, str]]  # (change, answer), in order


@dataclass(frozen=True, slots=True)
class Step:
    does: str
    undoes: str | None


def steps_of(names: Sequence[str]) -> tuple[Step, ...]:
    return tuple(Step(name, UNDO.get(name)) for name in names)


ORDER = steps_of(STEPS)


def next_move(steps: Sequence[Step], log: Log) -> str | None:
    """What is to be sent next, None when the saga is over."""
    done = {does for does, answer in log if answer == DONE}
    if any(answer == REFUSED for _does, answer in log):
        back = (s.undoes for s in reversed(steps) if s.does in done and s.undoes)
        return next((undoes for undoes in back if undoes not in done), None)
    return next((step.does for step in steps if step.does not in done), None)


class Orchestrator:
    """``durable`` says whether its log is on a disk, and is there after a crash."""

    def __init__(
        self,
        world: World,
        wire: Wire,
        services: Mapping[str, Service],
        steps: Sequence[Step] = ORDER,
        *,
        durable: bool = True,
    ) -> None:
        self.world, self.wire, self.services = world, wire, services
        self.steps, self.durable = steps, durable
        self.log = Store(WHO)

    def begin(self, order: Order) -> None:
        """From here on it will come to an end, one or the other."""
        self.world.step(WHO, "log begin")
        self.log.put(order, ())
        self.run(order)

    def run(self, order: Order) -> None:
        while does := next_move(self.steps, self.log.read(order)):
            self.world.step(WHO, f"send {does}", "send")
            message = Message(f"{order.row}/{does}", does, order)
            answer = self.wire.ask(self.services[CHANGES[does][0]], message)
            if answer is None:
                continue  # ask again
            self.world.step(WHO, f"log {does} {answer}", "log")
            self.log.put(order, (*self.log.read(order), (does, answer)))

    def recover(self) -> None:
        if not self.durable:
            self.log = Store(WHO)
        for order in list(self.log.rows):
            self.run(order)


def saga(
    world: World,
    shop: Shop,
    order: Order,
    *,
    fates: Sequence[str] = (),
    keys: str = TOGETHER,
    names: Sequence[str] = STEPS,
    durable: bool = True,
) -> Orchestrator:
    """An order, in spite of the crashes of ``world`` and the ``fates`` of messages, to its end."""
    wire = Wire(world, fates)
    services = {name: Service(world, name, shop.stores[name], keys) for name in SERVICES}
    runs = Orchestrator(world, wire, services, steps_of(names), durable=durable)
    world.survive(lambda: runs.begin(order), runs.recover)
    world.survive(wire.arrive, wire.arrive)
    return runs
