"""``LAYOUT``, ``LAYOUT:TAG``, ``LAYOUT@sha256:...``: which image of which layout on this disk."""

from __future__ import annotations

import re
from pathlib import Path

from lab_kernel.containers.image.folder import read_layout
from lab_kernel.containers.image.image import Image, load
from lab_kernel.errors import BadInput
from lab_kernel.language import _

_WRITTEN = re.compile(r"(?:oci:)?(.+?)(?:@(sha256:[0-9a-f]{64})|:([^:/]*))?", re.DOTALL)


def split_reference(text: str) -> tuple[str, str]:
    """The directory, and a tag, a digest or nothing. ``oci:`` in front, as in skopeo, is fine."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise BadInput("LAYOUT", _("the name is empty"))
    folder, name, tag = found.groups()
    _folder, _at, written = text.rpartition("@sha256:")
    if _at and name is None and not Path(text).exists():
        message = _("“{digest}” is no sha256 digest")
        raise BadInput("LAYOUT", message.format(digest=f"sha256:{written[:73]}"))
    if tag is not None and Path(f"{folder}:{tag}").is_dir():  # a directory with a colon
        return f"{folder}:{tag}", ""
    return folder, name or tag or ""


def open_image(text: str, platform: str = "", beside: str | Path = "") -> Image:
    """The image that a reference names; a relative directory is looked for ``beside`` another."""
    folder, name = split_reference(text)
    return load(read_layout(Path(beside, folder)), name, platform)
