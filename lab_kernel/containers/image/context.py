"""A folder on a real disk as a tree: what a build may copy from."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from pathlib import Path

from lab_kernel.containers.image.containerfile import FILES
from lab_kernel.containers.image.ignore import NAMES, Ignored
from lab_kernel.containers.image.layer import MOST
from lab_kernel.containers.image.tar import MOST_ENTRIES
from lab_kernel.containers.image.tree import Node, Tree, below
from lab_kernel.errors import BadInput
from lab_kernel.host.reasons import reason
from lab_kernel.language import _


def read_folder(
    folder: str | Path,
    *,
    without: str | Path | None = None,
    needed: Collection[str] = FILES,
    most: int = MOST,
) -> Tree:
    """What a directory holds, but for what its ignore file names; links stay links.

    ``without`` is left out: the layout that the build itself writes. ``needed`` is read even if it
    is ignored. BadInput for pipes, sockets and devices, and beyond ``most`` bytes.
    """
    root = Path(folder)
    if not root.is_dir():
        raise BadInput("DIR", _("{path} is not a directory").format(path=folder))
    left_out = os.path.realpath(without) if without else None
    ignored = _ignored(root)
    files: Tree = {}
    todo = [""]
    while todo:
        above = todo.pop()
        try:
            with os.scandir(root / above) as found:
                listed = sorted(found, key=lambda each: each.name)
        except OSError as error:
            raise BadInput("DIR", f"{root / above}: {reason(error)}") from None
        for one in listed:
            path = below(above, one.name)
            skipped = path in ignored and path not in needed
            real = one.is_dir(follow_symlinks=False)
            if (real and os.path.realpath(one.path) == left_out) or (
                skipped and not (real and ignored.takes_back)
            ):
                continue
            files[path] = _node(one, path, most)
            most -= len(files[path].content)
            if len(files) > MOST_ENTRIES:
                raise _too_large()
            if real:
                todo.append(path)
    return files


def _ignored(root: Path) -> Ignored:
    for name in NAMES:
        if (root / name).is_file():
            return Ignored((root / name).read_text("utf-8", "replace"))
    return Ignored("")


def _node(one: os.DirEntry[str], path: str, most: int) -> Node:
    try:
        path.encode()
    except UnicodeEncodeError:
        raise BadInput("DIR", _("{path}: the name is not UTF-8").format(path=ascii(path))) from None
    about = one.stat(follow_symlinks=False)
    if stat.S_ISDIR(about.st_mode):
        return Node("directory", 0o755)
    if stat.S_ISLNK(about.st_mode):
        return Node("symlink", 0o777, target=Path(one.path).readlink().as_posix())
    if not stat.S_ISREG(about.st_mode):
        message = _("{path} is neither file, directory nor link: such are not supported")
        raise BadInput("DIR", message.format(path=path))
    if about.st_size > most:
        raise _too_large()
    try:
        return Node("file", stat.S_IMODE(about.st_mode), Path(one.path).read_bytes())
    except OSError as error:
        raise BadInput("DIR", f"{path}: {reason(error)}") from None


def _too_large() -> BadInput:
    return BadInput(
        "DIR", _("the folder is larger than an image may be here; see .containerignore")
    )
