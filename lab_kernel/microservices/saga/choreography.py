"""The saga without anybody who leads it: each service reacts to events of the others.

A reaction is one transaction: the change, the event that it causes, in the outbox, and the key of
the event it reacts to. So nothing is lost and nothing is done twice. Who wants to know how far an
order has come has to ask all of them: there is no log of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from lab_kernel.microservices.saga.idempotency import DONE, TOGETHER, Message, Service
from lab_kernel.microservices.saga.outbox import Outbox
from lab_kernel.microservices.saga.shop import CHANGES, SERVICES, Order, Shop
from lab_kernel.microservices.saga.store import Transaction
from lab_kernel.microservices.saga.world import World

# What is done when an event comes, and the events that follow from it: done, refused.
REACTIONS: Mapping[str, tuple[str, str, str]] = {
    "wanted": ("create", "created", ""),
    "created": ("reserve", "reserved", "not reserved"),
    "reserved": ("charge", "paid", "not paid"),
    "paid": ("confirm", "", ""),
    "not reserved": ("cancel", "", ""),
    "not paid": ("release", "released", ""),
    "released": ("cancel", "", ""),
}


class Reacting(Service):
    """A service that puts into its outbox what follows from a change."""

    def change(self, rows: Transaction, message: Message) -> str:
        answer = super().change(rows, message)
        _does, done, refused = REACTIONS[message.key.partition("/")[2]]
        if event := done if answer == DONE else refused:
            Outbox.put(rows, f"{message.order.row}/{event}")
        return answer


class Choreography:
    """``begin`` has the first event sent; ``run`` goes on until nothing is left to be sent."""

    def __init__(self, world: World, shop: Shop, keys: str = TOGETHER) -> None:
        self.world = world
        self.services = {n: Reacting(world, n, shop.stores[n], keys) for n in SERVICES}
        self.broker: list[str] = []  # what has been sent, durably
        self.taken = 0  # how far the others have read, durably
        self._boxes = [Outbox(world, store, self.broker) for store in shop.stores.values()]

    def begin(self, order: Order) -> None:
        self.broker.append(f"{order.row}/wanted")
        self.run(order)

    def run(self, order: Order) -> None:
        while True:
            for box in self._boxes:
                box.relay()
            if self.taken == len(self.broker):
                return
            self._react(self.broker[self.taken], order)

    def _react(self, event: str, order: Order) -> None:
        """Until the service has answered; then the next event."""
        does = REACTIONS[event.partition("/")[2]][0]
        service = self.services[CHANGES[does][0]]
        if service.receive(Message(event, does, order)) is not None:
            self.world.step(service.name, "take the next event")
            self.taken += 1


def choreography(world: World, shop: Shop, order: Order, *, keys: str = TOGETHER) -> Choreography:
    """An order to its end, in spite of the crashes of ``world``."""
    runs = Choreography(world, shop, keys)
    world.survive(lambda: runs.begin(order), lambda: runs.run(order))
    return runs
