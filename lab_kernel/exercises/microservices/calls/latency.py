"""How long a request takes through a handful of services."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.microservices.calls import drawing
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.bench import request
from lab_kernel.microservices.tracing.critical import NETWORK, critical_path, spent


@exercise("microservices/calls/latency", title=N_("How long does the customer wait?"))
def latency(rng: random.Random) -> Problem:
    """Asked of the simulated cluster with one request."""
    declared = drawing.services(rng)
    root = request(declared)
    answer = round(root.duration)
    shares = spent(critical_path(root))
    network = round(shares["", NETWORK])
    total = sum(round(each.work) for each in declared if not callable(each.work))
    calls = len(declared)
    parts = " + ".join(
        f"{round(ms)} ({service})" for (service, what), ms in shares.items() if what != NETWORK
    )
    return Problem(
        prompt=_(
            "Five services with idle workers; the network takes 1 ms in each direction.\n{told}\nA"
            " client outside asks front. After how many ms does it have the answer?"
        ).format(told=drawing.told(declared)),
        expects=_("A number of milliseconds, such as 84."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (answer - network, _("The network is missing: there and back for each call.")),
                (
                    answer - network // 2,
                    _("The answers take their time on the network, too, not only the questions."),
                ),
                (answer - 2, _("The client outside asks over the network like everybody.")),
                (
                    total + 2 * calls,
                    _("What is asked side by side is not added up: only the slower of the two."),
                ),
                (total, _("That is the work of all, one after another, and without a network.")),
            ],
            _("Go from the inside to the outside: how long is the innermost call for its caller?"),
        ),
        hints=(
            _("A call takes 2 ms for the network, the work, and what is asked in turn."),
            _("Of two that are asked side by side only the slower one counts."),
            _("{network} ms of it are the network.").format(network=network),
        ),
        solution=_("{parts} + {network} for the network = {answer} ms.").format(
            parts=parts, network=network, answer=answer
        ),
    )
