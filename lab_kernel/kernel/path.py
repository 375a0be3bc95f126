"""From a path to an inode: one name at a time, asking at every directory.

Whoever walks has a View: a root, above which no path leads, and mounts that cover what is beneath.

Source: path_resolution(7), symlink(7); Linux, fs/namei.c, link_path_walk() and step_into().
Left out: a working directory that somebody moves away (its path is looked up anew each time).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import DIRECTORY, SYMLINK, Inode
from lab_kernel.kernel.security.credentials import Credentials
from lab_kernel.kernel.security.permission import X

if TYPE_CHECKING:
    from lab_kernel.kernel.namespaces.mount import Mount

LONGEST_NAME, LONGEST_PATH, MOST_SYMLINKS = 255, 4095, 40


class Spot(NamedTuple):
    """An inode, and the mount through which it is reached; None: the bare file system."""

    mount: Mount | None
    inode: Inode


def _bare(spot: Spot) -> Spot:
    return spot


@dataclass(frozen=True, slots=True)
class View:
    """From where somebody looks. ``cover`` finds what is mounted on a spot, or the spot itself.

    ``process`` is who looks: a link such as /proc/self depends on it.
    """

    root: Spot
    cwd: str = "/"
    cover: Callable[[Spot], Spot] = _bare
    process: Any = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path leads: a directory, the last name, and the inode of that name, if there is one.

    ``name`` is ``.``, ``..`` or ``/`` where the path ends so: no name that could be removed.
    ``slash``: the path ended in one, so that only a directory will do. ``trail`` are the
    directories from the root to ``directory``. ``mount`` is the directory's, ``seen`` the mount of
    the inode: another where something is mounted on the name.
    """

    directory: Inode
    name: str
    inode: Inode | None
    slash: bool
    trail: tuple[Inode, ...]
    mount: Mount | None = None
    seen: Mount | None = None

    @property
    def proper(self) -> bool:
        return self.name not in (".", "..", "/")


def walk(view: View, path: str, credentials: Credentials, *, follow: bool = True) -> Place:
    """Follow ``path``, whose last name need not exist. ``follow``: a link at its end, too.

    Refused: ENOENT, ENOTDIR, EACCES (a directory that may not be searched), ELOOP, ENAMETOOLONG.
    """
    if not path:
        raise Refused(Errno.ENOENT)
    if len(path.encode()) > LONGEST_PATH:
        raise Refused(Errno.ENAMETOOLONG)
    trail = [view.root] if path.startswith("/") else _directories(view)
    slash = path.endswith("/")
    names = _names(path)[::-1]  # the next one is at the end
    name, links = "/", 0
    while names:
        name, (mount, here) = names.pop(), trail[-1]
        if here.kind != DIRECTORY:
            raise Refused(Errno.ENOTDIR)
        here.require(credentials, X)
        if len(name.encode()) > LONGEST_NAME:
            raise Refused(Errno.ENAMETOOLONG)
        if name in (".", ".."):
            if name == "..":  # at the root: what is mounted on the root itself
                top = trail.pop()
                trail = trail or [view.cover(top)]
            continue
        found = here.entries.get(name)
        if found is None:
            if names:
                raise Refused(Errno.ENOENT)
            return Place(here, name, None, slash, _inodes(trail), mount)
        if found.kind == SYMLINK and (names or follow or slash):
            links += 1
            if links > MOST_SYMLINKS:
                raise Refused(Errno.ELOOP)
            target = found.driver(view.process) if found.driver else found.data.decode()
            if target.startswith("/"):
                trail = [view.root]
            names += _names(target)[::-1]
        else:
            trail.append(view.cover(Spot(mount, found)))
    seen, inode = trail.pop()
    if slash and inode.kind != DIRECTORY:
        raise Refused(Errno.ENOTDIR)
    trail = trail or [view.root]
    mount, directory = trail[-1]
    return Place(directory, name, inode, slash, _inodes(trail), mount, seen)


def _inodes(trail: list[Spot]) -> tuple[Inode, ...]:
    return tuple(spot.inode for spot in trail)


def _names(path: str) -> list[str]:
    return [name for name in path.split("/") if name]


def _directories(view: View) -> list[Spot]:
    """The working directory and those above it. Nobody is asked again: the process is there."""
    trail = [view.root]
    for name in _names(view.cwd):
        mount, here = trail[-1]
        found = here.entries.get(name)
        if found is None:
            raise Refused(Errno.ENOENT)
        trail.append(view.cover(Spot(mount, found)))
    return trail
