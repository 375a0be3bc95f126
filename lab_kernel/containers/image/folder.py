"""Layouts and trees on a real disk.

Reading refuses what it does not understand; writing never leaves half of a thing. A tree is
written only into a directory of our own making: nothing that was there before is followed or
replaced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from lab_kernel.containers.image.digest import MOST_JSON, canonical, damaged, digest, parse, part
from lab_kernel.containers.image.image import Image, flatten
from lab_kernel.containers.image.layer import MOST
from lab_kernel.containers.image.layout import LAYOUT_FILE, Layout, read_index
from lab_kernel.containers.image.tree import Tree
from lab_kernel.errors import BadInput
from lab_kernel.host.reasons import reason
from lab_kernel.language import _


class Blobs(Mapping[str, bytes]):
    """The blobs of a layout on disk, read when they are asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root / "blobs"

    def path(self, name: str) -> Path:
        algorithm, _colon, hexadecimal = name.partition(":")
        return self._root / algorithm / hexadecimal

    def __getitem__(self, name: str) -> bytes:
        try:
            return _read(self.path(name), MOST)
        except FileNotFoundError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return (f"sha256:{found.name}" for found in sorted((self._root / "sha256").iterdir()))

    def __len__(self) -> int:
        return sum(1 for _each in self)


def read_layout(folder: str | Path) -> Layout:
    """A layout that is a directory; BadInput if it is none."""
    root = Path(folder)
    try:
        marker = parse(_read(root / "oci-layout", MOST_JSON), "oci-layout")
        listed = parse(_read(root / "index.json", MOST_JSON), "index.json")
    except (FileNotFoundError, NotADirectoryError):
        message = _("{path} is no image layout: oci-layout or index.json is missing")
        raise BadInput("LAYOUT", message.format(path=folder)) from None
    except OSError as error:
        raise BadInput("LAYOUT", f"{folder}: {reason(error)}") from None
    version = part(marker, "oci-layout", "imageLayoutVersion", str)
    if version.split(".")[0] != "1":
        message = _("layouts of version {version} are not supported")
        raise damaged("oci-layout", message.format(version=version[:20]))
    return Layout(Blobs(root), read_index(listed, "index.json"))


def _read(path: Path, most: int) -> bytes:
    """A regular file of at most ``most`` bytes."""
    if not path.is_file():
        if path.exists():
            raise BadInput("LAYOUT", _("{path} is not a file").format(path=path))
        raise FileNotFoundError(path)
    if path.stat().st_size > most:
        raise BadInput(
            "LAYOUT", _("{path}: larger than {most:,} bytes").format(path=path, most=most)
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput("LAYOUT", f"{path}: {reason(error)}") from None


def check_writable(folder: str | Path) -> None:
    """BadInput if the directory holds something that is no layout."""
    root = Path(folder)
    try:
        other = root.exists() and not (root / "oci-layout").exists() and any(root.iterdir())
    except OSError as error:
        raise BadInput("LAYOUT", f"{folder}: {reason(error)}") from None
    if other:
        message = _("{path} is neither empty nor an image layout")
        raise BadInput("LAYOUT", message.format(path=folder))


def write_layout(layout: Layout, folder: str | Path) -> list[str]:
    """Write what the layout added, then its index; the digests of the blobs that were not there.

    The directory is made if need be. BadInput if it holds something that is no layout.
    """
    root = Path(folder)
    try:
        check_writable(folder)
        (root / "blobs" / "sha256").mkdir(parents=True, exist_ok=True)
        blobs = Blobs(root)
        new = []
        for name, content in sorted(layout.added.items()):
            path = blobs.path(name)
            if path.is_file() and digest(path.read_bytes()) == name:
                continue
            _write(path, content)
            new.append(name)
        _write(root / "oci-layout", canonical(LAYOUT_FILE))
        _write(root / "index.json", canonical(layout.index()))
    except OSError as error:
        raise BadInput("LAYOUT", f"{folder}: {reason(error)}") from None
    return new


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def unpack(image: Image, folder: str | Path, most: int = MOST) -> Tree:
    """Apply the layers and write what they make into a new or empty directory.

    Owners are set where we are root. Returns the tree that was written. BadInput if the image is
    damaged, too large or leads out of the directory: then nothing is left behind.
    """
    files = flatten(image, most)
    write_tree(files, folder)
    return files


def write_tree(files: Tree, folder: str | Path) -> None:
    """A tree as real files: complete, or not at all."""
    target = Path(folder)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        if target.exists() and not target.is_dir():
            raise BadInput("DIR", _("{path} is not a directory").format(path=folder))
        if target.is_symlink() or (target.exists() and any(target.iterdir())):
            raise BadInput("DIR", _("{path} is there already and not empty").format(path=folder))
        temporary.mkdir(mode=0o755)
        temporary.chmod(0o755)
        _fill(files, temporary)
        temporary.replace(target)
    except OSError as error:
        raise BadInput("DIR", f"{folder}: {reason(error)}") from None
    except ValueError as error:  # a name that this system's files cannot have
        raise error if isinstance(error, BadInput) else BadInput("DIR", str(error)) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _fill(files: Tree, root: Path) -> None:
    owned = hasattr(os, "geteuid") and os.geteuid() == 0
    written: dict[int, Path] = {}  # the first name of each file
    for name in sorted(files):  # a directory comes before what is in it
        node, path = files[name], root / name
        if node.kind == "directory":
            path.mkdir(mode=0o700)
        elif node.kind == "symlink":
            path.symlink_to(node.target)
        elif id(node) in written:
            path.hardlink_to(written[id(node)])
        else:
            written[id(node)] = path
            with path.open("xb") as new:
                new.write(node.content)
    for name in sorted(files, reverse=True):  # and after it, when nothing changes its time any more
        node, path = files[name], root / name
        if owned:
            os.chown(path, node.uid, node.gid, follow_symlinks=False)
        if node.kind != "symlink":
            path.chmod(node.mode)
        if os.utime in os.supports_follow_symlinks:
            os.utime(path, (node.mtime, node.mtime), follow_symlinks=False)
