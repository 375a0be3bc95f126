"""A row and an event, and a crash between them."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.microservices.saga import wording
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.outbox import EVENT_FIRST, OUTBOX, ROW_FIRST, place
from lab_kernel.microservices.saga.shop import Order
from lab_kernel.microservices.saga.store import Store
from lab_kernel.microservices.saga.world import World

ORDER = Order(1)
HOW = {
    ROW_FIRST: N_("the row, then the event"),
    EVENT_FIRST: N_("the event, then the row"),
    OUTBOX: N_("both in one transaction, and a relay"),
}
DURABLE = ("commit the order", "commit order and event", "mark it sent")


def written(how: str, crashes: list[int]) -> tuple[World, bool, int]:
    """The steps, whether the order is there, and how often its event was sent."""
    world, store, broker = World(crashes), Store("orders"), list[str]()
    place(world, store, broker, ORDER, how)
    return world, store.read(ORDER.row) is not None, len(broker)


@explorable(
    "microservices/saga/outbox",
    title=N_("A row here, an event there"),
    predict=N_(
        "The order is in the database, and the event goes to the broker. Which one should be"
        " written first, if the program may die in between?"
    ),
    controls=(
        Choice(name="how", label=N_("What is written"), default=ROW_FIRST,
               options=tuple(HOW.items())),
        Whole(name="step", label=N_("Crash before step (0: none)"), low=0, high=4, default=2),
    ),
)  # fmt: skip
def outbox(how: str, step: int) -> View:
    """All of it is short enough to be read box by box."""
    world, there, sent = written(how, [step])
    row = _("The order is in the database") if there else _("The order is not in the database")
    says = _("{row}; its event was sent {times}.").format(
        row=row, times=counted(sent, N_("{n} time"), N_("{n} times"))
    )
    if there and not sent:
        says += " " + _("Nobody will ever hear of it.")
    elif sent and not there:
        says += " " + _("The others act on an order that does not exist.")
    elif sent > 1:
        says += " " + _("Who receives it tells the second by its key.")
    picture = fig.lanes(
        [_(wording.WHO["orders"]), _(wording.WHO["relay"])],
        [
            fig.Step(
                int(event.track == "relay"),
                wording.does(event.name),
                wording.shown_kind(event, DURABLE),
            )
            for event in world.trace
        ],
        title=_("Written, sent, marked"),
        description=says,
        states=[_(kind) for kind in wording.KINDS],
    )
    return View((picture,), says, {"order": int(there), "events": sent})
