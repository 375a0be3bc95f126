"""An image layout: blobs by digest, and an index that gives some of them a name.

Source: OCI image-spec, ``image-layout.md``. In memory a layout is a mapping from digest to bytes;
``folder.py`` keeps the same on a disk. A tag is an entry of the index and may be moved to another
manifest; a digest is the content's own name and cannot. Every blob is checked against the digest
and the size of its descriptor before anything is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from lab_kernel.containers.image.digest import (
    Descriptor,
    canonical,
    damaged,
    describe,
    descriptor,
    digest,
    parse,
    part,
)
from lab_kernel.errors import BadInput
from lab_kernel.language import _

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
REF_NAME = "org.opencontainers.image.ref.name"
LAYOUT_FILE = {"imageLayoutVersion": "1.0.0"}
# distribution-spec: what a registry takes as a tag
_TAG = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}")


@dataclass
class Layout:
    """``blobs`` by digest; ``added`` are those that were put in here; ``entries`` the index."""

    blobs: Mapping[str, bytes] = field(default_factory=dict)
    entries: list[Descriptor] = field(default_factory=list)
    added: dict[str, bytes] = field(default_factory=dict)

    def add(self, content: bytes, media_type: str) -> Descriptor:
        """Keep a blob; one that is there already costs nothing."""
        made = describe(content, media_type)
        self.added[made.digest] = content
        return made

    def add_json(self, value: Any, media_type: str) -> Descriptor:
        return self.add(canonical(value), media_type)

    def fetch(self, wanted: Descriptor) -> bytes:
        """The blob behind a descriptor; BadInput if it is missing or not what it is said to be."""
        content = self.added.get(wanted.digest)
        if content is None:
            content = self.blobs.get(wanted.digest)
        if content is None:
            raise damaged(wanted.digest, _("there is no such blob in the layout"))
        if len(content) != wanted.size:
            raise damaged(
                wanted.digest,
                _("{found} bytes instead of {size}").format(found=len(content), size=wanted.size),
            )
        found = digest(content)
        if found != wanted.digest:
            raise damaged(
                wanted.digest, _("the content has the digest {found}").format(found=found)
            )
        return content

    def fetch_json(self, wanted: Descriptor) -> dict[str, Any]:
        return parse(self.fetch(wanted), wanted.digest)

    @property
    def tags(self) -> dict[str, Descriptor]:
        """What each tag points to now."""
        named = ((entry.annotations.get(REF_NAME), entry) for entry in self.entries)
        return {name: entry for name, entry in named if name}

    def tag(self, name: str, target: Descriptor) -> None:
        """Point a tag to a manifest; what it pointed to before stays, without that name."""
        check_tag(name)
        kept = [one for one in self.entries if one.annotations.get(REF_NAME) != name]
        self.entries = [*kept, replace(target, annotations={REF_NAME: name})]

    def index(self) -> dict[str, Any]:
        return index(self.entries)


def index(entries: Sequence[Descriptor]) -> dict[str, Any]:
    """The index's JSON object."""
    manifests = [entry.to_json() for entry in entries]
    return {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}


def read_index(value: Any, where: str) -> list[Descriptor]:
    if part(value, where, "schemaVersion", int) != 2:
        raise damaged(
            where, _("“{name}” is missing or of the wrong kind").format(name="schemaVersion")
        )
    return [descriptor(one, where) for one in part(value, where, "manifests", list)]


def check_tag(name: str) -> None:
    if not _TAG.fullmatch(name):
        raise BadInput(
            "tag",
            _(
                "“{name}” is no tag: letters, digits, “_”, “.” and “-”, the first a letter, a"
                " digit or “_”, at most 128"
            ).format(name=name[:40]),
        )
