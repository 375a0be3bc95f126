"""A queue that is full turns away: fewer wait, and not as long."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.microservices.queueing.formulas import mmck
from lab_kernel.microservices.queueing.queue import simulate
from lab_kernel.microservices.queueing.times import Exponential

WORK = 0.010
ROOMS = (0, 1, 2, 4, 8, 16, 32, 64)


@explorable(
    "microservices/queueing/room",
    title=N_("A full queue turns away"),
    predict=N_(
        "150 requests a second come, and the server can do 100. With room for 64 in the queue, how"
        " many are turned away? With room for 4? And how long do the others wait?"
    ),
    controls=(
        Whole(name="load", label=N_("What comes, percent of what can be served"), low=50, high=200,
              default=150),
        Whole(name="room", label=N_("Places in the queue"), low=0, high=64, default=8),
    ),
)  # fmt: skip
def room(load: int, room: int) -> View:
    """Wait and losses by the places in the queue; the chosen one simulated, too."""
    rate = load / 100 / WORK
    exact = {places: mmck(rate, WORK, 1, 1 + places) for places in ROOMS}
    chosen = mmck(rate, WORK, 1, 1 + room)
    found = simulate(rate, Exponential(WORK), room=1 + room, customers=20_000)
    waits = sum(found.waits) / len(found.waits)
    told = "; ".join(
        _("{places} places: {lost} turned away, the others wait {wait} ms").format(
            places=places, lost=f"{each.lost:.0%}", wait=f"{1000 * each.wait:,.0f}"
        )
        for places, each in exact.items()
    )
    chart = fig.line_chart(
        [
            fig.Series(
                _("mean wait"), [(places, 1000 * each.wait) for places, each in exact.items()]
            )
        ],
        title=_("Mean wait of those who are served"),
        description=f"{told}.",
        x_label=_("places in the queue"),
        y_label=_("ms"),
    )
    losses = fig.line_chart(
        [
            fig.Series(
                _("turned away"), [(places, 100 * each.lost) for places, each in exact.items()]
            )
        ],
        title=_("Turned away, percent"),
        description=f"{told}.",
        x_label=_("places in the queue"),
        y_label=_("percent"),
    )
    says = _(
        "With {room} places {lost} are turned away and the others wait {wait} ms by the formula;"
        " simulated: {found_lost} and {found_wait} ms."
    ).format(
        room=room,
        lost=f"{chosen.lost:.1%}",
        wait=f"{1000 * chosen.wait:,.1f}",
        found_lost=f"{found.lost:.1%}",
        found_wait=f"{1000 * waits:,.1f}",
    )
    numbers = {"lost": round(found.lost, 4), "wait": round(1000 * waits, 2)}
    return View((chart, losses), says, numbers)
