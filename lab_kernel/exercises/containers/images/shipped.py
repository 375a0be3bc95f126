"""How many bytes are sent to a registry that has the old image?"""

from __future__ import annotations

import random
from dataclasses import replace

from lab_kernel.containers.image import Config, Image, Layout, Tree, assemble, diff, ship, tree
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


def made(sizes: list[int], changed: int = 0, stamped: bool = False) -> Image:
    """A layer for each size; one letter of the layer ``changed`` (1 is the lowest) is another one.

    With ``stamped`` it and all above it are built again, with another time on their files.
    """
    files: Tree = {}
    trees: list[Tree] = []
    for n, size in enumerate(sizes, 1):
        one = tree({f"file{n}": b"x" * (size - 1) + (b"y" if n == changed else b"x")})
        time = int(stamped and 0 < changed <= n)
        files = files | {path: replace(node, mtime=time) for path, node in one.items()}
        trees.append(files)
    steps = [diff(a, b) for a, b in zip([{}, *trees], trees, strict=False)]
    return assemble(Layout(), Config(entrypoint=("/file1",)), None, steps)


@exercise("containers/images/shipped", title=N_("What has to be sent?"))
def shipped(rng: random.Random) -> Problem:
    """The layers that have another digest, and always config and manifest."""
    sizes = [rng.randrange(20, 90) * 512, rng.randrange(5, 19) * 512, rng.randrange(100, 500)]
    changed, stamped = rng.choice((1, 2, 3)), rng.random() < 0.5
    old, new = made(sizes), made(sizes, changed, stamped)
    shipment = ship(new, [old])
    answer = shipment.size
    small = new.config_blob.size + new.manifest.size
    layers = [layer.size for layer in new.layers]
    upward = sum(layers[changed - 1 :])
    mistakes: list[Mistake] = [
        (1, _("A blob is sent whole or not at all: there is no sending of single letters.")),
        (
            answer - small,
            _("The manifest names the new layer and the config its DiffID: both are new, too."),
        ),
        (sum(layers) + small, _("What the registry has under the same digest is not sent again.")),
        (
            layers[changed - 1] + small,
            _("The layers above were built again, with another time in them: other bytes."),
        ),
        (
            upward + small,
            _("The layers above have the same bytes as before, so the same digest."),
        ),
    ]
    mistakes = [(gives, said) for gives, said in mistakes if gives != answer]
    blobs = "\n".join(
        [
            *(
                _("layer {n}: {size:,} bytes").format(n=n, size=size)
                for n, size in enumerate(layers, 1)
            ),
            _("config: {size:,} bytes").format(size=new.config_blob.size),
            _("manifest: {size:,} bytes").format(size=new.manifest.size),
        ]
    )
    how = (
        _("The builder writes the time of building into the files of each layer that it builds.")
        if stamped
        else _("The builder is deterministic: same content, same bytes.")
    )
    return Problem(
        prompt=_(
            "One letter is changed in a file of layer {n}; layer 1 is the lowest. Layer {n} and all"
            " above it are built again. {how} The blobs of the new image:\n{blobs}\nHow many bytes"
            " are sent to a registry that has the old image?"
        ).format(n=changed, how=how, blobs=blobs),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Ask of each blob: does the registry know its digest?")),
        hints=(
            _("A registry knows a blob by its digest. Which blobs have other bytes than before?"),
            _("Config and manifest always change with a layer. What of the layers above it?"),
            _("{n} blobs are sent.").format(n=len(shipment.sent)),
        ),
        solution=_("{sizes} = {answer:,} bytes.").format(
            sizes=" + ".join(f"{blob.size:,}" for blob in shipment.sent), answer=answer
        ),
    )
