"""An image: a manifest that names a config and, in order, the layers.

Source: OCI image-spec, ``manifest.md`` and ``image-index.md``. Where a tag points to an index, the
manifest for one platform is taken from it: the same name, another content for each architecture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lab_kernel.containers.image.changes import apply
from lab_kernel.containers.image.config import ARCHITECTURE, MEDIA_TYPE, SYSTEM, Config, read_config
from lab_kernel.containers.image.digest import (
    Descriptor,
    chain_ids,
    damaged,
    descriptor,
    part,
)
from lab_kernel.containers.image.layer import MOST, pack, read_layer
from lab_kernel.containers.image.layout import INDEX, MANIFEST, Layout, read_index
from lab_kernel.containers.image.tar import Entry
from lab_kernel.containers.image.tree import Tree
from lab_kernel.errors import BadInput
from lab_kernel.language import _

PLATFORM = f"{SYSTEM}/{ARCHITECTURE}"
_DEEPEST = 4  # an index may point to an index


@dataclass(frozen=True)
class Image:
    """``layers`` from the lowest; their DiffIDs are in the config, in the same order."""

    layout: Layout
    manifest: Descriptor
    config_blob: Descriptor
    config: Config
    layers: tuple[Descriptor, ...]

    @property
    def diff_ids(self) -> tuple[str, ...]:
        return self.config.diff_ids

    @property
    def chain_ids(self) -> tuple[str, ...]:
        return chain_ids(self.config.diff_ids)

    @property
    def blobs(self) -> tuple[Descriptor, ...]:
        """All that somebody must have to have the image: manifest, config, layers."""
        unique = {one.digest: one for one in (self.manifest, self.config_blob, *self.layers)}
        return tuple(unique.values())


def load(layout: Layout, reference: str = "", platform: str = "") -> Image:
    """The image by a tag, by a digest, or the only one there is.

    ``platform`` is the one it has to be for; without, of an index ours is taken, and else any.
    Manifest, config and all descriptors are read and checked; layers when they are unpacked.
    """
    found = find(layout, reference)
    for _level in range(_DEEPEST):
        if found.media_type != INDEX:
            break
        entries = read_index(layout.fetch_json(found), found.digest)
        found = _for_platform(entries, platform or PLATFORM)
    if found.media_type != MANIFEST:
        raise damaged(
            found.digest,
            _("“{type}” is no image manifest").format(type=found.media_type[:80]),
        )
    manifest = layout.fetch_json(found)
    where = found.digest
    if part(manifest, where, "schemaVersion", int) != 2:
        raise damaged(
            where, _("“{name}” is missing or of the wrong kind").format(name="schemaVersion")
        )
    config_blob = descriptor(part(manifest, where, "config", dict), where)
    if config_blob.media_type != MEDIA_TYPE:
        raise damaged(
            where, _("“{type}” is no image config").format(type=config_blob.media_type[:80])
        )
    layers = tuple(descriptor(one, where) for one in part(manifest, where, "layers", list))
    config = read_config(layout.fetch_json(config_blob), config_blob.digest)
    if len(layers) != len(config.diff_ids):
        raise damaged(where, _("the config names another number of layers than the manifest"))
    if platform not in ("", config.platform):
        raise _no_image_for(platform, [config.platform])
    return Image(layout, replace(found, annotations={}), config_blob, config, layers)


def find(layout: Layout, reference: str) -> Descriptor:
    """The entry of the index by a tag, by a digest, or the only one: a manifest or an index."""
    if reference.startswith("sha256:"):
        for entry in layout.entries:
            if entry.digest == reference:
                return entry
        raise BadInput(
            "LAYOUT",
            _("no entry of the index has the digest {digest}").format(digest=reference[:80]),
        )
    tags = layout.tags
    if not reference and len(layout.entries) == 1:
        return layout.entries[0]
    if reference in tags:
        return tags[reference]
    allowed = ", ".join(sorted(tags)) or _("none")
    if reference:
        message = _("there is no tag “{name}”; these there are: {allowed}")
    elif layout.entries:
        message = _("it holds {count} images: say which, LAYOUT:TAG; tags: {allowed}")
    else:
        message = _("it holds no image")
    count = len(layout.entries)
    raise BadInput("LAYOUT", message.format(name=reference[:80], allowed=allowed, count=count))


def _for_platform(entries: Sequence[Descriptor], platform: str) -> Descriptor:
    offered = []
    for entry in entries:
        said = entry.platform
        offered.append(f"{said.get('os')}/{said.get('architecture')}")
        if offered[-1] == platform:
            return entry
    raise _no_image_for(platform, offered)


def _no_image_for(platform: str, offered: Sequence[str]) -> BadInput:
    return BadInput(
        "platform",
        _("there is no image for {platform}; choose one of: {allowed}").format(
            platform=platform, allowed=", ".join(offered) or _("none")
        ),
    )


def assemble(
    layout: Layout,
    config: Config,
    base: Image | None,
    changes: Sequence[Sequence[Entry]],
    compression: str = "none",
) -> Image:
    """Put config, layers and manifest into the layout: the base's layers, then one for each set of
    changes. ``config.diff_ids`` is filled in. The image has no tag yet."""
    layers, diff_ids = list(base.layers if base else ()), list(base.diff_ids if base else ())
    if base:
        for layer in base.layers:
            layout.add(base.layout.fetch(layer), layer.media_type)
    for entries in changes:
        blob, layer, diff_id = pack(entries, compression)
        layout.add(blob, layer.media_type)
        layers.append(layer)
        diff_ids.append(diff_id)
    config = replace(config, diff_ids=tuple(diff_ids))
    config_blob = layout.add_json(config.to_json(), MEDIA_TYPE)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config_blob.to_json(),
        "layers": [layer.to_json() for layer in layers],
    }
    stored = layout.add_json(manifest, MANIFEST)
    platform = {"architecture": config.architecture, "os": config.system}
    return Image(layout, replace(stored, platform=platform), config_blob, config, tuple(layers))


def contents(image: Image, most: int = MOST) -> list[list[Entry]]:
    """What each layer holds, checked: blob, DiffID, every path; ``most`` bytes for all together."""
    held: list[list[Entry]] = []
    for layer, diff_id in zip(image.layers, image.diff_ids, strict=True):
        blob = image.layout.fetch(layer)
        entries, size = read_layer(blob, layer, diff_id, layer.digest, most)
        most -= size
        held.append(entries)
    return held


def flatten(image: Image, most: int = MOST) -> Tree:
    """What a container of this image sees: all layers, one on the other."""
    files: Tree = {}
    for layer, entries in zip(image.layers, contents(image, most), strict=True):
        files = apply(files, entries, layer.digest)
    return files
