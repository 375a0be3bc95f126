"""Which services answer with errors when one fails."""

from __future__ import annotations

import random
from dataclasses import replace

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.microservices.calls import drawing
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.bench import status
from lab_kernel.microservices.calls import OK
from lab_kernel.microservices.service import Service


@exercise("microservices/calls/reach", title=N_("How far does it reach?"))
def reach(rng: random.Random) -> Problem:
    """Each of the others is asked once while the one fails all its requests."""
    declared = drawing.services(rng, optional=True)
    failing = rng.choice(declared[1:]).name
    broken = [replace(s, fails=1.0) if s.name == failing else s for s in declared]
    others = [each.name for each in declared if each.name != failing]
    hit = [name for name in others if status(broken, name) != OK]
    answer = " ".join(hit) or drawing.NONE
    asking = [each.name for each in declared if failing in [c.service for c in each.asks()]]
    return Problem(
        prompt=_(
            "{told}\nAn answer needs all calls but the optional ones, and nobody tries again."
            " {failing} fails all its requests. Which of the others answer with errors when they"
            " are asked?"
        ).format(told=drawing.told(declared), failing=failing),
        expects=_("Names of services, such as front stock, or none."),
        answer=answer,
        read=drawing.names(none=True),
        explain=recognise(
            _mistakes(declared, failing, asking, others),
            _("Go upwards from the one that fails: who asks it, and can that one do without?"),
        ),
        hints=(
            _("Failures go from the service that is asked to the one that asks, not back."),
            _("Asking {failing}: {names}.").format(failing=failing, names=", ".join(asking)),
            _("{n} of the others are hit.").format(n=len(hit)),
        ),
        solution=_("Hit: {names}.").format(names=", ".join(hit) or _("none")),
    )


def _mistakes(
    declared: list[Service], failing: str, asking: list[str], others: list[str]
) -> list[tuple[str, str]]:
    below = [call.service for each in declared if each.name == failing for call in each.asks()]
    return [
        (" ".join(others), _("Services that do not ask it, directly or through others, answer.")),
        (
            " ".join(name for name in others if name in below) or drawing.NONE,
            _("Those are the ones that it asks. They do not need it."),
        ),
        (
            " ".join(name for name in drawing.NAMES if name in {*asking, "front"}),
            _("Where a call is optional the failure ends."),
        ),
        (" ".join(asking), _("Who asks one that answers with errors answers with errors, too.")),
        (drawing.NONE, _("Nobody tries again and only optional calls may fail.")),
    ]
