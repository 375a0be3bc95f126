"""Two writes that no transaction spans: a row in the database, and an event to the broker.

Whichever comes first, a crash in between leaves one without the other (the *dual write* problem).
The *transactional outbox* writes the event into a table of the same database, in the same
transaction; a *relay* reads the table, sends, and then marks the row. A crash between these two
has it send again: each event is delivered at least once, and never not at all.
"""

from __future__ import annotations

from lab_kernel.microservices.saga.shop import Order
from lab_kernel.microservices.saga.store import Store, Transaction
from lab_kernel.microservices.saga.world import World

ROW_FIRST, EVENT_FIRST, OUTBOX = "row first", "event first", "outbox"
HOW = (ROW_FIRST, EVENT_FIRST, OUTBOX)
WHO, RELAY = "orders", "relay"


class Outbox:
    """The table in ``store``: ``put`` adds an event to a transaction, ``relay`` sends them.

    ``broker`` is what has been sent, and is durable."""

    def __init__(self, world: World, store: Store, broker: list[str]) -> None:
        self.world, self.store, self.broker = world, store, broker

    @staticmethod
    def put(rows: Transaction, event: str) -> None:
        rows.write(("outbox", event), "new")

    @property
    def waiting(self) -> list[str]:
        rows = self.store.rows.items()
        return [key[1] for key, state in rows if key[0] == "outbox" and state == "new"]

    def relay(self) -> None:
        for event in self.waiting:
            self.world.step(RELAY, "send the event")
            self.broker.append(event)
            self.world.step(RELAY, "mark it sent")
            self.store.put(("outbox", event), "sent")


def place(world: World, store: Store, broker: list[str], order: Order, how: str) -> None:
    """Write an order down and tell the others, in one of three ways; the relay runs after."""
    event = f"{order.row} placed"
    box = Outbox(world, store, broker)

    def write() -> None:
        rows = store.begin(order.row)
        rows.write(order.row, "placed")
        if how == OUTBOX:
            box.put(rows, event)
        world.step(WHO, "commit order and event" if how == OUTBOX else "commit the order")
        rows.commit()

    def tell() -> None:
        world.step(WHO, "send the event")
        broker.append(event)

    def start() -> None:
        parts = {ROW_FIRST: (write, tell), EVENT_FIRST: (tell, write), OUTBOX: (write, box.relay)}
        for part in parts[how]:
            part()

    def again() -> None:
        """Who was dying cannot know what it had still to send; the table can."""
        store.crash()
        box.relay()

    world.survive(start, again)
