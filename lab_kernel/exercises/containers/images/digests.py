"""Which digests are other ones after this change?"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from lab_kernel.containers.image import Config, Image, Layout, assemble, diff, tree
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.containers.images.words import some_of, written
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

LAYERS = (3, 4, 5, 6)


def every_name(layers: int) -> tuple[str, ...]:
    """D for a DiffID, C for a ChainID, from the lowest layer up."""
    return (
        *(f"{kind}{n}" for kind in "DC" for n in range(1, layers + 1)),
        "config",
        "manifest",
    )


def image(layers: int, changed: int = 0, *, compression: str = "none", label: str = "") -> Image:
    """Layers of one file each; ``changed`` is the layer whose file is another one."""
    trees, files = [], dict(tree({}))
    for n in range(1, layers + 1):
        files = files | tree({f"file{n}": "new" if n == changed else "old"})
        trees.append(files)
    steps = [diff(a, b) for a, b in zip([{}, *trees], trees, strict=False)]
    config = Config(entrypoint=("/file1",))
    if label:
        config = replace(config, labels={"version": label})
    return assemble(Layout(), config, None, steps, compression)


def names(one: Image) -> dict[str, str]:
    """The digests by the names that the problem gives them."""
    found = {f"D{n}": digest for n, digest in enumerate(one.diff_ids, 1)}
    found |= {f"C{n}": digest for n, digest in enumerate(one.chain_ids, 1)}
    return found | {"config": one.config_blob.digest, "manifest": one.manifest.digest}


def changed(old: Image, new: Image) -> str:
    before, after = names(old), names(new)
    return written((name for name in before if before[name] != after[name]), tuple(before))


def _events(layers: int, rng: random.Random) -> list[tuple[str, Callable[[], Image]]]:
    """The first, a file that is changed, comes as often as all others together."""
    layer = rng.randint(1, layers)
    content = _("a file in layer {layer} gets another content").format(layer=layer)
    others: list[tuple[str, Callable[[], Image]]] = [
        (_("a label of the image gets another value"), lambda: image(layers, label="2")),
        (
            _("a registry compresses the layers, which were not compressed"),
            lambda: image(layers, compression="gzip"),
        ),
        (_("another machine builds the same files once more"), lambda: image(layers)),
        (_("the tag v1 is moved to another image"), lambda: image(layers)),
    ]
    return [*[(content, lambda: image(layers, layer))] * len(others), *others]


@exercise("containers/images/digests", title=N_("Which digests change?"))
def digests(rng: random.Random) -> Problem:
    """DiffIDs are of content, ChainIDs of all below, config and manifest of what they name."""
    layers = rng.choice(LAYERS)
    event, make = rng.choice(_events(layers, rng))
    every = every_name(layers)
    answer = changed(image(layers), make())
    mistakes: list[Mistake] = [
        ("none", _("Something is other content now. What names that content?")),
        (
            "manifest",
            _("The config holds the DiffIDs and the settings; is all of that as it was?"),
        ),
        (
            written(set(every) - {"D1"}, every),
            _("DiffIDs know nothing of each other; only ChainIDs go on upwards."),
        ),
    ]
    for n in range(1, layers + 1):
        only = written({f"D{n}", f"C{n}", "config", "manifest"}, every)
        above = {f"{kind}{m}" for kind in "DC" for m in range(n, layers + 1)}
        mistakes += [
            (only, _("A ChainID is made of the one below it. What of the layers above?")),
            (
                written(above | {"config", "manifest"}, every),
                _("A DiffID is of one layer's own content. Is the content above another one?"),
            ),
        ]
    mistakes = [(gives, said) for gives, said in mistakes if gives != answer]
    return Problem(
        prompt=_(
            "An image of {layers} layers has the DiffIDs D1 (lowest) to D{top}, the ChainIDs C1 to"
            " C{top}, a config and a manifest. The builder is deterministic. Then {event}. Which of"
            " these have another digest now: {names}?"
        ).format(layers=layers, top=layers, event=event, names=", ".join(every)),
        expects=_("Some of: {names}; or the word none.").format(names=", ".join(every)),
        answer=answer,
        read=some_of(*every),
        explain=recognise(mistakes, _("Ask of each: which bytes is it the digest of?")),
        hints=(
            _("A digest changes if, and only if, the bytes that it is computed from change."),
            _(
                "DiffID: the uncompressed layer. ChainID: the ChainID below and the DiffID. Config:"
                " settings and all DiffIDs. Manifest: the config's digest and those of the blobs as"
                " they are stored."
            ),
            _("{n} of the {all} are other ones now.").format(
                n=0 if answer == "none" else len(answer.split()), all=len(every)
            ),
        ),
        solution=_("Other ones now: {answer}.").format(answer=answer),
    )
