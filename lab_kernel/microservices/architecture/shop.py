"""A shop as a program: five modules with an interface each, and nothing about where they run.

A module keeps its own data and asks others by ``self.ask(module, operation, ...)``. Whether that
is a function call or a message over a network its code cannot see; ``wiring`` decides.
``acceptance`` is the acceptance test that every way of wiring must pass.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

Ask = Callable[..., Any]


class Refused(Exception):
    """The shop says no: for a reason of the business, not of the machine."""


class Module:
    """``data`` is plain (dicts, lists, numbers, strings), so that it can be stored and sent."""

    name: ClassVar[str]
    first: ClassVar[dict[str, Any]] = {}

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.data: dict[str, Any] = {key: dict(value) for key, value in self.first.items()}


class Catalog(Module):
    name = "catalog"
    first: ClassVar[dict[str, Any]] = {"prices": {"tea": 700, "pot": 2400}}

    def price(self, item: str) -> int:
        if item not in self.data["prices"]:
            raise Refused(f"no {item}")
        return int(self.data["prices"][item])


class Stock(Module):
    name = "stock"
    first: ClassVar[dict[str, Any]] = {"left": {"tea": 10, "pot": 1}}

    def left(self, item: str) -> int:
        return int(self.data["left"].get(item, 0))

    def take(self, item: str, count: int) -> int:
        if self.left(item) < count:
            raise Refused(f"too few of {item}")
        self.data["left"][item] -= count
        return self.left(item)

    def put_back(self, item: str, count: int) -> int:
        self.data["left"][item] += count
        return self.left(item)


class Payment(Module):
    name = "payment"
    first: ClassVar[dict[str, Any]] = {"accounts": {"ann": 5000, "bob": 500}}

    def charge(self, who: str, amount: int) -> int:
        if self.data["accounts"].get(who, 0) < amount:
            raise Refused(f"{who} cannot pay")
        self.data["accounts"][who] -= amount
        return int(self.data["accounts"][who])

    def balance(self, who: str) -> int:
        return int(self.data["accounts"].get(who, 0))


class Mail(Module):
    name = "mail"
    first: ClassVar[dict[str, Any]] = {"sent": {}}

    def send(self, who: str, text: str) -> int:
        self.data["sent"].setdefault(who, []).append(text)
        return len(self.data["sent"][who])


class Orders(Module):
    name = "orders"
    first: ClassVar[dict[str, Any]] = {"orders": {}}

    def place(self, who: str, item: str, count: int) -> int:
        """The order's number. Several modules change; what if the third of them fails?"""
        amount = self.ask("catalog", "price", item=item) * count
        self.ask("stock", "take", item=item, count=count)
        self.ask("payment", "charge", who=who, amount=amount)
        number = len(self.data["orders"]) + 1
        self.data["orders"][str(number)] = [who, item, count, amount]
        self.ask("mail", "send", who=who, text=f"order {number}: {count} {item}")
        return number

    def of(self, who: str) -> list[list[Any]]:
        return [order for order in self.data["orders"].values() if order[0] == who]


MODULES: tuple[type[Module], ...] = (Catalog, Stock, Payment, Mail, Orders)


def acceptance(ask: Ask) -> list[str]:
    """Buy something, and look; what is not as it should be, in words."""
    wrong = []

    def expect(what: str, found: Any, wanted: Any) -> None:
        if found != wanted:
            wrong.append(f"{what}: {found}, not {wanted}")

    expect("price", ask("catalog", "price", item="tea"), 700)
    expect("number", ask("orders", "place", who="ann", item="tea", count=3), 1)
    expect("stock", ask("stock", "left", item="tea"), 7)
    expect("balance", ask("payment", "balance", who="ann"), 2900)
    expect("orders", ask("orders", "of", who="ann"), [["ann", "tea", 3, 2100]])
    for who, item, count, why in (
        ("ann", "cup", 1, "no cup"), ("ann", "pot", 2, "too few of pot"),
    ):  # fmt: skip
        try:
            ask("orders", "place", who=who, item=item, count=count)
        except Refused as refused:
            expect("refusal", str(refused), why)
        else:
            wrong.append(f"{item}: not refused")
    return wrong
