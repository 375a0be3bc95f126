"""One service hangs. How many others fail?"""

from __future__ import annotations

import random

from lab_kernel.cloud_native.coupling import FALLBACK, QUEUE, TIMEOUT, affected
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

SERVICES = ("front", "cart", "orders", "prices", "stock", "ledger", "mail")
WORDS = {TIMEOUT: N_("waits"), FALLBACK: N_("has a fallback"), QUEUE: N_("uses a queue")}


@exercise("cloud-native/applications/spread", title=N_("How far does it spread?"))
def spread(rng: random.Random) -> Problem:
    """A failure climbs by the calls that wait, and stops at a queue or a fallback."""
    while True:
        graph: dict[str, tuple[str, ...]] = {}
        for n, name in enumerate(SERVICES):
            below = SERVICES[n + 1 :]
            graph[name] = tuple(sorted(rng.sample(below, min(len(below), rng.choice((1, 2))))))
        ways = {
            (name, callee): rng.choice((TIMEOUT, TIMEOUT, TIMEOUT, FALLBACK, QUEUE))
            for name, calls in graph.items()
            for callee in calls
        }
        dead = rng.choice(SERVICES[3:])
        found = affected(graph, ways, dead)
        direct = {name for name, calls in graph.items() if dead in calls}
        waiting = affected(graph, dict.fromkeys(ways, TIMEOUT), dead)
        if 0 < len(found) < len(waiting) and len({len(found), len(direct), len(waiting)}) == 3:
            break
    answer = len(found)
    mistakes: list[Mistake] = [
        (len(waiting), _("A caller with a fallback or a queue does not fail.")),
        (len(direct), _("Not only those that call it: those that wait for these fail, too.")),
        (answer + 1, _("The one that hangs is not counted.")),
    ]
    listed = "\n".join(
        f"{name} → {callee}: {_(WORDS[way])}" for (name, callee), way in ways.items()
    )
    return Problem(
        prompt=_(
            "Services and how they call each other:\n{calls}\nThe service {dead} hangs. How many of"
            " the others fail somebody?"
        ).format(calls=listed, dead=dead),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Start from {dead} and climb.").format(dead=dead)),
        hints=(
            _("Who calls {dead} and waits?").format(dead=dead),
            _("Then: who waits for those? Climb until nobody new is found."),
            _("Among them: {name}.").format(name=min(found)),
        ),
        solution=_("These fail: {names}. That is {n}.").format(
            names=", ".join(sorted(found)), n=answer
        ),
    )
