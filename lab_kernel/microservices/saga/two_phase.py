"""Two-phase commit: several databases decide together, and wait for the one who decides.

First the coordinator has every participant do its part and *prepare* it: from then on it can
commit, whatever crashes, and holds its locks. When all have, the coordinator writes its decision
into its log; that is the moment in which the whole is committed. Then it tells them. Whoever finds
no decision in the log takes it for an abort (presumed abort).

Source: J. Gray, "Notes on Data Base Operating Systems", 1978; C. Mohan, B. Lindsay and R.
Obermarck, "Transaction Management in the R* Distributed Database Management System", 1986. Left
out: participants that ask one another, and that they cannot be reached.
"""

from __future__ import annotations

from lab_kernel.microservices.saga.shop import CHANGES, SERVICES, STEPS, Order, Refused, Shop
from lab_kernel.microservices.saga.store import Store
from lab_kernel.microservices.saga.world import Crashed, World

WHO = "coordinator"


class Coordinator:
    """``log`` is on its disk. ``run`` is what it does for an order, ``recover`` after a crash."""

    def __init__(self, world: World, shop: Shop) -> None:
        self.world, self.shop = world, shop
        self.log = Store(WHO)

    def run(self, order: Order) -> None:
        votes = [self._prepare(name, order) for name in SERVICES]
        if all(votes):
            self.world.step(WHO, "log commit")
            self.log.put(order.row, "commit")
        self._tell(order.row)

    def recover(self) -> None:
        """Each transaction that is still prepared gets the decision that the log has for it."""
        for row in {row for store in self.shop.stores.values() for row in store.prepared}:
            self._tell(row)

    def _tell(self, row: str) -> None:
        decision = self.log.read(row, "abort")
        for name in SERVICES:
            while row in self.shop.stores[name].prepared:
                self.world.step(WHO, f"tell {name}")
                self._decide(name, row, decision)

    # What a participant does. When it crashes, the coordinator hears nothing.

    def _prepare(self, name: str, order: Order) -> bool:
        store = self.shop.stores[name]
        self.world.step(WHO, f"ask {name}")
        try:
            rows = store.begin(order.row)
            for change in STEPS:
                if CHANGES[change][0] == name:
                    self.world.step(name, change)
                    CHANGES[change][1](rows, order)
            self.world.step(name, "prepare")
            rows.prepare()
            self.world.step(name, "vote yes")
        except Refused:
            self.world.note(name, "refused", "vote no")
            rows.abort()
            return False
        except Crashed as crash:
            return _only(name, crash, store)
        return True

    def _decide(self, name: str, row: str, decision: str) -> None:
        store = self.shop.stores[name]
        try:
            self.world.step(name, decision)
        except Crashed as crash:
            _only(name, crash, store)
            return
        rows = store.prepared[row]
        rows.commit() if decision == "commit" else rows.abort()


def _only(name: str, crash: Crashed, store: Store) -> bool:
    """The participant has crashed, and its database is started again; nobody else has."""
    if crash.who != name:
        raise crash
    store.crash()
    return False
