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

LAYERS = 3
NAMES = (
    *(f"D{n}" for n in range(1, LAYERS + 1)),
    *(f"C{n}" for n in range(1, LAYERS + 1)),
    "config",
    "manifest",
)


def image(changed: int = 0, *, compression: str = "none", label: str = "") -> Image:
    """Three layers of one file each; ``changed`` is the layer whose file is another one."""
    trees, files = [], dict(tree({}))
    for n in range(1, LAYERS + 1):
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
    return written((name for name in NAMES if before[name] != after[name]), NAMES)


def _events() -> list[tuple[str, Callable[[], Image]]]:
    events: list[tuple[str, Callable[[], Image]]] = [
        (N_("a file in layer 1 gets another content"), lambda: image(1)),
        (N_("a file in layer 2 gets another content"), lambda: image(2)),
        (N_("a file in layer 3 gets another content"), lambda: image(3)),
        (N_("a label of the image gets another value"), lambda: image(label="2")),
        (
            N_("a registry compresses the layers, which were not compressed"),
            lambda: image(compression="gzip"),
        ),
        (N_("another machine builds the same files once more"), image),
        (N_("the tag v1 is moved to another image"), image),
    ]
    return events


@exercise("containers/images/digests", title=N_("Which digests change?"))
def digests(rng: random.Random) -> Problem:
    """DiffIDs are of content, ChainIDs of all below, config and manifest of what they name."""
    event, make = rng.choice(_events())
    answer = changed(image(), make())
    mistakes: list[Mistake] = [
        ("none", _("Something is other content now. What names that content?")),
        (
            "manifest",
            _("The config holds the DiffIDs and the settings; is all of that as it was?"),
        ),
        (
            written(set(NAMES) - {"D1"}, NAMES),
            _("DiffIDs know nothing of each other; only ChainIDs go on upwards."),
        ),
    ]
    for n in range(1, LAYERS + 1):
        only = written({f"D{n}", f"C{n}", "config", "manifest"}, NAMES)
        above = {f"{kind}{m}" for kind in "DC" for m in range(n, LAYERS + 1)}
        mistakes += [
            (only, _("A ChainID is made of the one below it. What of the layers above?")),
            (
                written(above | {"config", "manifest"}, NAMES),
                _("A DiffID is of one layer's own content. Is the content above another one?"),
            ),
        ]
    mistakes = [(gives, said) for gives, said in mistakes if gives != answer]
    return Problem(
        prompt=_(
            "An image of three layers has the DiffIDs D1 (lowest) to D3, the ChainIDs C1 to C3, a"
            " config and a manifest. The builder is deterministic. Then {event}. Which of these"
            " have another digest now: {names}?"
        ).format(event=_(event), names=", ".join(NAMES)),
        expects=_("Some of: {names}; or the word none.").format(names=", ".join(NAMES)),
        answer=answer,
        read=some_of(*NAMES),
        explain=recognise(mistakes, _("Ask of each: which bytes is it the digest of?")),
        hints=(
            _("A digest changes if, and only if, the bytes that it is computed from change."),
            _(
                "DiffID: the uncompressed layer. ChainID: the ChainID below and the DiffID. Config:"
                " settings and all DiffIDs. Manifest: the config's digest and those of the blobs as"
                " they are stored."
            ),
            _("{n} of the {all} are other ones now.").format(
                n=0 if answer == "none" else len(answer.split()), all=len(NAMES)
            ),
        ),
        solution=_("Other ones now: {answer}.").format(answer=answer),
    )
