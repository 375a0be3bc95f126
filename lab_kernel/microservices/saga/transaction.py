"""The order in one database: in one transaction, or with each statement for itself."""

from __future__ import annotations

from lab_kernel.microservices.saga.shop import CHANGES, STEPS, Order, Refused, Shop
from lab_kernel.microservices.saga.world import World

WHO = "shop"


def together(world: World, shop: Shop, order: Order) -> bool:
    """All or nothing; False when it was refused. ``shop`` has one database."""
    rows = shop.stores["orders"].begin(order.row)
    try:
        for name in STEPS:
            world.step(WHO, name)
            CHANGES[name][1](rows, order)
    except Refused:
        world.step(WHO, "roll back")
        rows.abort()
        return False
    world.step(WHO, "commit")
    rows.commit()
    return True


def apart(world: World, shop: Shop, order: Order) -> bool:
    """Each change is committed at once, and what came before stays when one is refused."""
    for name in STEPS:
        world.step(WHO, name)
        rows = shop.stores["orders"].begin(order.row)
        try:
            CHANGES[name][1](rows, order)
        except Refused:
            rows.abort()
            return False
        rows.commit()
    return True
