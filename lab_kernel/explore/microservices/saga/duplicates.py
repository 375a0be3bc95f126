"""A charge that is asked for twice, with and without a key."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.microservices.saga import wording
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.idempotency import APART, NONE, TOGETHER
from lab_kernel.microservices.saga.saga import saga
from lab_kernel.microservices.saga.shop import Order, Shop
from lab_kernel.microservices.saga.wire import ARRIVES, LATE, LOST, TWICE, UNANSWERED
from lab_kernel.microservices.saga.world import World
from lab_kernel.trace import Event

ORDER = Order(1)
KEYS = {
    NONE: N_("no key"),
    APART: N_("a key, written after the charge"),
    TOGETHER: N_("a key, in the same transaction"),
}
FATES = {
    ARRIVES: N_("it arrives"),
    LOST: N_("it is lost"),
    UNANSWERED: N_("its answer is lost"),
    TWICE: N_("it arrives twice"),
    LATE: N_("it arrives, and once more later"),
}
CRASHES = {
    "": N_("it stays alive"),
    "charge": N_("before the commit"),
    "write the key": N_("before the key is written"),
    "answer": N_("before the answer"),
}


def charge(keys: str, fate: str, crash: str) -> tuple[World, int]:
    """The whole saga; payment dies once before the step of this name, if it has one."""
    fates = [ARRIVES, ARRIVES, fate]
    world = World()
    saga(world, Shop(), ORDER, fates=fates, keys=keys)
    steps = [event for event in world.trace if event.track == "payment" and event.name == crash]
    shop = Shop()
    if steps:
        world = World([steps[0].time])
        saga(world, shop, ORDER, fates=fates, keys=keys)
    else:
        saga(world := World(), shop, ORDER, fates=fates, keys=keys)
    return world, int(str(shop.seen(ORDER)["till"])) // ORDER.price


@explorable(
    "microservices/saga/duplicates",
    title=N_("No answer"),
    predict=N_(
        "The orchestrator asks payment to charge the customer, hears nothing, and asks again. How"
        " often is the customer charged?"
    ),
    controls=(
        Choice(name="keys", label=N_("Payment remembers"), default=NONE,
               options=tuple(KEYS.items())),
        Choice(name="fate", label=N_("What becomes of the message"), default=UNANSWERED,
               options=tuple(FATES.items())),
        Choice(name="crash", label=N_("Payment dies"), default="never",
               options=tuple((name or "never", said) for name, said in CRASHES.items())),
    ),
)  # fmt: skip
def duplicates(keys: str, fate: str, crash: str) -> View:
    """What is about the charge, from all that the saga does."""
    world, times = charge(keys, fate, "" if crash == "never" else crash)
    steps = [
        fig.Step(int(event.track == "payment"), wording.does(event.name), _kind(event))
        for event in world.trace
        if event.track == "payment" or event.name in ("send charge", "log charge done")
    ]
    says = _("The customer is charged {times}.").format(
        times=counted(times, N_("{n} time"), N_("{n} times"))
    )
    picture = fig.lanes(
        [_(wording.WHO["orchestrator"]), _(wording.WHO["payment"])],
        steps,
        title=_("One charge, between two programs"),
        description=says,
        states=[_(kind) for kind in wording.KINDS],
    )
    return View((picture,), says, {"charged": times})


def _kind(event: Event) -> str:
    return wording.shown_kind(event, ("charge", "write the key"))
