"""A small shop of seven services, which chapters take apart.

A checkout asks for the cart, which asks for prices, then for stock and payments, which has each
payment checked for fraud, and for advice on what else to buy.
"""

from __future__ import annotations

from lab_kernel.microservices.calls import Call
from lab_kernel.microservices.service import Service, Stage

ENTRY = "shop"
NAMES = ("shop", "cart", "prices", "stock", "payments", "fraud", "advice")


def shop(
    *,
    together: bool = True,
    optional: bool = True,
    timeout: int | None = 60,
    workers: int = 8,
    fails: float = 0.0,
    **work: int,
) -> list[Service]:
    """``together``: stock, payments and advice are asked side by side. ``optional``: without
    advice there is an answer all the same; ``timeout`` is how long it may take. ``fails`` is each
    service's share of failures, and ``work`` a service's own ms in place of those below."""
    times = {**_WORK, **work}
    advice = Call("advice", timeout=timeout, optional=optional)
    asked = ("stock", "payments", advice)
    calls: dict[str, tuple[Stage, ...]] = {
        "shop": ("cart", asked, 3) if together else ("cart", *asked, 3),
        "cart": ("prices",),
        "payments": ("fraud",),
    }
    return [
        Service(name, times[name], workers=workers, calls=calls.get(name, ()), fails=fails)
        for name in NAMES
    ]


_WORK = {"shop": 5, "cart": 10, "prices": 4, "stock": 25, "payments": 20, "fraud": 15, "advice": 30}
