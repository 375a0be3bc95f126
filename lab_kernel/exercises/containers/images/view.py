"""Which files does a container see through these layers?"""

from __future__ import annotations

import random

from lab_kernel.containers.image import Tree, apply, file
from lab_kernel.containers.image.changes import OPAQUE, WHITEOUT
from lab_kernel.containers.image.tar import Entry
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.containers.images.words import some_of, written
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

FILES = ("etc/conf", "etc/keys", "srv/app", "srv/cache", "srv/log", "srv/old")


def _layers(rng: random.Random) -> list[list[str]]:
    """What each of three layers holds: files, whiteouts, perhaps one that is opaque."""
    layers = [sorted(rng.sample(FILES, 4))]
    for opaque in rng.sample((True, False), 2):
        below = sorted({path for layer in layers for path in layer if WHITEOUT not in path})
        held = set(rng.sample(FILES, rng.choice((1, 2))))
        if opaque:
            held.add(f"srv/{OPAQUE}")
        else:
            gone = rng.choice([path for path in below if path not in held])
            folder, _slash, name = gone.rpartition("/")
            held.add(f"{folder}/{WHITEOUT}{name}")
        layers.append(sorted(held))
    return layers


def seen(layers: list[list[str]]) -> list[str]:
    """The files of all layers, one on the other."""
    files: Tree = {}
    for layer in layers:
        files = apply(files, [Entry(path, file("")) for path in layer])
    return [path for path in files if files[path].kind == "file"]


@exercise("containers/images/view", title=N_("What is seen through the layers?"))
def view(rng: random.Random) -> Problem:
    """A file deleted and perhaps back again, a directory emptied by an opaque whiteout."""
    while True:
        layers = _layers(rng)
        answer = written(seen(layers), FILES)
        stored = {path for layer in layers for path in layer if WHITEOUT not in path}
        again = {path for path in seen(layers) if sum(path in layer for layer in layers) > 1}
        if again and len(stored) > len(seen(layers)):
            break
    whited = {path for layer in layers for path in layer}
    never = [path for path in stored if path.replace("/", f"/{WHITEOUT}") not in whited]
    own = [
        path
        for path in seen(layers)
        if not any(f"srv/{OPAQUE}" in layer and path in layer for layer in layers)
    ]
    mistakes: list[Mistake] = [
        (written(stored, FILES), _("All of these are stored. Which do the whiteouts hide?")),
        (
            written(never, FILES),
            _(
                "A whiteout hides what is below it, not what a later layer brings; and an opaque"
                " one hides all of its directory below."
            ),
        ),
        (
            written(own, FILES),
            _("An opaque whiteout hides lower layers only, not the files beside it."),
        ),
    ]
    shown = "\n".join(
        _("layer {n}: {paths}").format(n=n, paths=", ".join(layer))
        for n, layer in enumerate(layers, 1)
    )
    opaque = next(n for n, layer in enumerate(layers, 1) if f"srv/{OPAQUE}" in layer)
    return Problem(
        prompt=_(
            "An image has these layers, the lowest first:\n{layers}\nWhich files does a container"
            " of this image see?"
        ).format(layers=shown),
        expects=_("Paths with spaces between them, or the word none."),
        answer=answer,
        read=some_of(*FILES),
        explain=recognise(
            mistakes, _("Go up from layer 1: add what a layer holds, take away what it hides.")
        ),
        hints=(
            _("Three kinds of names: files, .wh.NAME for a file that is gone, and .wh..wh..opq."),
            _("In each layer first hide what is below, then add its own files."),
            _(
                "The opaque whiteout is in layer {n}: of srv nothing of the layers below stays."
            ).format(n=opaque),
        ),
        solution=_("Seen are: {files}.").format(files=answer),
    )
