"""What others see of an order that is under way, and what they overwrite.

A saga commits after each step, so its halves are visible (no isolation). ``looks`` reads what is
committed before each step, as any other program could. ``undo`` with ``restore`` is a compensation
that puts back the value that was found, instead of adding what was taken: it overwrites what others
have done since (a lost update).

A countermeasure is to mark what may yet be taken back (a semantic lock), here the order's word
"pending": with ``holds`` who finds too few units looks at the order that has them, and is told
``LATER`` instead of "sold out". Source: L. Frank and T. Zahle, "Semantic ACID properties in
multidatabases using remote procedure calls and update propagations", Software: Practice and
Experience 28, 1998.
"""

from __future__ import annotations

from collections.abc import Callable

from lab_kernel.microservices.saga.saga import saga
from lab_kernel.microservices.saga.shop import Order, Shop
from lab_kernel.microservices.saga.store import Locked
from lab_kernel.microservices.saga.transaction import together
from lab_kernel.microservices.saga.two_phase import Coordinator
from lab_kernel.microservices.saga.world import World

Seen = dict[str, object]
METHODS = ("transaction", "two-phase", "saga")
YES, NO, LATER, WAITS = "yes", "no", "later", "waits"


def run(method: str, world: World, shop: Shop, order: Order) -> None:
    """The order by this method, in a shop that is made for it."""
    if method == "transaction":
        together(world, shop, order)
    elif method == "two-phase":
        coordinator = Coordinator(world, shop)
        world.survive(lambda: coordinator.run(order), coordinator.recover)
    else:
        saga(world, shop, order)


def shop_for(method: str, units: int, money: int) -> Shop:
    return Shop(units, money, one=method == "transaction")


def looks(method: str, order: Order, units: int, money: int) -> list[tuple[str, Seen]]:
    """(the last step, what anybody can read after it), from the beginning to the end."""
    plain = World()
    run(method, plain, shop_for(method, units, money), order)
    shop, seen = shop_for(method, units, money), list[Seen]()

    def look() -> None:
        seen.append(shop.seen(order))

    world = World(at=dict.fromkeys(range(1, plain.steps + 1), look))
    run(method, world, shop, order)
    look()
    steps = [f"{e.track}: {e.name}" for e in world.trace if e.duration]
    return list(zip(["", *steps], seen, strict=True))


def two_customers(
    method: str, *, units: int, money: int, step: int, holds: bool = False
) -> tuple[str, bool, int]:
    """An order for the last units is under way when, before ``step``, somebody else wants one.

    What the other is told, whether the first was placed, and how many are left in the end.
    """
    first, told = Order(1, units=units), list[str]()
    shop = shop_for(method, units, money)

    def other() -> None:
        rows = shop.stores["stock"].begin("other")
        try:
            left = rows.read("left")
        except Locked:
            told.append(WAITS)
            return
        rows.abort()
        pending = holds and shop.seen(first)["order"] == "pending"
        told.append(YES if left else LATER if pending else NO)

    run(method, World(at={step: other}), shop, first)
    if not told:  # it was over by then
        other()
    seen = shop.seen(first)
    return told[0], seen["order"] == "placed", int(str(seen["left"]))


def undo(units: int, sold: int, *, restore: bool) -> int:
    """What is left when an order of 1 is taken back after ``sold`` others were sold meanwhile.

    ``restore`` puts the old value back; else the unit is added.
    """
    shop = Shop(units)
    stock = shop.stores["stock"]

    def write(change: Callable[[int], int]) -> int:
        rows = stock.begin()
        before = int(rows.read("left"))
        rows.write("left", change(before))
        rows.commit()
        return before

    found = write(lambda left: left - 1)
    for _other in range(sold):
        write(lambda left: left - 1)
    write(lambda left: found if restore else left + 1)
    return int(stock.read("left"))
