"""COPY: files of the folder into the image.

As the Dockerfile reference says: of a directory its contents are copied; several sources, and a
destination that ends with a slash or is a directory, are copied into it; directories that are
missing are made. Owner 0, time 0, and of the mode only whether it may be executed: the rest is of
the machine that builds. ``--chmod=MODE`` (octal) and ``--chown=UID[:GID]`` say otherwise.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lab_kernel.containers.image.containerfile import Instruction
from lab_kernel.containers.image.ignore import pattern
from lab_kernel.containers.image.tree import (
    Node,
    Tree,
    below,
    directory,
    is_directory,
    parents,
    resolve,
)
from lab_kernel.language import _


@dataclass(frozen=True, slots=True)
class Owned:
    """What the flags of one COPY say; None leaves the mode to what the file is."""

    mode: int | None = None
    uid: int = 0
    gid: int = 0

    def node(self, found: Node) -> Node:
        """A file of its own, the same on every machine."""
        mode = 0o755 if found.kind == "directory" or found.mode & 0o100 else 0o644
        if found.kind == "symlink":
            mode = 0o777
        elif self.mode is not None:
            mode = self.mode
        return replace(found, mode=mode, uid=self.uid, gid=self.gid, mtime=0)


def flags(one: Instruction, words: Sequence[str]) -> tuple[Owned, list[str]]:
    """The flags of a COPY and the words after them."""
    owned = Owned()
    left = list(words)
    while left and left[0].startswith("--"):
        flag, _equals, value = left.pop(0).partition("=")
        if flag == "--chmod" and re.fullmatch(r"[0-7]{3,4}", value):
            owned = replace(owned, mode=int(value, 8))
        elif flag == "--chown" and re.fullmatch(r"\d{1,9}(:\d{1,9})?", value, re.ASCII):
            uid, _colon, gid = value.partition(":")
            owned = replace(owned, uid=int(uid), gid=int(gid or uid))
        else:
            raise one.refuse(
                _("{flag} is not understood here; allowed: {allowed}").format(
                    flag=f"{flag}={value}"[:60], allowed="--chmod=755, --chown=1000:1000"
                )
            )
    return owned, left


def copy(one: Instruction, words: Sequence[str], context: Tree, files: Tree, workdir: str) -> Tree:
    """The image's files with those of the folder copied in. ``words`` are sources and destination.

    BadInput, with file and line, if a source is not there or something is in the way.
    """
    owned, names = flags(one, words)
    if len(names) < 2:
        raise one.refuse(_("COPY needs a source and a destination"))
    *sources, destination = names
    if any(name.startswith("<<") for name in names):
        raise one.refuse(_("files written into the Containerfile (<<) are not understood here"))
    found = [match for source in sources for match in _matches(one, source, context)]
    target = resolve(files, posixpath.join(workdir or "/", destination))
    into = destination.endswith(("/", "/.")) or destination == "." or is_directory(files, target)
    if not into and (len(sources) > 1 or len(found) > 1):
        raise one.refuse(_("several sources: the destination must end with a slash"))
    after = dict(files)
    for name, source in found:
        if is_directory(context, source):
            _put(one, after, target, directory(), owned)
            inside = f"{source}/" if source else ""
            for path in sorted(context):
                if path.startswith(inside):
                    copied = below(target, path.removeprefix(inside))
                    _put(one, after, copied, context[path], owned)
        else:
            path = below(target, name.rpartition("/")[2]) if into else target
            _put(one, after, path, context[source], owned)
    return after


def _matches(one: Instruction, source: str, context: Tree) -> list[tuple[str, str]]:
    """What of the folder a source names: the name, and where it leads inside the folder."""
    depth = 0
    for name in source.split("/"):
        depth += -1 if name == ".." else name not in ("", ".")
        if depth < 0:
            raise one.refuse(_("{path} is outside of the folder").format(path=source[:80]))
    path = posixpath.normpath(source.lstrip("/") or ".")
    names = ["" if path == "." else path]
    if path not in context and re.search(r"[*?\[]", path):
        rule = pattern(path)
        names = [name for name in sorted(context) if rule.fullmatch(name)]
    found = [(name, resolve(context, name)) for name in names]
    if not found or any(end and end not in context for _name, end in found):
        message = _(
            "{path}: there is no such file in the folder, or it is left out (.containerignore)"
        )
        raise one.refuse(message.format(path=source[:80]))
    return found


def _put(one: Instruction, files: Tree, path: str, node: Node, owned: Owned) -> None:
    for above in parents(path):
        there = resolve(files, above)
        if not is_directory(files, there):
            if above in files or there in files:
                raise one.refuse(_("{path} is not a directory").format(path=f"/{above}"))
            files[there] = directory()
    path = resolve(files, path, follow=node.kind == "directory")
    if not path:
        return
    old = files.get(path)
    if old is not None and node.kind == "directory" and old.kind == "directory":
        return  # a directory that is there stays as it is
    if old is not None and "directory" in (old.kind, node.kind):
        raise one.refuse(
            _("{path} is in the image already, and of another kind").format(path=f"/{path}")
        )
    files[path] = owned.node(node)
