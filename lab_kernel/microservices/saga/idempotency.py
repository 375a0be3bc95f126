"""A service that may be asked the same thing twice, and what it remembers of the first time.

Who gets no answer does not know whether the request was lost or the answer, so it asks again. The
*idempotency key* says that it is the same request: the service writes the key and its answer down,
and gives the answer again instead of doing it again. It matters when it writes: ``TOGETHER`` with
the change, in one transaction; ``APART``, after it, a crash fits in between; ``NONE`` never does.

Source: IETF, draft-ietf-httpapi-idempotency-key-header: a key that comes again with another
request is an error (422). Left out: 409 for a key that is being worked on, since the row's lock
does that here, and that keys expire.
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.microservices.saga.shop import CHANGES, Order, Refused
from lab_kernel.microservices.saga.store import Store, Transaction
from lab_kernel.microservices.saga.world import Crashed, World

NONE, APART, TOGETHER = "none", "apart", "together"
DONE, REFUSED, MISUSED = "done", "refused", "misused"


@dataclass(frozen=True, slots=True)
class Message:
    key: str
    does: str
    order: Order


class Service:
    """``receive`` returns the answer, or None when the service crashes before it has sent one."""

    def __init__(self, world: World, name: str, store: Store, keys: str = TOGETHER) -> None:
        self.world, self.name, self.store, self.keys = world, name, store, keys

    def receive(self, message: Message) -> str | None:
        try:
            return self._handle(message)
        except Crashed as crash:
            if crash.who != self.name:
                raise
            self.store.crash()
            return None

    def _handle(self, message: Message) -> str:
        asked = (message.does, message.order)
        rows = self.store.begin(message.key)
        if self.keys != NONE and (known := rows.read(message.key)):
            before, answer = known
            self.world.step(self.name, f"{message.does}: known", "known")
            rows.abort()
            return answer if before == asked else MISUSED
        answer = self.change(rows, message)
        if self.keys == TOGETHER:
            rows.write(message.key, (asked, answer))
        self.world.step(self.name, message.does, answer)
        rows.commit()
        if self.keys == APART:
            self.world.step(self.name, "write the key")
            self.store.put(message.key, (asked, answer))
        self.world.step(self.name, "answer")
        return answer

    def change(self, rows: Transaction, message: Message) -> str:
        """A refusal changes nothing, and is an answer like any other."""
        try:
            CHANGES[message.does][1](rows, message.order)
        except Refused:
            return REFUSED
        return DONE
