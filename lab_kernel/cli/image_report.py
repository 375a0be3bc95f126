"""How ``lab-kernel image`` says what an image is: one JSON object, or a table of its blobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab_kernel.cli.output import columns
from lab_kernel.containers.image import Image, Layout, Need, Shipment
from lab_kernel.language import _

SHORT = len("sha256:") + 12  # as much of a digest as a table shows


def report(image: Image) -> dict[str, Any]:
    """An image as a JSON object; ``id`` is the digest of its config."""
    return {
        "manifest": image.manifest.digest,
        "id": image.config_blob.digest,
        "blobs": blobs(image),
        "config": image.config.to_json(),
    }


def blobs(image: Image) -> list[dict[str, Any]]:
    """Manifest, config and the layers from the lowest."""
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


def named(blob: dict[str, Any]) -> str:
    if blob["kind"] == "layer":
        return _("layer {n}").format(n=blob["number"])
    return _("manifest") if blob["kind"] == "manifest" else _("config")


def print_blobs(image: Image) -> None:
    rows = [(_("blob"), _("digest"), _("bytes"), "DiffID", "ChainID")]
    for blob in blobs(image):
        ids = [blob.get(key, "")[:SHORT] for key in ("diff_id", "chain_id")]
        rows.append((named(blob), blob["digest"][:SHORT], blob["size"], ids[0], ids[1]))
    print(columns(rows, indent=""))


def quoted(word: str) -> str:
    return word if word and " " not in word else f'"{word}"'


def problem(need: Need) -> str:
    """What is wrong with something that is needed, in words."""
    if need.by:
        return _("{name}, which /{by} needs: {problem}").format(
            name=need.name, by=need.by, problem=_(need.problem)
        )
    return _("{name}: {problem}").format(name=need.name, problem=_(need.problem))


def tags(layout: Layout) -> list[dict[str, Any]]:
    """The tags of a layout, by name; an index has no platform of its own."""
    return [
        {"tag": name, "digest": one.digest, "platform": _platform(one.platform)}
        for name, one in sorted(layout.tags.items())
    ]


def _platform(said: Mapping[str, Any]) -> str | None:
    return f"{said['os']}/{said['architecture']}" if {"os", "architecture"} <= set(said) else None


def print_tags(layout: Layout) -> None:
    rows = [(one["tag"], one["digest"], one["platform"] or "-") for one in tags(layout)]
    print(columns([(_("tag"), _("digest"), _("platform")), *rows], indent=""))


def print_shipment(new: Image, shipment: Shipment) -> None:
    """What of an image has to be sent."""
    sent = {blob.digest for blob in shipment.sent}
    rows = [(_("blob"), _("digest"), _("bytes"), "")]
    for blob in blobs(new):
        word = _("sent") if blob["digest"] in sent else _("there already")
        rows.append((named(blob), blob["digest"][:SHORT], blob["size"], word))
    print(columns(rows, indent=""))
    print(
        "\n"
        + _("To ship: {sent} bytes; there already: {kept}; layers to unpack again: {n}.").format(
            sent=f"{shipment.size:,}", kept=f"{shipment.saved:,}", n=shipment.unpacked_again
        )
    )


def listed(needed: Sequence[Need]) -> list[dict[str, str | None]]:
    """What is needed to start, for JSON: null where there is nothing to say."""
    return [
        {"name": one.name, "by": one.by, "path": one.path or None, "problem": one.problem or None}
        for one in needed
    ]


def print_image(image: Image, files: int, needed: Sequence[Need]) -> None:
    """The blobs, the settings, and what is needed to start."""
    print_blobs(image)
    config = image.config
    rows = [
        (_("platform"), config.platform),
        (_("starts"), " ".join(map(quoted, config.argv)) or "-"),
        (_("user"), config.user or "-"),
        (_("working directory"), config.workdir or "/"),
        *((_("environment"), f"{key}={value}") for key, value in config.env.items()),
        *((_("label"), f"{key}={value}") for key, value in config.labels.items()),
        (_("files"), f"{files:,}"),
        *((_("needed to start"), f"/{one.path}") for one in needed if not one.problem),
        *((_("cannot start"), problem(one)) for one in needed if one.problem),
    ]
    print("\n" + columns(rows, indent=""))
