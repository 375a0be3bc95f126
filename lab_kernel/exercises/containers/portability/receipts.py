"""Which number does the last receipt get?"""

from __future__ import annotations

import random

from lab_kernel.containers.portability import (
    DEV,
    LAYER,
    LAYOUT,
    PATH,
    PROD,
    SERVICE,
    VOLUME,
    Host,
    Shared,
    pick,
)
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

STORE_WORDS = {
    LAYER: N_("in the container's own files"),
    VOLUME: N_("in a volume of the host"),
    SERVICE: N_("in a backing service that both hosts reach"),
}
NEW, AGAIN = "new", "again"
Run = tuple[str, str]


def numbers(runs: list[Run], store: str) -> list[int]:
    """What each run prints: (host, new container or the last one there again)."""
    shared = {"db": Shared()}
    hosts = {"dev": Host(DEV, shared), "prod": Host(PROD, shared)}
    roots: dict[str, str] = {}
    printed = []
    for name, how in runs:
        host = hosts[name]
        image = pick(LAYOUT, host.shape.architecture)
        if how == NEW and image is not None:
            roots[name] = host.create(image)
        start = host.run(PATH, LAYOUT, store=store, root=roots[name])
        printed.append(int(start.printed.split()[1].rstrip(":")))
    return printed


def _counts(runs: list[Run]) -> dict[str, int]:
    """The runs that share the last one's container, its host, and everything."""
    host = runs[-1][0]
    mine = [how for name, how in runs if name == host]
    own = next(n for n, how in enumerate(reversed(mine), 1) if how == NEW)
    return {LAYER: own, VOLUME: len(mine), SERVICE: len(runs)}


@exercise("containers/portability/receipts", title=N_("Which number does the last one get?"))
def receipts(rng: random.Random) -> Problem:
    """A layer goes with its container, a volume stays on its host, a service is for all."""
    wanted = rng.choice(list(STORE_WORDS))
    while True:
        runs: list[Run] = []
        for _n in range(rng.randrange(4, 7)):
            host = rng.choice(("dev", "prod"))
            used = any(name == host for name, _how in runs)
            runs.append((host, rng.choice((NEW, AGAIN)) if used else NEW))
        found = _counts(runs)
        if len(set(found.values())) == 3:
            break
    answer = numbers(runs, wanted)[-1]
    mistakes: list[Mistake] = [
        (found[SERVICE], _("That counts every receipt of both hosts. Where is this one's data?")),
        (found[VOLUME], _("That is the count of this host. Where is this one's data?")),
        (found[LAYER], _("That is the count of this container. Where is this one's data?")),
    ]
    words = {NEW: _("a new container"), AGAIN: _("the last container there, started again")}
    listed = "\n".join(f"{n}. {host}: {words[how]}" for n, (host, how) in enumerate(runs, 1))
    return Problem(
        prompt=_(
            "Containers of one image number their receipts and keep the last number {store}:\n"
            "{runs}\nWhich number does the last receipt get?"
        ).format(store=_(STORE_WORDS[wanted]), runs=listed),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Go through the list and count what is kept there.")),
        hints=(
            _("Who still has the data when a container is replaced? When the host changes?"),
            _(
                "A container's own files go with it; a volume stays on its host; a backing service"
                " is the same for all."
            ),
            _("Count the lines that share the last one's place, up to the last."),
        ),
        solution=_("Kept {store}, it is number {answer}.").format(
            store=_(STORE_WORDS[wanted]), answer=answer
        ),
    )
