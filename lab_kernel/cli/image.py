"""``lab-kernel image``: build an OCI image from a folder, look into it, compare, unpack."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from lab_kernel.cli.image_report import (
    SHORT,
    blobs,
    listed,
    print_blobs,
    print_image,
    print_shipment,
    print_tags,
    problem,
    report,
    tags,
)
from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, common
from lab_kernel.containers.image import (
    Image,
    Layout,
    build,
    changed,
    flatten,
    needs,
    read_folder,
    read_layout,
    ship,
    unpack,
    write_layout,
)
from lab_kernel.containers.image.config import ARCHITECTURES, SYSTEM
from lab_kernel.containers.image.containerfile import FILES
from lab_kernel.containers.image.folder import check_writable
from lab_kernel.containers.image.image import PLATFORM, find
from lab_kernel.containers.image.layer import COMPRESSIONS
from lab_kernel.containers.image.layout import check_tag
from lab_kernel.containers.image.reference import open_image, split_reference
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _
from lab_kernel.registry import unknown

summary = N_("Container images: build one from a folder, inspect it, compare two, unpack one.")
example = "image build my-folder --tag v1 --out my-layout"
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
        default="",
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
    platform = vars(args).get("platform") or PLATFORM
    system, slash, architecture = platform.partition("/")
    if not (system and slash and architecture.isalnum() and system.isalnum()):
        raise BadInput("platform", _("write OS/ARCH, such as {platform}").format(platform=PLATFORM))
    actions[args.action](args)
    return 0


def _build(args: argparse.Namespace) -> None:
    check_tag(args.tag)
    system, _slash, architecture = (args.platform or PLATFORM).partition("/")
    if system == SYSTEM and architecture not in ARCHITECTURES:
        raise unknown("platform", architecture, ARCHITECTURES)
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
        platform=args.platform or PLATFORM,
    )
    moved = layout.tags.get(args.tag)
    layout.tag(args.tag, image.manifest)
    new = set(write_layout(layout, args.out))
    written = sum(blob.size for blob in image.blobs if blob.digest in new)
    notes = []
    notes += [problem(need) for need in needs(image, flatten(image)) if need.problem]
    if not image.config.argv:
        notes.append(_("it names no program: neither ENTRYPOINT nor CMD"))
    before = moved.digest if moved and moved.digest != image.manifest.digest else None
    if args.json:
        print_json(
            report(image) | {"tag": args.tag, "written": written, "tag_was": before, "notes": notes}
        )
        return
    print(f"{args.out}:{args.tag}\n")
    print_blobs(image)
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
        if args.json:
            print_json({"tags": tags(layout)})
        else:
            print_tags(layout)
        return
    image = open_image(args.image, args.platform)
    files = flatten(image)  # checks every layer, too
    needed = needs(image, files)
    if args.json:
        print_json(report(image) | {"files": len(files), "needs": listed(needed)})
        return
    print_image(image, len(files), needed)


def _diff(args: argparse.Namespace) -> None:
    old, new = (
        _opened(one, name, args.platform) for name, one in (("A", args.old), ("B", args.new))
    )
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
                "blobs": [blob | {"sent": blob["digest"] in sent} for blob in blobs(new)],
                "sent": shipment.size,
                "kept": shipment.saved,
                "unpacked_again": shipment.unpacked_again,
                "files": [{"path": path, "change": kind} for kind, path in files],
                "config": settings,
            }
        )
        return
    print_shipment(new, shipment)
    if settings:
        print(_("Settings that differ: {names}").format(names=", ".join(settings)))
    if files:
        print("\n" + columns([(_(CHANGES[kind]), path) for kind, path in files[:MOST_FILES]]))
    if len(files) > MOST_FILES:
        print(_("and {n} more; --json lists them all").format(n=len(files) - MOST_FILES))


def _opened(reference: str, name: str, platform: str) -> Image:
    """One of several images; ``name`` is what the command line calls it."""
    try:
        return open_image(reference, platform)
    except BadInput as error:
        if error.argument != "LAYOUT":
            raise
        raise BadInput(name, error.message) from None


def _tag(args: argparse.Namespace) -> None:
    try:
        check_tag(args.name)
    except BadInput as error:
        raise BadInput("TAG", error.message) from None
    folder, name = split_reference(args.image)
    layout = read_layout(folder)
    target = find(layout, name)  # an index, perhaps: the tag is for all its platforms
    layout.fetch(target)
    moved = layout.tags.get(args.name)
    before = moved.digest if moved and moved.digest != target.digest else None
    layout.tag(args.name, target)
    write_layout(layout, folder)
    if args.json:
        print_json({"tag": args.name, "tag_was": before, "manifest": target.digest})
        return
    print(f"{folder}:{args.name} → {target.digest}")
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
