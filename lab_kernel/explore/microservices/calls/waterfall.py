"""One request, call by call, and its critical path."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from lab_kernel.explore import Toggle, View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.microservices.shop import ENTRY, shop
from lab_kernel.microservices.system import System
from lab_kernel.microservices.tracing.critical import NETWORK, WAITING, critical_path, spent
from lab_kernel.microservices.tracing.rows import picture
from lab_kernel.microservices.tracing.tree import Node, trees

SOON = 2  # seconds in which even the slowest is answered


@cache
def run(together: bool, payments: int, stock: int, ahead: int) -> Node:
    """The last of several requests that come at the same moment; payments does one at a time."""
    services = [
        replace(each, workers=1) if each.name == "payments" else each
        for each in shop(together=together, payments=payments, stock=stock)
    ]
    system = System(services, nodes=1)
    for _request in range(ahead + 1):
        asked = system.ask(ENTRY)
    system.run(system.now + SOON)
    return next(tree for tree in trees(system.trace) if tree.trace == asked.trace)


@explorable(
    "microservices/calls/waterfall",
    title=N_("Where a request spends its time"),
    predict=N_(
        "stock works for 25 ms and payments for 20. Which of the two has to get quicker so that the"
        " customer notices? Move one, then the other."
    ),
    controls=(
        Whole(name="stock", label=N_("stock works, ms"), low=1, high=120, default=25),
        Whole(name="payments", label=N_("payments works, ms"), low=1, high=120, default=20),
        Toggle(
            name="together",
            label=N_("stock, payments and advice are asked side by side"),
            default="on",
        ),
        Whole(
            name="ahead", label=N_("Requests that came a moment before"), low=0, high=6, default=0
        ),
    ),
)
def waterfall(stock: int, payments: int, together: bool, ahead: int) -> View:
    """A checkout of the shop with the spans that its services wrote down."""
    root = run(together, payments, stock, ahead)
    shares = spent(critical_path(root))
    says = _("The answer takes {ms} ms. On the critical path: {shares}.").format(
        ms=f"{root.duration:g}",
        shares=", ".join(_share(service, what, ms) for (service, what), ms in shares.items()),
    )
    drawn = picture(root, _("A checkout, call by call"), says)
    numbers = {"latency": root.duration, "network": shares.get(("", NETWORK), 0)}
    for (service, _what), ms in shares.items():
        if service:
            numbers[service] = numbers.get(service, 0) + ms
    return View((drawn,), says, numbers)


def _share(service: str, what: str, ms: float) -> str:
    if what == NETWORK:
        return _("the network {ms} ms").format(ms=f"{ms:g}")
    if what == WAITING:
        return _("the queue of {service} {ms} ms").format(service=service, ms=f"{ms:g}")
    return _("{service} {ms} ms").format(service=service, ms=f"{ms:g}")
