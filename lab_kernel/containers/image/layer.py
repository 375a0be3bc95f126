"""A layer as a blob: tar as it is, or compressed with gzip.

The DiffID is the digest of the tar, the descriptor's digest that of the blob. Uncompressed they
are one. Tar is the default here, because then every digest follows from the content alone.
gzip's frame is fixed (level 9, no name, time 0), but zlib builds may find other bytes for the same
content: the blob's digest, and with it the manifest's, may differ between machines; the DiffID
cannot.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

from lab_kernel.containers.image.digest import Descriptor, damaged, describe, digest
from lab_kernel.containers.image.tar import Entry, read_tar, write_tar
from lab_kernel.errors import BadInput
from lab_kernel.language import _

TAR = "application/vnd.oci.image.layer.v1.tar"
GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
COMPRESSIONS = {"none": TAR, "gzip": GZIP}
MOST = 512 << 20  # bytes that the layers of an image may unpack to
_LEVEL = 9
_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 1 << 16
# RFC 1952: magic, deflate, no flags, no time, the slowest level, an unknown system
_HEADER = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 255])


def pack(entries: Iterable[Entry], compression: str = "none") -> tuple[bytes, Descriptor, str]:
    """The blob of a layer, its descriptor and its DiffID."""
    if compression not in COMPRESSIONS:
        allowed = ", ".join(COMPRESSIONS)
        raise BadInput("compression", _("choose one of: {allowed}").format(allowed=allowed))
    archive = write_tar(entries)
    blob = archive if compression == "none" else gzip(archive)
    return blob, describe(blob, COMPRESSIONS[compression]), digest(archive)


def gzip(content: bytes) -> bytes:
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(content) + deflate.flush()
    trailer = struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return _HEADER + packed + trailer


def unpack_blob(blob: bytes, media_type: str, where: str, most: int = MOST) -> bytes:
    """The tar inside; BadInput for another type of layer, and for more than ``most`` bytes."""
    if media_type == TAR:
        if len(blob) > most:
            raise damaged(where, _("it unpacks to more than is allowed here"))
        return blob
    if media_type != GZIP:
        raise damaged(
            where,
            _("layers of type “{type}” are not supported; use {allowed}").format(
                type=media_type[:80], allowed=", ".join(COMPRESSIONS.values())
            ),
        )
    parts: list[bytes] = []
    size = at = 0
    inflate = zlib.decompressobj(wbits=_GZIP)
    while at < len(blob):
        if inflate.eof:  # a gzip file may have several members
            inflate = zlib.decompressobj(wbits=_GZIP)
        piece = blob[at : at + _PIECE]
        try:
            parts.append(inflate.decompress(piece, most - size + 1))
        except zlib.error:
            raise damaged(where, _("a damaged gzip file")) from None
        size += len(parts[-1])
        if size > most:
            raise damaged(where, _("it unpacks to more than is allowed here"))
        at += len(piece) - len(inflate.unused_data)
    if not inflate.eof:
        raise damaged(where, _("a damaged gzip file"))
    return b"".join(parts)


def read_layer(
    blob: bytes, layer: Descriptor, diff_id: str, where: str, most: int = MOST
) -> tuple[list[Entry], int]:
    """The entries, and how many bytes the tar has; BadInput unless it has this DiffID."""
    archive = unpack_blob(blob, layer.media_type, where, most)
    if digest(archive) != diff_id:
        raise damaged(where, _("what it unpacks to has not the DiffID that the config names"))
    return read_tar(archive, where, most), len(archive)
