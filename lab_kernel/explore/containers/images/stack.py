"""Layers on each other: what is stored, what is seen."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.containers.image import Tree, apply, diff, file, tree
from lab_kernel.containers.image.changes import WHITEOUT
from lab_kernel.containers.image.tar import Entry
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.language import N_, _

CACHE = "srv/cache"
SIZES = {"lib/libc.so": 20_000, CACHE: 60_000, "srv/app": 300}
LAYERS = 3
PATHS = ("lib/libc.so", CACHE, "srv/app", "srv/log")


def trees(deleted: str) -> list[Tree]:
    """What is there after each of three steps: the library, app and cache, the clean-up."""
    first = tree({"lib/libc.so": bytes(SIZES["lib/libc.so"])})
    second = first | tree({CACHE: bytes(SIZES[CACHE]), "srv/app": b"1" * SIZES["srv/app"]})
    third = second | {"srv/app": file(b"2" * SIZES["srv/app"]), "srv/log": file("log\n")}
    if deleted != "never":
        del third[CACHE]
    if deleted == "same":
        del second[CACHE]
    return [first, second, third]


@cache
def layers(deleted: str) -> tuple[tuple[Entry, ...], ...]:
    """The changes of each step, which is what its layer stores."""
    steps = trees(deleted)
    return tuple(tuple(diff(a, b)) for a, b in zip([{}, *steps], steps, strict=False))


def stored(entries: tuple[Entry, ...]) -> int:
    return sum(len(entry.node.content) for entry in entries)


@explorable(
    "containers/images/stack",
    title=N_("Three layers, one view"),
    predict=N_(
        "Layer 2 brings a cache of 60,000 bytes, layer 3 deletes it. Is the image smaller with"
        " layer 3 than without?"
    ),
    controls=(
        Whole(name="height", label=N_("Layers in the stack"), low=1, high=LAYERS, default=LAYERS),
        Choice(
            name="deleted",
            label=N_("The cache is deleted"),
            default="later",
            options=(
                ("never", N_("never")),
                ("later", N_("in layer 3")),
                ("same", N_("before layer 2 is closed")),
            ),
        ),
    ),
)
def stack(height: int, deleted: str) -> View:
    """A row for each path, a column for each layer, and what a container sees."""
    stacked = layers(deleted)[:height]
    seen: Tree = {}
    for entries in stacked:
        seen = apply(seen, entries)
    words = {
        "seen": _("stored and seen"),
        "hidden": _("stored, hidden"),
        "whiteout": _("whiteout"),
        "nothing": _("nothing"),
        "view": _("seen"),
    }
    rows = []
    for path in PATHS:
        cells = []
        folder, _slash, name = path.rpartition("/")
        for number, entries in enumerate(stacked):
            held = {entry.path: entry.node for entry in entries}
            above = {entry.path for later in stacked[number + 1 :] for entry in later}
            white = f"{folder}/{WHITEOUT}{name}"
            if white in held:
                cells.append(fig.Cell(f"{WHITEOUT}{name}", words["whiteout"]))
            elif path in held:
                hidden = path in above or white in above
                size = f"{len(held[path].content):,}"
                cells.append(fig.Cell(size, words["hidden" if hidden else "seen"]))
            else:
                cells.append(fig.Cell("", words["nothing"]))
        there = f"{len(seen[path].content):,}" if path in seen else "-"
        cells.append(fig.Cell(there, words["view" if path in seen else "nothing"], path in seen))
        rows.append(fig.Row(f"/{path}", cells))
    kept = sum(map(stored, stacked))
    visible = sum(len(node.content) for node in seen.values())
    says = _(
        "{height} of {all} layers store {kept} bytes of content; {visible} of them are seen, in"
        " {files} files."
    ).format(
        height=height,
        all=LAYERS,
        kept=f"{kept:,}",
        visible=f"{visible:,}",
        files=sum(path in seen for path in PATHS),
    )
    heads = [_("layer {n}").format(n=n) for n in range(1, height + 1)]
    picture = fig.table(
        (*heads, _("seen")),
        rows,
        title=_("Bytes by file and layer"),
        description=" ".join(
            f"{row.head}: " + ", ".join(f"{c.words} {c.state}".strip() for c in row.cells) + "."
            for row in rows
        ),
        states=(words["seen"], words["hidden"], words["whiteout"], words["view"]),
        quiet=words["nothing"],
    )
    sizes = fig.bars(
        [
            fig.Bar(
                _("stored"),
                [(head, stored(one)) for head, one in zip(heads, stacked, strict=True)],
            ),
            fig.Bar(_("seen"), [(_("seen"), visible)]),
        ],
        title=_("Bytes that are stored, bytes that are seen"),
        description=says,
        kinds=(*heads, _("seen")),
    )
    return View((picture, sizes), says)
