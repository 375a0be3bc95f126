"""How many more pods does a spread allow?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.objects.nodes import ZONE
from lab_kernel.cloud_native.placement import Scheduler, node, pod, spread_by
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

APP = {"app": "web"}
NAMES = ("z1", "z2", "z3")


def more(there: tuple[int, ...], room: tuple[int, ...], skew: int) -> int:
    """How many pods are placed before one is Pending."""
    scheduler = Scheduler(
        node(name, 64, "64Gi", held + left, name)
        for name, held, left in zip(NAMES, there, room, strict=True)
    )
    for name, held in zip(NAMES, there, strict=True):
        for number in range(held):
            scheduler.bind(pod(f"{name}-{number}", labels=APP), name)
    spread = (spread_by(ZONE, APP, skew),)
    placed = 0
    while scheduler.place(pod(f"new-{placed}", labels=APP, topology_spread_constraints=spread)):
        placed += 1
    return placed


@exercise("cloud-native/placement/skew", title=N_("How far does a spread go?"))
def skew(rng: random.Random) -> Problem:
    """The zone that is full holds the others back."""
    while True:
        low, limit = rng.randrange(3), rng.choice((1, 1, 2, 3))
        there = tuple(low + rng.randrange(limit + 1) for _name in NAMES)
        full = rng.randrange(3)
        room = tuple(rng.randrange(2) if n == full else rng.randrange(5, 9) for n in range(3))
        answer = more(there, room, limit)
        if 0 < answer < sum(room):
            break
    end = there[full] + room[full]
    lines = "; ".join(
        _("{zone} holds {there} and has room for {room} more").format(
            zone=name, there=held, room=left
        )
        for name, held, left in zip(NAMES, there, room, strict=True)
    )
    mistakes: list[Mistake] = [
        (sum(room), _("That is all the room there is. The constraint ends it sooner.")),
        (answer - room[full], _("The zone with little room takes some, too.")),
        (
            sum(
                max(0, min(end, held + left) - held) for held, left in zip(there, room, strict=True)
            ),
            _("The other zones may hold {skew} more than the emptiest.").format(skew=limit),
        ),
    ]
    return Problem(
        prompt=_(
            "Pods of one app are spread over zones with maxSkew {skew} and DoNotSchedule. {zones}."
            " How many more pods of the app are placed before one is Pending?"
        ).format(skew=limit, zones=lines),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("How many will the fullest zone hold at most, when the emptiest is full?")
        ),
        hints=(
            _("The emptiest zone sets the measure: the others may hold maxSkew more."),
            _("Zone {zone} ends at {end} pods.").format(zone=NAMES[full], end=end),
            _("So no zone gets beyond {most}.").format(most=end + limit),
        ),
        solution=_(
            "Zone {zone} ends at {end}, so the others stop at {most} or when they are full:"
            " {answer} more in all."
        ).format(zone=NAMES[full], end=end, most=end + limit, answer=answer),
    )
