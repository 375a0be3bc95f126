"""Which services are on the critical path."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.microservices.calls import drawing
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.bench import request
from lab_kernel.microservices.tracing.critical import critical_path, spent
from lab_kernel.microservices.tracing.rows import picture


@exercise("microservices/calls/critical", title=N_("Who keeps the customer waiting?"))
def critical(rng: random.Random) -> Problem:
    """Read off the spans of one request; always one service at least is not on the path."""
    while True:
        declared = drawing.services(rng)
        root = request(declared)
        shares = spent(critical_path(root))
        on_path = [each.name for each in declared if (each.name, "work") in shares]
        if len(on_path) < len(declared) and drawing.clear(root):
            break
    beside = [each.name for each in declared if each.name not in on_path]
    answer = " ".join(on_path)
    return Problem(
        prompt=_(
            "One request to front. No worker is busy, and the network takes 1 ms in each"
            " direction.\n{told}\nWhich services have to get quicker so that the request does? Name"
            " all on the critical path."
        ).format(told=drawing.told(declared)),
        expects=_("Names of services, such as front stock."),
        answer=answer,
        read=drawing.names(),
        explain=recognise(
            [
                (" ".join(drawing.NAMES), _("Some work beside others that take longer anyway.")),
                (
                    " ".join(name for name in on_path if name != "front"),
                    _("front itself works, too, and everything waits for it."),
                ),
            ],
            _("Begin at the end of the request and go back: for what did it wait last?"),
        ),
        hints=(
            _("Begin at the end, and always go back to the call that ended last."),
            _("Of two calls side by side only the one that ends later is on the path."),
            _("Not on it: {names}.").format(names=", ".join(beside)),
        ),
        solution=_("On the path: {names}. Beside it: {beside}.").format(
            names=", ".join(on_path), beside=", ".join(beside)
        ),
        figures=(
            picture(
                root,
                _("One request to front"),
                _("One request to front: {told}").format(told=drawing.told(declared)),
                critical=False,
            ),
        ),
    )
