"""From a path to an inode: one name at a time, asking at every directory.

Source: path_resolution(7), symlink(7); Linux, fs/namei.c, link_path_walk() and step_into().
Left out: mounted file systems, a working directory that somebody moves away (its path is looked up
anew each time).
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import DIRECTORY, SYMLINK, Inode
from lab_kernel.kernel.security.credentials import Credentials
from lab_kernel.kernel.security.permission import X

LONGEST_NAME, LONGEST_PATH, MOST_SYMLINKS = 255, 4095, 40


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: a directory, the last name, and the inode of that name, if there is one.

    ``name`` is ``.``, ``..`` or ``/`` where the path ends so: no name that could be removed.
    ``slash``: the path ended in one, so that only a directory will do. ``trail`` are the
    directories from the root to ``directory``.
    """

    directory: Inode
    name: str
    inode: Inode | None
    slash: bool
    trail: tuple[Inode, ...]

    @property
    def proper(self) -> bool:
        return self.name not in (".", "..", "/")


def walk(
    root: Inode, path: str, credentials: Credentials, cwd: str = "/", *, follow: bool = True
) -> Place:
    """Follow ``path``, whose last name need not exist. ``follow``: a link at its end, too.

    Refused: ENOENT, ENOTDIR, EACCES (a directory that may not be searched), ELOOP, ENAMETOOLONG.
    """
    if not path:
        raise Refused(Errno.ENOENT)
    if len(path.encode()) > LONGEST_PATH:
        raise Refused(Errno.ENAMETOOLONG)
    trail = [root] if path.startswith("/") else _directories(root, cwd)
    slash = path.endswith("/")
    names = _names(path)[::-1]  # the next one is at the end
    name, links = "/", 0
    while names:
        name, here = names.pop(), trail[-1]
        if here.kind != DIRECTORY:
            raise Refused(Errno.ENOTDIR)
        here.require(credentials, X)
        if len(name.encode()) > LONGEST_NAME:
            raise Refused(Errno.ENAMETOOLONG)
        if name in (".", ".."):
            if name == ".." and len(trail) > 1:
                trail.pop()
            continue
        found = here.entries.get(name)
        if found is None:
            if names:
                raise Refused(Errno.ENOENT)
            return Place(here, name, None, slash, tuple(trail))
        if found.kind == SYMLINK and (names or follow or slash):
            links += 1
            if links > MOST_SYMLINKS:
                raise Refused(Errno.ELOOP)
            target = found.data.decode()
            if target.startswith("/"):
                trail = [root]
            names += _names(target)[::-1]
        else:
            trail.append(found)
    inode = trail.pop()
    if slash and inode.kind != DIRECTORY:
        raise Refused(Errno.ENOTDIR)
    trail = trail or [root]
    return Place(trail[-1], name, inode, slash, tuple(trail))


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name]


def _directories(root: Inode, cwd: str) -> list[Inode]:
    """The working directory and those above it. Nobody is asked again: the process is there."""
    trail = [root]
    for name in _names(cwd):
        if name not in trail[-1].entries:
            raise Refused(Errno.ENOENT)
        trail.append(trail[-1].entries[name])
    return trail
