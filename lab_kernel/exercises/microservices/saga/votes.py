"""What a participant of two-phase commit may do when the coordinator is gone."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.shop import SERVICES, Order, Shop
from lab_kernel.microservices.saga.two_phase import WHO, Coordinator
from lab_kernel.microservices.saga.world import Crashed, World

COMMIT, ABORT, WAIT = "commit", "abort", "wait"
ORDER = Order(1)
LAST = {
    "ask": N_("it has asked {who} to prepare, and heard nothing yet"),
    "vote yes": N_("{who} has voted yes"),
    "log commit": N_("it has written “commit” into its log"),
    "tell": N_("it has told {who} the decision, and {who} has carried it out"),
}


def runs(crashes: list[int]) -> tuple[World, Shop, Coordinator]:
    world, shop = World(crashes), Shop()
    coordinator = Coordinator(world, shop)
    try:
        coordinator.run(ORDER)
    except Crashed:
        shop.crash()
    return world, shop, coordinator


def moments() -> list[tuple[int, str, str]]:
    """(the coordinator's step before which it dies, what was last, with whom)."""
    world, _shop, _coordinator = runs([])
    found, last = [], ("", "")
    for event in world.trace:
        if event.track == WHO and last[0]:
            found.append((event.time, *last))
        if event.name == "vote yes":
            last = "vote yes", event.track
        elif event.name == "log commit":
            last = "log commit", ""
        elif event.name == "commit":
            last = "tell", event.track
    return found


@exercise("microservices/saga/votes", title=N_("The coordinator is gone"))
def votes(rng: random.Random) -> Problem:
    """Asked of the participant's database: does it hold a prepared transaction?"""
    step, what, who = rng.choice(moments())
    name, back = rng.choice(SERVICES), rng.random() < 0.4
    price = rng.randrange(10, 100)
    _world, shop, coordinator = runs([step])
    if back:
        coordinator.recover()
    prepared = ORDER.row in shop.stores[name].prepared
    changed = shop.stores[name].rows != Shop().stores[name].rows
    answer = WAIT if prepared else COMMIT if changed else ABORT
    logged = coordinator.log.read(ORDER.row) is not None
    return Problem(
        prompt=_(
            "An order of {price} is made by two-phase commit in three databases: {services} are"
            " asked to prepare in this order, and told the decision in this order.\nThe coordinator"
            " dies when {last}. {back}\nWhat does {name} do with its part: commit, abort, or wait?"
        ).format(
            price=price,
            services=", ".join(SERVICES),
            last=_(LAST[what]).format(who=who),
            back=_("It has been started again and has read its log.")
            if back
            else _("It has not been started again."),
            name=name,
        ),
        expects=_("One word: commit, abort or wait."),
        answer=answer,
        read=one_of(COMMIT, ABORT, WAIT),
        explain=recognise(
            [
                (
                    WAIT,
                    _("With the coordinator back, the log decides, and nobody waits.")
                    if back
                    else _("Who has not voted, or knows the decision, has nothing to wait for."),
                ),
                (
                    COMMIT,
                    _("There may be no decision, or another one: {name} cannot know.").format(
                        name=name
                    ),
                ),
                (
                    ABORT,
                    _("The decision may be, or is, to commit: {name} would be the only one.")
                    .format(name=name),
                ),
            ],
            "",
        ),
        hints=(
            _("Has it voted yes? Has it heard the decision?"),
            _("Who has voted yes has promised to be able to do both, and may decide neither."),
            _("In the log there is “commit”.")
            if logged
            else _("In the log there is nothing, which means abort."),
        ),
        solution={
            WAIT: _("wait: it has voted yes, holds its locks and has heard nothing."),
            COMMIT: _("commit: that is the decision in the log, and it has heard it."),
            ABORT: _("abort: it has not voted, or nothing was decided."),
        }[answer],
    )  # fmt: skip
