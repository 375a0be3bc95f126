"""Two images beside each other: what they share, what differs, and what shipping costs.

A registry keeps blobs by digest. Whoever has the old image is sent only the blobs of the new one
that it lacks: so the price of a change is the size of the layers it is in, with config and
manifest. A layer is unpacked again when anything below it changed, too: unpacked layers are kept
by ChainID.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab_kernel.containers.image.digest import Descriptor
from lab_kernel.containers.image.image import Image
from lab_kernel.containers.image.tree import Tree


@dataclass(frozen=True, slots=True)
class Shipment:
    """``sent`` and ``kept`` are blobs of the new image; sizes in bytes, as they are stored."""

    sent: tuple[Descriptor, ...]
    kept: tuple[Descriptor, ...]
    unpacked_again: int

    @property
    def size(self) -> int:
        return sum(blob.size for blob in self.sent)

    @property
    def saved(self) -> int:
        return sum(blob.size for blob in self.kept)


def ship(new: Image, held: Iterable[Image]) -> Shipment:
    """What must be sent to one who has the images ``held``, and how many layers it unpacks."""
    images = list(held)
    there = {blob.digest for image in images for blob in image.blobs}
    chains = {chain for image in images for chain in image.chain_ids}
    return Shipment(
        sent=tuple(blob for blob in new.blobs if blob.digest not in there),
        kept=tuple(blob for blob in new.blobs if blob.digest in there),
        unpacked_again=sum(chain not in chains for chain in new.chain_ids),
    )


def changed(before: Tree, after: Tree) -> list[tuple[str, str]]:
    """``(added | removed | changed, path)`` in the order of the paths."""
    found = []
    for path in sorted(before.keys() | after.keys()):
        if path not in before:
            found.append(("added", path))
        elif path not in after:
            found.append(("removed", path))
        elif before[path] != after[path]:
            found.append(("changed", path))
    return found
