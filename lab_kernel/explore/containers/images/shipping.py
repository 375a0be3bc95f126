"""One line is changed: which blobs does somebody lack who has the old image?"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.containers.image import Config, Image, Layout, Tree, assemble, diff, ship, tree
from lab_kernel.explore import Choice, Toggle, View, explorable
from lab_kernel.language import N_, _

# files of an application and their bytes, from what seldom changes to what often does
PARTS = {
    "base": (N_("base system"), "usr/lib/base", 60_000),
    "packages": (N_("packages"), "srv/packages", 25_000),
    "app": (N_("application"), "srv/app.py", 900),
}


def made(changed: str = "", together: bool = False, stamped: bool = False) -> Image:
    """The image with one letter of one part changed, in three layers or in one.

    ``stamped``: the builder writes the time into the files of every layer that it builds again,
    which is the changed one and all above it; the others come from its cache.
    """
    before: Tree = {}
    trees: list[Tree] = []
    late = False
    for name, (_label, path, size) in PARTS.items():
        late = late or name == changed
        letter = b"y" if name == changed else b"x"
        files = tree({path: b"x" * (size - 1) + letter})
        time = int(stamped and late)
        before = before | {path: replace(node, mtime=time) for path, node in files.items()}
        trees.append(before)
    if together:
        trees = [
            {path: replace(node, mtime=int(stamped and late)) for path, node in before.items()}
        ]
    steps = [diff(a, b) for a, b in zip([{}, *trees], trees, strict=False)]
    return assemble(Layout(), Config(entrypoint=("/srv/app.py",)), None, steps)


@cache
def cached(changed: str, together: bool, stamped: bool) -> Image:
    return made(changed, together, stamped)


@explorable(
    "containers/images/shipping",
    title=N_("What a one-line change costs to ship"),
    predict=N_(
        "One letter changes, once in the application and once in the base system below it. Which"
        " layers have to be sent in either case?"
    ),
    controls=(
        Choice(
            name="changed",
            label=N_("One letter changes in"),
            default="app",
            options=tuple((name, label) for name, (label, _path, _size) in PARTS.items()),
        ),
        Toggle(name="together", label=N_("All in one layer"), default="off"),
        Toggle(name="stamped", label=N_("The builder writes the time into files"), default="off"),
    ),
)
def shipping(changed: str, together: bool, stamped: bool) -> View:
    """Every blob of the new image: known by its digest, or to be sent; and what is unpacked."""
    old, new = cached("", together, False), cached(changed, together, stamped)
    shipment = ship(new, [old])
    sent, known = _("new"), _("as before")
    there = set(old.chain_ids)
    gone = {blob.digest for blob in shipment.sent}
    names = [_("all in one")] if together else [_(label) for label, _path, _size in PARTS.values()]
    rows = []
    for number in range(len(new.layers)):
        layer, chain = new.layers[number], new.chain_ids[number]
        rows.append(
            fig.Row(
                f"{number + 1} {names[number]}",
                [
                    fig.Cell(short(layer.digest), sent if layer.digest in gone else known),
                    fig.Cell(short(chain), known if chain in there else sent),
                    fig.Cell(f"{layer.size:,}", sent if layer.digest in gone else known),
                ],
            )
        )
    for label, blob in ((_("config"), new.config_blob), (_("manifest"), new.manifest)):
        state = sent if blob.digest in gone else known
        cells = [
            fig.Cell(short(blob.digest), state),
            fig.Cell(""),
            fig.Cell(f"{blob.size:,}", state),
        ]
        rows.append(fig.Row(label, cells))
    says = _(
        "{sent} of {all} bytes are sent: {blobs} of {count} blobs. Layers that are unpacked again:"
        " {again}."
    ).format(
        sent=f"{shipment.size:,}",
        all=f"{shipment.size + shipment.saved:,}",
        blobs=len(shipment.sent),
        count=len(new.blobs),
        again=shipment.unpacked_again,
    )
    picture = fig.table(
        (_("digest"), "ChainID", _("bytes")),
        rows,
        title=_("The blobs of the new image"),
        description=" ".join(
            f"{row.head}: "
            + ", ".join(f"{c.words} {c.state}".strip() for c in row.cells if c.words)
            + "."
            for row in rows
        ),
        states=(sent, known),
        quiet=known,
    )
    sizes = fig.bars(
        [fig.Bar(_("bytes"), [(sent, shipment.size), (known, shipment.saved)])],
        title=_("Bytes that are sent, bytes that are there already"),
        description=says,
        kinds=(sent, known),
    )
    return View((picture, sizes), says)


def short(digest: str) -> str:
    """Enough of a digest to tell two apart."""
    return digest.removeprefix("sha256:")[:6]
