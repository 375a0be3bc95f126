"""One order by four methods, and a crash before any of its steps."""

from __future__ import annotations

from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.explore.microservices.saga import wording
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.between import Seen, run, shop_for
from lab_kernel.microservices.saga.shop import STEPS, Order, Shop
from lab_kernel.microservices.saga.transaction import apart
from lab_kernel.microservices.saga.world import Crashed, World

METHODS = {
    "apart": N_("one database, each statement for itself"),
    "transaction": N_("one database, one transaction"),
    "two-phase": N_("three databases, two-phase commit"),
    "saga": N_("three databases, saga"),
}
# What is there after a crash, besides the log and the saga's commits.
DURABLE = {
    "apart": STEPS,
    "transaction": ("commit",),
    "two-phase": ("prepare", "commit", "abort"),
    "saga": (),
}
ORDER = Order(1)
MOST = 28


class Result(NamedTuple):
    """``then`` is what was committed when it died, ``held`` how many rows were locked for good."""

    world: World
    shop: Shop
    then: Seen | None
    then_wrong: list[str]
    held: int


def order(method: str, money: int, step: int) -> Result:
    """Run it; what is there just before the step, and in the end."""
    shop = shop_for("transaction" if method == "apart" else method, 10, money)
    then: list[tuple[Seen, list[str], int]] = []

    def look() -> None:
        prepared = {id(t) for store in shop.stores.values() for t in store.prepared.values()}
        locks = [t for store in shop.stores.values() for t in store.locks.values()]
        held = sum(id(t) in prepared for t in locks)
        then.append((shop.seen(ORDER), shop.wrong([ORDER]), held))

    world = World([step], at={step: look})
    try:
        if method == "apart":
            apart(world, shop, ORDER)
        else:
            run(method, world, shop, ORDER)
    except Crashed:
        shop.crash()
    seen, found, held = then[0] if then else (None, [], 0)
    return Result(world, shop, seen, found, held)


@explorable(
    "microservices/saga/crash",
    title=N_("A crash before any step"),
    predict=N_(
        "One order takes a unit from stock, charges the customer and is confirmed. The program"
        " dies half-way. What is in the databases then, and what after everything has started"
        " again?"
    ),
    controls=(
        Choice(
            name="method",
            label=N_("The order is made in"),
            default="apart",
            options=tuple(METHODS.items()),
        ),
        Whole(name="step", label=N_("Crash before step (0: none)"), low=0, high=MOST, default=4),
        Toggle(name="declined", label=N_("The customer has too little money"), default="off"),
    ),
)
def crash(method: str, step: int, declined: bool) -> View:
    """Steps are bars; what is written down before the cross is there after it."""
    done = order(method, 20 if declined else 100, step)
    end, wrong = done.shop.seen(ORDER), done.shop.wrong([ORDER])
    died = next((event for event in done.world.trace if event.kind == "crash"), None)
    if died is None:
        says = _("No crash: {end}.").format(end=wording.wrong(wrong))
    else:
        says = _("Crash before “{step}”. At that moment: {then}. In the end: {end}.").format(
            step=wording.step(died.track, died.name),
            then=wording.wrong(done.then_wrong),
            end=wording.wrong(wrong),
        )
    if done.held:
        says += " " + _(
            "Until the decision is known, rows that nobody else may touch: {n}."
        ).format(n=done.held)
    picture = fig.timeline(
        wording.rows(done.world, DURABLE[method]),
        title=_("Who does what, step by step"),
        description=says,
        x_label=_("step"),
        kinds=[_(kind) for kind in wording.KINDS],
    )
    rows = [(_("in the end"), end, wrong)]
    if done.then is not None:
        rows.insert(0, (_("at the crash"), done.then, done.then_wrong))
    table = fig.table(
        [_(head) for head in wording.HEADS],
        [
            fig.Row(head, [fig.Cell(word, _("half an order") if found else _("adds up"))
                           for word in wording.figures(seen)])
            for head, seen, found in rows
        ],
        title=_("What anybody can read"),
        description=says,
        states=(_("adds up"), _("half an order")),
        quiet=_("adds up"),
    )  # fmt: skip
    numbers = {"steps": done.world.steps, "wrong": len(wrong), "locked": done.held}
    return View((picture, table), says, numbers)
