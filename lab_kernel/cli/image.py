"""``lab-kernel image``: build an OCI image from a folder, look into it, compare, unpack."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, common
from lab_kernel.containers.image import (
    Image,
    Layout,
    build,
    changed,
    flatten,
    read_folder,
    read_layout,
    ship,
    unpack,
    write_layout,
)
from lab_kernel.containers.image.closure import Need, needs
from lab_kernel.containers.image.containerfile import FILES
from lab_kernel.containers.image.folder import check_writable
from lab_kernel.containers.image.image import PLATFORM
from lab_kernel.containers.image.layer import COMPRESSIONS
from lab_kernel.containers.image.layout import check_tag
from lab_kernel.containers.image.reference import open_image, split_reference
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _

summary = N_("Container images: build one from a folder, inspect it, compare two, unpack one.")
example = "image build my-folder --tag v1 --out my-layout"
SHORT = len("sha256:") + 12
MOST_FILES = 20  # in the text; --json has them all
CHANGES = {"added": N_("added"), "removed": N_("removed"), "changed": N_("changed")}


def arguments(parser: Parser, words: Sequence[str]) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title=_("actions"))
    reference = _("a layout, LAYOUT:TAG or LAYOUT@DIGEST")

    one = actions.add_parser("build", help=_("make an image from a folder and its Containerfile"))
    one.add_argument("folder", metavar="DIR", help=_("the folder with the Containerfile"))
    one.add_argument(
        "--tag", metavar="TAG", required=True, help=_("the image's name in the layout")
    )
    one.add_argument(
        "--out",
        metavar="LAYOUT",
        required=True,
        help=_("the layout's directory: made, or added to; in DIR it is not part of the image"),
    )
    one.add_argument(
        "--file",
        metavar="PATH",
        default="",
        help=_("the Containerfile's path in DIR (default: {names})").format(names=", ".join(FILES)),
    )
    one.add_argument(
        "--compression",
        choices=list(COMPRESSIONS),
        default="none",
        help=_("of the layers; only without, the digests are the same with every zlib"),
    )
    _platform(one)

    one = actions.add_parser("inspect", help=_("show what an image is made of, or a layout's tags"))
    one.add_argument("image", metavar="LAYOUT", help=reference)
    _platform(one)

    one = actions.add_parser("diff", help=_("what differs, and what shipping B costs who has A"))
    one.add_argument("old", metavar="A", help=reference)
    one.add_argument("new", metavar="B", help=reference)
    _platform(one)

    one = actions.add_parser("tag", help=_("give an image one more name, or move a tag to it"))
    one.add_argument("image", metavar="LAYOUT", help=reference)
    one.add_argument("name", metavar="TAG", help=_("the image's name in the layout"))
    _platform(one)

    one = actions.add_parser("unpack", help=_("apply the layers and write the files"))
    one.add_argument("image", metavar="LAYOUT", help=reference)
    one.add_argument("folder", metavar="DIR", help=_("a directory that is new or empty"))
    _platform(one)

    for each in actions.choices.values():
        common(each, language=argparse.SUPPRESS, json=argparse.SUPPRESS)


def _platform(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--platform",
        metavar="OS/ARCH",
        default=PLATFORM,
        help=_("default: {platform}, on every machine").format(platform=PLATFORM),
    )


def run(args: argparse.Namespace) -> int:
    actions = {
        "build": _build,
        "inspect": _inspect,
        "diff": _diff,
        "tag": _tag,
        "unpack": _unpack,
    }
    if args.action is None:
        allowed = ", ".join(actions)
        raise BadInput("ACTION", _("choose one of: {allowed}").format(allowed=allowed))
    system, slash, architecture = args.platform.partition("/")
    if not (system and slash and architecture.isalnum() and system.isalnum()):
        raise BadInput("platform", _("write OS/ARCH, such as {platform}").format(platform=PLATFORM))
    actions[args.action](args)
    return 0


def _build(args: argparse.Namespace) -> None:
    check_tag(args.tag)
    if os.path.realpath(args.out) == os.path.realpath(args.folder):
        raise BadInput("out", _("the layout cannot be the folder itself"))
    check_writable(args.out)
    there = Path(args.out, "index.json").exists()
    layout = read_layout(args.out) if there else Layout()
    needed = (*FILES, args.file)
    context = read_folder(args.folder, without=args.out, needed=needed)
    image = build(
        context,
        layout,
        lambda name: open_image(name, args.platform, beside=args.folder),
        file=args.file,
        compression=args.compression,
        platform=args.platform,
    )
    moved = layout.tags.get(args.tag)
    layout.tag(args.tag, image.manifest)
    new = set(write_layout(layout, args.out))
    written = sum(blob.size for blob in image.blobs if blob.digest in new)
    notes = []
    notes += [_problem(need) for need in needs(image, flatten(image)) if need.problem]
    if not image.config.argv:
        notes.append(_("it names no program: neither ENTRYPOINT nor CMD"))
    before = moved.digest if moved and moved.digest != image.manifest.digest else None
    if args.json:
        print_json(
            report(image) | {"tag": args.tag, "written": written, "tag_was": before, "notes": notes}
        )
        return
    print(f"{args.out}:{args.tag}\n")
    _print_blobs(image)
    print(
        "\n"
        + _("New in the layout: {new} of {all} bytes.").format(
            new=f"{written:,}", all=f"{sum(blob.size for blob in image.blobs):,}"
        )
    )
    _print_moved(before)
    for note in notes:
        print(_("Note: {note}.").format(note=note))


def _inspect(args: argparse.Namespace) -> None:
    folder, name = split_reference(args.image)
    layout = read_layout(folder)
    if not name and len(layout.entries) != 1:
        _tags(layout, args.json)
        return
    image = open_image(args.image, args.platform)
    files = flatten(image)  # checks every layer, too
    needed = needs(image, files)
    if args.json:
        told = [
            {
                "name": one.name,
                "by": one.by,
                "path": one.path or None,
                "problem": one.problem or None,
            }
            for one in needed
        ]
        print_json(report(image) | {"files": len(files), "needs": told})
        return
    _print_blobs(image)
    config = image.config
    rows = [
        (_("platform"), f"{config.system}/{config.architecture}"),
        (_("starts"), " ".join(map(_quoted, config.argv)) or "-"),
        (_("user"), config.user or "-"),
        (_("working directory"), config.workdir or "/"),
        *((_("environment"), f"{key}={value}") for key, value in config.env.items()),
        *((_("label"), f"{key}={value}") for key, value in config.labels.items()),
        (_("files"), f"{len(files):,}"),
        *((_("needed to start"), f"/{one.path}") for one in needed if not one.problem),
        *((_("cannot start"), _problem(one)) for one in needed if one.problem),
    ]
    print("\n" + columns(rows, indent=""))


def _problem(need: Need) -> str:
    if need.by:
        return _("{name}, which /{by} needs: {problem}").format(
            name=need.name, by=need.by, problem=_(need.problem)
        )
    return _("{name}: {problem}").format(name=need.name, problem=_(need.problem))


def _tags(layout: Layout, json: bool) -> None:
    if json:
        tags = [{"tag": name, "digest": one.digest} for name, one in sorted(layout.tags.items())]
        print_json({"tags": tags})
        return
    rows = [(_("tag"), _("digest"), _("platform"))]
    for name, one in sorted(layout.tags.items()):
        said = one.platform
        platform = (
            f"{said['os']}/{said['architecture']}" if {"os", "architecture"} <= set(said) else "-"
        )
        rows.append((name, one.digest, platform))
    print(columns(rows, indent=""))


def _diff(args: argparse.Namespace) -> None:
    old, new = open_image(args.old, args.platform), open_image(args.new, args.platform)
    shipment, files = ship(new, [old]), changed(flatten(old), flatten(new))
    before, after = old.config.to_json()["config"], new.config.to_json()["config"]
    settings = sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
    sent = {blob.digest for blob in shipment.sent}
    if args.json:
        print_json(
            {
                "old": old.manifest.digest,
                "new": new.manifest.digest,
                "blobs": [blob | {"sent": blob["digest"] in sent} for blob in _blobs(new)],
                "sent": shipment.size,
                "kept": shipment.saved,
                "unpacked_again": shipment.unpacked_again,
                "files": [{"path": path, "change": kind} for kind, path in files],
                "config": settings,
            }
        )
        return
    rows = [(_("blob"), _("digest"), _("bytes"), "")]
    for blob in _blobs(new):
        word = _("sent") if blob["digest"] in sent else _("there already")
        rows.append((_named(blob), blob["digest"][:SHORT], blob["size"], word))
    print(columns(rows, indent=""))
    print(
        "\n"
        + _("To ship: {sent} bytes; there already: {kept}; layers to unpack again: {n}.").format(
            sent=f"{shipment.size:,}", kept=f"{shipment.saved:,}", n=shipment.unpacked_again
        )
    )
    if settings:
        print(_("Settings that differ: {names}").format(names=", ".join(settings)))
    if files:
        print("\n" + columns([(_(CHANGES[kind]), path) for kind, path in files[:MOST_FILES]]))
    if len(files) > MOST_FILES:
        print(_("and {n} more; --json lists them all").format(n=len(files) - MOST_FILES))


def _tag(args: argparse.Namespace) -> None:
    try:
        check_tag(args.name)
    except BadInput as error:
        raise BadInput("TAG", error.message) from None
    folder, _name = split_reference(args.image)
    image = open_image(args.image, args.platform)
    moved = image.layout.tags.get(args.name)
    before = moved.digest if moved and moved.digest != image.manifest.digest else None
    image.layout.tag(args.name, image.manifest)
    write_layout(image.layout, folder)
    if args.json:
        print_json({"tag": args.name, "tag_was": before, "manifest": image.manifest.digest})
        return
    print(f"{folder}:{args.name} → {image.manifest.digest}")
    _print_moved(before)


def _print_moved(before: str | None) -> None:
    if before:
        print(_("The tag was moved; before, it was {digest}.").format(digest=before[:SHORT]))


def _unpack(args: argparse.Namespace) -> None:
    image = open_image(args.image, args.platform)
    files = unpack(image, args.folder)
    size = sum(len(node.content) for node in files.values())
    if args.json:
        print_json({"folder": args.folder, "files": len(files), "bytes": size} | report(image))
        return
    print(
        _("{folder}: {files} files, {size} bytes from {layers} layers").format(
            folder=args.folder, files=f"{len(files):,}", size=f"{size:,}", layers=len(image.layers)
        )
    )


def report(image: Image) -> dict[str, Any]:
    """An image as a JSON object; ``id`` is the digest of its config."""
    return {
        "manifest": image.manifest.digest,
        "id": image.config_blob.digest,
        "blobs": _blobs(image),
        "config": image.config.to_json(),
    }


def _blobs(image: Image) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"kind": "manifest", "digest": image.manifest.digest, "size": image.manifest.size},
        {"kind": "config", "digest": image.config_blob.digest, "size": image.config_blob.size},
    ]
    for number, layer in enumerate(image.layers):
        rows.append(
            {
                "kind": "layer",
                "number": number + 1,
                "digest": layer.digest,
                "size": layer.size,
                "media_type": layer.media_type,
                "diff_id": image.diff_ids[number],
                "chain_id": image.chain_ids[number],
            }
        )
    return rows


def _named(blob: dict[str, Any]) -> str:
    if blob["kind"] == "layer":
        return _("layer {n}").format(n=blob["number"])
    return _("manifest") if blob["kind"] == "manifest" else _("config")


def _print_blobs(image: Image) -> None:
    rows = [(_("blob"), _("digest"), _("bytes"), "DiffID", "ChainID")]
    for blob in _blobs(image):
        ids = [blob.get(key, "")[:SHORT] for key in ("diff_id", "chain_id")]
        rows.append((_named(blob), blob["digest"][:SHORT], blob["size"], ids[0], ids[1]))
    print(columns(rows, indent=""))


def _quoted(word: str) -> str:
    return word if word and " " not in word else f'"{word}"'
