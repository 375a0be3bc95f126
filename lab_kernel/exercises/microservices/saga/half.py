"""What is left in stock and till when orders are cut off."""

from __future__ import annotations

import random
from collections.abc import Sequence

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.shop import STEPS, Order, Shop
from lab_kernel.microservices.saga.transaction import apart, together
from lab_kernel.microservices.saga.world import Crashed, World

BEFORE = {
    0: N_("gets through"),
    2: N_("dies before it takes from stock"),
    3: N_("dies before it charges"),
    4: N_("dies before it confirms"),
}


def after(orders: Sequence[tuple[Order, int]], units: int, one: bool) -> Shop:
    """One order after another; the number says before which of ``STEPS`` it dies."""
    shop = Shop(units, 10_000, one=True)
    for order, step in orders:
        try:
            (together if one else apart)(World([step]), shop, order)
        except Crashed:
            shop.crash()
    return shop


@exercise("microservices/saga/half", title=N_("Half an order"))
def half(rng: random.Random) -> Problem:
    """At least one of three orders dies half-way."""
    units, one, asked = rng.randrange(20, 60), rng.random() < 0.4, rng.choice(("left", "till"))
    steps = [rng.choice((3, 4)), rng.choice((0, 2, 3, 4)), rng.choice((0, 4))]
    rng.shuffle(steps)
    orders = [
        (Order(n, rng.randrange(1, 6), rng.randrange(10, 90)), step)
        for n, step in enumerate(steps, 1)
    ]

    def result(one: bool, orders: Sequence[tuple[Order, int]]) -> int:
        seen = after(orders, units, one).stores["orders"]
        return int(seen.read(asked))

    answer = result(one, orders)
    begin = units if asked == "left" else 0
    return Problem(
        prompt=_(
            "A shop with {units} units in stock and an empty till keeps everything in one"
            " database. An order is created, takes from stock, charges, and is confirmed.\n{orders}"
            "\n{how}\n{asked}"
        ).format(
            units=units,
            orders="\n".join(
                _("Order {n}, of {units} units for {price} in all, {what}.").format(
                    n=order.number, units=order.units, price=order.price, what=_(BEFORE[step])
                )
                for order, step in orders
            ),
            how=_("Each order is one transaction.")
            if one
            else _("Each of the four statements is committed for itself."),
            asked=_("How many units are in stock in the end?")
            if asked == "left"
            else _("How much is in the till in the end?"),
        ),
        expects=_("A whole number, such as 24."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    result(not one, orders),
                    _("Within a transaction all that came before the crash is undone.")
                    if one
                    else _("What is committed for itself stays, whatever comes after it."),
                ),
                (
                    result(False, [(order, 0) for order, _step in orders]),
                    _("Not every order got as far as that."),
                ),
                (begin, _("That is what there was in the beginning.")),
            ],
            _("Go through the orders one by one: which of their changes are there in the end?"),
        ),
        hints=(
            _("The question is which changes were committed, not which orders succeeded.")
            if not one
            else _("An order that did not get to its commit has changed nothing."),
            _("Steps: {steps}. A crash before one of them leaves those before it.").format(
                steps=", ".join(STEPS)
            )
            if not one
            else _("Only orders that got through count."),
            _("Orders that count here: {numbers}.").format(
                numbers=", ".join(
                    str(order.number)
                    for order, step in orders
                    if step == 0 or (not one and step > (2 if asked == "left" else 3))
                )
                or _("none of them")
            ),
        ),
        solution=_("It is {answer}, {way}.").format(
            answer=answer,
            way=_("as if the others had never begun")
            if one
            else _("with the halves of orders that nobody took back"),
        ),
    )
