"""Files in memory: what a layer changes and what a container sees as its root directory.

A Tree maps a path without a slash in front (``etc/passwd``) to a Node; the root itself is not in
it. A Node that stands under two names is one file with two names: a hard link. Left out: devices,
pipes, sockets, extended attributes, fractions of seconds, and the owner and mode of the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from lab_kernel.errors import BadInput
from lab_kernel.language import _

MOST_LINKS = 40  # as many as Linux follows on one path (MAXSYMLINKS)


@dataclass(frozen=True, slots=True)
class Node:
    """``kind`` is file, directory or symlink; ``mtime`` in seconds since 1970."""

    kind: str
    mode: int
    content: bytes = b""
    target: str = ""
    uid: int = 0
    gid: int = 0
    mtime: int = 0


Tree: TypeAlias = dict[str, Node]


def file(content: bytes | str, mode: int = 0o644) -> Node:
    data = content.encode() if isinstance(content, str) else content
    return Node("file", mode, data)


def directory(mode: int = 0o755) -> Node:
    return Node("directory", mode)


def symlink(target: str) -> Node:
    return Node("symlink", 0o777, target=target)


def tree(files: Mapping[str, bytes | str | Node]) -> Tree:
    """Files by path, with the directories that they stand in: ``tree({"bin/sh": b"..."})``.

    Text and bytes become files of mode 644, a path that ends with a slash a directory.
    """
    made: Tree = {}
    for name, given in files.items():
        path = clean(name)
        if not isinstance(given, Node):
            given = directory() if name.endswith("/") else file(given)
        for parent in parents(path):
            if made.setdefault(parent, directory()).kind != "directory":
                raise BadInput("files", _("{path} is not a directory").format(path=parent))
        made[path] = given
    return made


def clean(path: str) -> str:
    """Without slashes in front or behind and without ``.``; BadInput for ``..`` and for nothing."""
    parts = [name for name in path.split("/") if name not in ("", ".")]
    if not parts or ".." in parts or "\0" in path:
        raise BadInput("files", _("“{path}” is no path of a file").format(path=path[:80]))
    return "/".join(parts)


def parents(path: str) -> Iterator[str]:
    """``a``, then ``a/b``, for ``a/b/c``."""
    parts = path.split("/")
    yield from ("/".join(parts[:n]) for n in range(1, len(parts)))


def parent(path: str) -> str:
    return path.rpartition("/")[0]


def below(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


def is_directory(files: Tree, path: str) -> bool:
    return not path or (path in files and files[path].kind == "directory")


def resolve(files: Tree, path: str, follow: bool = True) -> str:
    """Where a path leads. Symbolic links stay inside: ``/`` is this tree's root, and so is its
    ``..``. The last part is followed only with ``follow``. What is not there leads to itself."""
    todo = [name for name in reversed(path.split("/")) if name not in ("", ".")]
    at: list[str] = []
    links = 0
    while todo:
        name = todo.pop()
        if name == "..":
            at = at[:-1]
            continue
        node = files.get("/".join([*at, name]))
        if node is None or node.kind != "symlink" or not (todo or follow):
            at.append(name)
            continue
        links += 1
        if links > MOST_LINKS:
            raise BadInput("files", _("{path}: too many symbolic links").format(path=path))
        if node.target.startswith("/"):
            at = []
        todo += [part for part in reversed(node.target.split("/")) if part not in ("", ".")]
    return "/".join(at)


def remove(files: Tree, path: str) -> None:
    """A name, and what is below it."""
    node = files.pop(path, None)
    if node is not None and node.kind == "directory":
        for inside in [name for name in files if name.startswith(f"{path}/")]:
            del files[inside]
