"""Mount namespaces: which tree a path walks through.

A mount shows one inode, its root, in the place of another: on (mount, inode) at most one other is
mounted, and more of them stack. Each namespace has mounts of its own, copied when it is made, and
no path leads above its root. What is mounted in one does not appear in another.

Left out: propagation (every mount is private; on Linux systemd makes them shared), chroot, a
process whose root is not its namespace's (as after setns to one where something is mounted on the
root), open files that keep a mount busy. The mounts of a namespace that nobody is in any more are
not let go. A mount's path is as when it was made, whatever directory is renamed above it.
Source: mount_namespaces(7); Linux, fs/namespace.c.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lab_kernel.kernel.namespaces.kinds import Namespace
from lab_kernel.kernel.namespaces.user import INITIAL, UserNamespace
from lab_kernel.kernel.path import Spot

if TYPE_CHECKING:
    from lab_kernel.kernel.inode import Inode


@dataclass(slots=True, eq=False)
class Mount:
    """``root`` is seen at the inode number ``at`` of the mount ``parent``.

    That has the path ``within`` from the parent's root. ``locked``: it came from a more privileged
    namespace, and nobody here may lay bare what it covers. ``users`` is the user namespace in which
    the file system was made: who is nobody there cannot own a file in it.
    """

    root: Inode
    source: str
    kind: str
    parent: Mount | None = None
    at: int = 0
    within: str = ""
    readonly: bool = False
    locked: bool = False
    users: UserNamespace = INITIAL

    @property
    def path(self) -> str:
        """From the root of its namespace; "" for the root itself."""
        return self.parent.path + self.within if self.parent else ""


@dataclass(slots=True, eq=False, kw_only=True)
class MountNamespace(Namespace):
    """A tree of mounts with a root. ``on`` finds the mount on a spot."""

    root: Mount
    on: dict[tuple[Mount, int], Mount] = field(default_factory=dict)

    kind = "mnt"

    @property
    def top(self) -> Spot:
        """Where absolute paths start."""
        return Spot(self.root, self.root.root)

    def cover(self, spot: Spot) -> Spot:
        """What one sees there: the root of the uppermost mount on it, or the spot itself."""
        while spot.mount and (mounted := self.on.get((spot.mount, spot.inode.number))):
            spot = Spot(mounted, mounted.root)
        return spot

    def attach(self, mount: Mount, spot: Spot, path: str) -> None:
        """Mount it on a spot, whose path from the root is ``path``, above what is there already."""
        spot = self.cover(spot)
        assert spot.mount is not None
        mount.parent, mount.at = spot.mount, spot.inode.number
        mount.within = within(path, spot.mount)
        self.on[spot.mount, mount.at] = mount
        mount.root.mounts += 1

    def detach(self, mount: Mount) -> None:
        """It alone: what is mounted on it goes with it. The root cannot go."""
        assert mount.parent is not None
        del self.on[mount.parent, mount.at]
        mount.root.mounts -= 1
        mount.parent = None

    def below(self, mount: Mount) -> list[Mount]:
        """What is mounted on it, directly."""
        return [other for (parent, _at), other in self.on.items() if parent is mount]

    def tree(self, mount: Mount | None = None) -> Iterator[Mount]:
        """A mount, then all that is mounted on it, and on that; the oldest first."""
        mount = mount or self.root
        yield mount
        for other in self.below(mount):
            yield from self.tree(other)

    def copy(self, number: int, owner: UserNamespace) -> MountNamespace:
        """All mounts anew; locked, if the new owner has less to say than the old one."""
        copies: dict[Mount, Mount] = {}
        for mount in self.tree():
            mine = replace(mount, parent=copies.get(mount.parent) if mount.parent else None)
            mine.locked = mount.locked or owner is not self.owner
            mine.root.mounts += 1
            copies[mount] = mine
        on = {(copies[parent], at): copies[mount] for (parent, at), mount in self.on.items()}
        return MountNamespace(number=number, owner=owner, root=copies[self.root], on=on)


def within(path: str, mount: Mount) -> str:
    """A path from the namespace's root as one from the root of this mount, which holds it."""
    return path.removeprefix(mount.path).rstrip("/")
