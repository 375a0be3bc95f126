"""One order of a shop: what it changes in orders, stock and payment, and whether it all adds up.

The same changes are made in one database or in three: each is a function of a transaction and an
order, and ``UNDO`` says which one takes it back by its meaning, not by putting an old value back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lab_kernel.microservices.saga.store import Store, Transaction

SERVICES = ("orders", "stock", "payment")
UNITS, MONEY = 10, 100  # what there is in the beginning


class Refused(Exception):
    """The service says no, and will say so again: sold out, no money."""


@dataclass(frozen=True, slots=True)
class Order:
    number: int
    units: int = 1
    price: int = 30

    @property
    def row(self) -> str:
        return f"order {self.number}"


def create(rows: Transaction, order: Order) -> None:
    rows.write(order.row, "pending")


def cancel(rows: Transaction, order: Order) -> None:
    rows.write(order.row, "cancelled")


def confirm(rows: Transaction, order: Order) -> None:
    rows.write(order.row, "placed")


def reserve(rows: Transaction, order: Order) -> None:
    left = rows.read("left")
    if left < order.units:
        raise Refused("sold out")
    rows.write("left", left - order.units)


def release(rows: Transaction, order: Order) -> None:
    rows.write("left", rows.read("left") + order.units)


def charge(rows: Transaction, order: Order) -> None:
    money = rows.read("money")
    if money < order.price:
        raise Refused("not enough money")
    rows.write("money", money - order.price)
    rows.write("till", rows.read("till") + order.price)


def refund(rows: Transaction, order: Order) -> None:
    rows.write("money", rows.read("money") + order.price)
    rows.write("till", rows.read("till") - order.price)


Change = Callable[[Transaction, Order], None]
CHANGES: dict[str, tuple[str, Change]] = {  # whose data it changes
    "create": ("orders", create), "cancel": ("orders", cancel), "confirm": ("orders", confirm),
    "reserve": ("stock", reserve), "release": ("stock", release),
    "charge": ("payment", charge), "refund": ("payment", refund),
}  # fmt: skip
UNDO = {"create": "cancel", "reserve": "release", "charge": "refund"}
STEPS = ("create", "reserve", "charge", "confirm")


class Shop:
    """The stores of the three services; with ``one`` all three are the same database."""

    def __init__(self, units: int = UNITS, money: int = MONEY, *, one: bool = False) -> None:
        self.units, self.money = units, money
        orders = Store("shop" if one else "orders")
        stock, payment = (orders, orders) if one else (Store("stock"), Store("payment"))
        stock.rows |= {"left": units}
        payment.rows |= {"money": money, "till": 0}
        self.stores = dict(zip(SERVICES, (orders, stock, payment), strict=True))

    def seen(self, order: Order) -> dict[str, object]:
        """What anybody can read at this moment."""
        orders, stock, payment = (self.stores[name] for name in SERVICES)
        return {
            "order": orders.read(order.row, "none"),
            "left": stock.read("left"),
            "money": payment.read("money"),
            "till": payment.read("till"),
        }

    def crash(self) -> None:
        """Every database is started again."""
        for store in self.stores.values():
            store.crash()

    def wrong(self, orders: Iterable[Order]) -> list[str]:
        """Where it does not add up; nothing when each order is wholly done or wholly undone."""
        state = {order: self.stores["orders"].read(order.row) for order in orders}
        placed = [order for order, word in state.items() if word == "placed"]
        sold = self.units - self.stores["stock"].read("left")
        paid, money = (self.stores["payment"].read(key) for key in ("till", "money"))
        due, units = sum(o.price for o in placed), sum(o.units for o in placed)
        found = {
            "still pending": "pending" in state.values(),
            "stock lost": sold > units,
            "sold without stock": sold < units,
            "charged for nothing": paid > due,
            "not charged": paid < due,
            "money vanished": money + paid != self.money,
        }
        return [word for word, is_so in found.items() if is_so]
