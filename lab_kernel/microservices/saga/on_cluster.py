"""The saga as programs in pods: each step is a call, and every pod may die.

``checkout`` leads, by ``saga.next_move``; orders, stock and payment do their parts. What they have
written down (their stores, the log) outlives their pods, as a database would. A customer who got
no answer asks again with the same key, and checkout goes on from its log.

    shop = ClusterShop()
    asked = shop.order(1)
    shop.system.run(shop.system.now + 1)
    shop.steps(), asked.latency, shop.data.seen(Order(1))
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from lab_kernel.microservices.calls import FAILED, OK, Asking, Call, Client, Policy
from lab_kernel.microservices.outside import Asked
from lab_kernel.microservices.program import Handling
from lab_kernel.microservices.saga.idempotency import DONE, REFUSED, TOGETHER, Message
from lab_kernel.microservices.saga.idempotency import Service as Part
from lab_kernel.microservices.saga.saga import ORDER, next_move
from lab_kernel.microservices.saga.shop import CHANGES, SERVICES, UNITS, Order, Shop
from lab_kernel.microservices.saga.store import Store
from lab_kernel.microservices.saga.world import World
from lab_kernel.microservices.service import Service
from lab_kernel.microservices.system import System

NO = 409  # what a service answers that refuses; it is an answer, not a failure
PAUSE = 100  # ms until it is asked again


class Keyed(Policy):
    """Says what is to be done, and asks again with the same key until there is an answer."""

    def __init__(self, does: str, order: int, tries: int) -> None:
        self.does, self.order, self.tries = does, order, tries

    def ask(self, client: Client) -> Asking:
        headers = {"does": self.does, "order": str(self.order)}
        status = yield from client.ask(None, **headers)
        while status not in (OK, NO) and client.tries < self.tries:
            yield from client.sleep(PAUSE)
            status = yield from client.ask(None, **headers)
        return status


class ClusterShop:
    """``work`` is ms for each step. ``money`` and ``units`` are what there is."""

    def __init__(
        self, units: int = UNITS, money: int = 100, *, work: float = 20, keys: str = TOGETHER
    ) -> None:
        self.data, self.log = Shop(units, money), Store("log")
        self._parts = {n: Part(World(), n, self.data.stores[n], keys) for n in SERVICES}
        services = [Service(name, work, workers=4, answers=self._do) for name in SERVICES]
        leads = Service("checkout", 1, workers=4, calls=SERVICES, answers=self._lead)
        self.system = System([leads, *services])

    def order(self, number: int, *, tries: int = 20, timeout: int = 300) -> Asked:
        """A customer asks for it, now, and again when there is no answer."""
        policy = Keyed("checkout", number, tries)
        return self.system.ask(Call("checkout", timeout, policy))

    def sweep(self) -> list[Asked]:
        """Ask again for every order whose saga is not over: some customers do not come back."""
        logs = self.log.rows.items()
        return [self.order(order.number) for order, log in logs if next_move(ORDER, log)]

    def steps(self, number: int = 1) -> list[tuple[str, str]]:
        """The log of this order: (change, answer)."""
        return list(self.log.read(Order(number), ()))

    def crash(self, name: str) -> None:
        """Its container dies, with everything in its memory."""
        self.system.cluster.crash_container(self.system.cluster.pods(name)[0].metadata.name)

    # What runs in the pods

    def _lead(self, service: Service, handling: Handling) -> Generator[Any, Any, int]:
        order = Order(int(handling.headers["order"]))
        yield from handling.work(service.work)
        while does := next_move(ORDER, self.log.read(order, ())):
            policy = Keyed(does, order.number, tries=1)
            [status] = yield from handling.ask(Call(CHANGES[does][0], 200, policy))
            answer = {OK: DONE, NO: REFUSED}.get(status)
            if answer is None:
                return FAILED  # the customer asks again
            log = self.log.read(order, ())
            if next_move(ORDER, log) == does:  # nobody else has gone on in the meantime
                self.log.put(order, (*log, (does, answer)))
        log = self.log.read(order)
        return OK if all(answer == DONE for _does, answer in log) else NO

    def _do(self, service: Service, handling: Handling) -> Generator[Any, Any, int]:
        """Half of the work before the commit, half after it, so that a crash falls in both."""
        does, order = handling.headers["does"], Order(int(handling.headers["order"]))
        work = service.work / 2 if isinstance(service.work, int | float) else service.work
        yield from handling.work(work)
        answer = self._parts[service.name].receive(Message(f"{order.row}/{does}", does, order))
        yield from handling.work(work)
        return OK if answer == DONE else NO
