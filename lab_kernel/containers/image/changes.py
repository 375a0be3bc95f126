"""A layer as a set of changes: what to add, what to replace, what to hide.

Source: OCI image-spec, ``layer.md``. A file that is gone is a **whiteout**: an empty file named
``.wh.`` and the name. An **opaque** whiteout, ``.wh..wh..opq``, hides all that lower layers put
into its directory. Whiteouts hide lower layers only, never the layer that they stand in.
We write explicit whiteouts, as the spec recommends, and read both.
"""

from __future__ import annotations

from collections.abc import Iterable

from lab_kernel.containers.image.digest import damaged
from lab_kernel.containers.image.tar import Entry
from lab_kernel.containers.image.tree import (
    Node,
    Tree,
    below,
    directory,
    file,
    is_directory,
    parent,
    parents,
    remove,
    resolve,
)
from lab_kernel.errors import BadInput
from lab_kernel.language import _

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"


def diff(before: Tree, after: Tree) -> list[Entry]:
    """The changes that lead from one tree to the other, in the order of their paths.

    BadInput for a name that begins as a whiteout does: no layer can hold such a file.
    """
    changed: list[Entry] = []
    for path in before:
        above = parent(path)
        if path not in after and is_directory(before, above) and is_directory(after, above):
            changed.append(Entry(below(above, WHITEOUT + path.rpartition("/")[2]), file(b"")))
    first: dict[int, str] = {}  # the first name of each file
    for path in sorted(after):
        node = after[path]
        if path.rpartition("/")[2].startswith(WHITEOUT):
            message = _("{path}: names that begin with .wh. are reserved for whiteouts")
            raise BadInput("files", message.format(path=path))
        if before.get(path) != node:
            known = first.setdefault(id(node), path) if node.kind == "file" else path
            changed.append(Entry(path, node, known if known != path else ""))
    return sorted(changed, key=lambda entry: entry.path)


def apply(below_it: Tree, entries: Iterable[Entry], where: str = "layer") -> Tree:
    """The tree with one more layer on it: first what the layer hides, then what it holds.

    Directories that are missing are made. A symbolic link in the way is followed inside the tree.
    """
    entries = list(entries)
    files = _hide(dict(below_it), entries, where)
    for entry in entries:
        if entry.path.rpartition("/")[2].startswith(WHITEOUT):
            continue
        try:
            path = resolve(files, entry.path, follow=False)
            source = resolve(files, entry.link, follow=False) if entry.link else ""
        except BadInput as error:
            raise damaged(where, error.message) from None
        for above in parents(path):
            if files.setdefault(above, directory()).kind != "directory":
                raise damaged(where, _("{path} is not a directory").format(path=above))
        node = _linked(files, source, path, where) if entry.link else entry.node
        old = files.get(path)
        if old is not None and (old.kind, node.kind) != ("directory", "directory"):
            remove(files, path)
        files[path] = node
    return files


def _linked(files: Tree, source: str, path: str, where: str) -> Node:
    node = files.get(source)
    if node is None or node.kind == "directory":
        message = _("{path}: a hard link to {target}, which is no file here")
        raise damaged(where, message.format(path=path, target=source))
    return node


def _hide(files: Tree, entries: list[Entry], where: str) -> Tree:
    """Without what the whiteouts name and what an opaque one empties."""
    hidden, emptied = set[str](), set[str]()
    for entry in entries:
        folder, _slash, name = entry.path.rpartition("/")
        if not name.startswith(WHITEOUT):
            continue
        above = resolve(files, folder)
        gone = name.removeprefix(WHITEOUT)
        if name == OPAQUE:
            emptied.add(above)
        elif gone in ("", ".", "..") or gone.startswith(WHITEOUT):
            raise damaged(where, _("“{path}” is no whiteout").format(path=entry.path))
        else:
            hidden.add(below(above, gone))
    if not hidden and not emptied:
        return files

    def stays(path: str) -> bool:
        chain = [*parents(path), path]
        return not hidden.intersection(chain) and not emptied.intersection(["", *chain[:-1]])

    return {path: node for path, node in files.items() if stays(path)}
