"""How ``lab-kernel image`` says what an image is: one JSON object, or a table of its blobs."""

from __future__ import annotations

from typing import Any

from lab_kernel.cli.output import columns
from lab_kernel.containers.image import Image, Need
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
