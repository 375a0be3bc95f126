"""A layer's file format: tar, written so that the same entries are the same bytes everywhere.

The writer is ours: Python's own has changed its bytes between releases. Format: ustar (POSIX.1),
with a pax header before an entry whose name or number does not fit; entries in the order of their
names; owners by number only. The reader is Python's, with names and kinds checked.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lab_kernel.containers.image.digest import damaged
from lab_kernel.containers.image.tree import Node
from lab_kernel.errors import BadInput
from lab_kernel.language import _

BLOCK = 512
MOST_ENTRIES = 200_000
_TYPES = {"file": b"0", "symlink": b"2", "directory": b"5"}
_HARD_LINK = b"1"
_MOST_ID = 2**32 - 1  # chown(2): this one means "leave it"
_LATEST = 2**40  # seconds; no file system goes so far


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of a layer. ``link`` makes ``path`` one more name of the file at that path."""

    path: str
    node: Node
    link: str = ""


def write_tar(entries: Iterable[Entry]) -> bytes:
    """The archive: two blocks of zeros end it."""
    parts: list[bytes] = []
    for entry in sorted(entries, key=lambda each: each.path):
        parts += _member(entry)
    return b"".join(parts) + bytes(2 * BLOCK)


def _member(entry: Entry) -> Iterator[bytes]:
    node = entry.node
    name = entry.path + "/" * (node.kind == "directory")
    target = entry.link or node.target
    content = b"" if entry.link else node.content
    kind = _HARD_LINK if entry.link else _TYPES[node.kind]
    long: list[tuple[str, bytes]] = []
    for key, text in (("path", name), ("linkpath", target)):
        raw = _bytes(text)
        if len(raw) > 100 or not raw.isascii():
            long.append((key, raw))
    for key, number, most in (
        ("uid", node.uid, 0o7777777),
        ("gid", node.gid, 0o7777777),
        ("mtime", node.mtime, 0o77777777777),
    ):
        if not 0 <= number <= most:
            long.append((key, str(number).encode()))
    if long:
        records = b"".join(_record(key, value) for key, value in long)
        header = Node("file", 0o644)
        yield _header("PaxHeaders/entry", header, b"x", "", len(records))
        yield _padded(records)
    yield _header(name, node, kind, target, len(content))
    yield _padded(content)


def _record(key: str, value: bytes) -> bytes:
    """``LENGTH key=value\\n``, where LENGTH counts itself."""
    rest = b" " + key.encode() + b"=" + value + b"\n"
    length = len(rest)
    while len(str(length)) + len(rest) != length:
        length = len(str(length)) + len(rest)
    return str(length).encode() + rest


def _header(name: str, node: Node, kind: bytes, target: str, size: int) -> bytes:
    """512 bytes; a number that a pax record holds is 0 here."""

    def octal(number: int, width: int) -> bytes:
        fits = 0 <= number < 8 ** (width - 1)
        return f"{number if fits else 0:0{width - 1}o}\0".encode()

    before = _short(name) + octal(node.mode & 0o7777, 8) + octal(node.uid, 8) + octal(node.gid, 8)
    before += octal(size, 12) + octal(node.mtime, 12)
    after = kind + _short(target) + b"ustar\x0000" + bytes(64) + octal(0, 8) * 2 + bytes(167)
    # the sum counts its own eight bytes as spaces
    total = sum(before) + 8 * ord(" ") + sum(after)
    return before + f"{total:06o}\0 ".encode() + after


def _short(text: str) -> bytes:
    return (
        _bytes(text).decode("ascii", "replace").replace("�", "?").encode()[:100].ljust(100, b"\0")
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % BLOCK)


def read_tar(archive: bytes, where: str, most: int) -> list[Entry]:
    """The members in their order; paths are cleaned and never lead outside.

    BadInput: no tar, a path with ``..``, a kind of file that is left out, or more than ``most``
    bytes of content.
    """
    entries: list[Entry] = []
    size = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:", encoding="utf-8") as tar:
            for member in tar:
                size += member.size if member.isreg() else 0
                if size > most or len(entries) >= MOST_ENTRIES:
                    raise damaged(where, _("it unpacks to more than is allowed here"))
                entry = _entry(tar, member, where)
                if entry is not None:
                    entries.append(entry)
            # Python ends quietly at a header that it cannot read
            if archive[tar.offset : tar.offset + BLOCK].strip(b"\0"):
                raise damaged(where, _("it is not a tar archive"))
    except BadInput:
        raise
    except (tarfile.TarError, ValueError, EOFError, OverflowError, LookupError, TypeError):
        raise damaged(where, _("it is not a tar archive")) from None
    return entries


def _entry(tar: tarfile.TarFile, member: tarfile.TarInfo, where: str) -> Entry | None:
    path = _inside(member.name, where)
    if not path:  # the root itself
        return None
    if not (
        0 <= member.uid < _MOST_ID and 0 <= member.gid < _MOST_ID and abs(member.mtime) < _LATEST
    ):
        raise damaged(where, _("{path}: an owner or a time that no file has").format(path=path))
    node = Node(
        "file",
        member.mode & 0o7777,
        uid=member.uid,
        gid=member.gid,
        mtime=int(member.mtime),
    )
    if member.isdir():
        return Entry(path, replace(node, kind="directory"))
    if member.issym():
        return Entry(path, replace(node, kind="symlink", mode=0o777, target=member.linkname))
    if member.islnk():
        return Entry(path, node, _inside(member.linkname, where))
    if member.isreg():
        data = tar.extractfile(member)
        return Entry(path, replace(node, content=data.read() if data else b""))
    raise damaged(
        where,
        _("{path} is neither file, directory nor link: such are not supported").format(path=path),
    )


def _inside(name: str, where: str) -> str:
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts or "\0" in name:
        raise damaged(where, _("“{path}” leads out of the image").format(path=name[:80]))
    return "/".join(parts)
