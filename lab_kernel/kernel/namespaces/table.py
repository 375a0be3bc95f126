"""mount(2), umount2(2) and pivot_root(2): changing the tree that a mount namespace shows.

All three need CAP_SYS_ADMIN in the user namespace that owns the mount namespace. Modelled: new
file systems (proc, tmpfs), bind mounts with or without what is mounted beneath, read-only mounts,
locked mounts, detaching. Left out: moving, flags other than "read-only", mount's ``data``; a
propagation may be set to private or slave, which all mounts are, and not to shared. All file
systems share one store of inodes, and a tmpfs that is unmounted does not give its own back. The
root cannot be unmounted (EBUSY): Linux makes it read-only, or lets it go with MNT_DETACH.
Source: mount(2), umount(2), pivot_root(2); Linux, fs/namespace.c, path_mount(), can_umount() and
path_pivot_root() for the order of the errors.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from posixpath import join, normpath
from typing import TYPE_CHECKING

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import DIRECTORY, Inode
from lab_kernel.kernel.namespaces import procfs
from lab_kernel.kernel.namespaces.mount import Mount, within
from lab_kernel.kernel.path import Spot
from lab_kernel.kernel.security import Capability

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC = 1, 32, 4096, 16384
MS_UNBINDABLE, MS_PRIVATE, MS_SLAVE, MS_SHARED = 1 << 17, 1 << 18, 1 << 19, 1 << 20
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8  # accepted, and without effect here
MS_MOVE = 8192
MNT_FORCE, MNT_DETACH, MNT_EXPIRE, UMOUNT_NOFOLLOW = 1, 2, 4, 8
_PROPAGATION = MS_UNBINDABLE | MS_PRIVATE | MS_SLAVE | MS_SHARED


def _tmpfs(machine: Machine, process: Process) -> Inode:
    who = process.credentials
    root = machine.files.new(DIRECTORY, 0o1777, who.euid, who.egid)
    root.links = 2
    return root


#: What can be mounted, by its name: how the root of a new one is made.
FILESYSTEMS: dict[str, Callable[[Machine, Process], Inode]] = {
    "proc": procfs.mounted,
    "tmpfs": _tmpfs,
}


def mount(
    machine: Machine, process: Process, source: str, target: str, kind: str, flags: int
) -> None:
    """Refused: ENOENT, ENOTDIR, EPERM, EINVAL, ENODEV (no such file system), EBUSY."""
    spot, path = located(machine, process, target)
    _require(process)
    mounts, here = process.namespaces.mnt, spot.mount
    assert here is not None
    if flags & MS_REMOUNT:
        if spot.inode is not here.root:
            raise Refused(Errno.EINVAL)
        if here.locked and here.readonly and not flags & MS_RDONLY:
            raise Refused(Errno.EPERM)
        here.readonly = bool(flags & MS_RDONLY)
    elif flags & MS_BIND:
        _bind(machine, process, source, spot, path, recursive=bool(flags & MS_REC))
    elif flags & _PROPAGATION:
        if spot.inode is not here.root or flags & MS_SHARED:
            raise Refused(Errno.EINVAL)
    elif flags & MS_MOVE:
        raise Refused(Errno.EINVAL)
    else:
        if kind not in FILESYSTEMS:
            raise Refused(Errno.ENODEV)
        root = FILESYSTEMS[kind](machine, process)
        if spot.inode.kind != DIRECTORY:
            raise Refused(Errno.ENOTDIR)
        new = Mount(root, source, kind, readonly=bool(flags & MS_RDONLY))
        new.users = process.credentials.namespace
        mounts.attach(new, spot, path)


def _bind(
    machine: Machine, process: Process, source: str, spot: Spot, path: str, *, recursive: bool
) -> None:
    """The same inode in a second place. Mounts beneath the source are there only if asked for."""
    mounts = process.namespaces.mnt
    origin, origin_path = located(machine, process, source)
    assert origin.mount is not None
    start = within(origin_path, origin.mount)
    beneath = [
        other
        for other in mounts.below(origin.mount)
        if other.within.startswith(f"{start}/") and other is not spot.mount
    ]
    if not recursive and any(other.locked for other in beneath):
        raise Refused(Errno.EINVAL)
    if (origin.inode.kind == DIRECTORY) != (spot.inode.kind == DIRECTORY):
        raise Refused(Errno.ENOTDIR)
    shown = origin.mount
    new = replace(shown, root=origin.inode, locked=False)
    before = [list(mounts.tree(other)) for other in beneath]  # not what is mounted now
    mounts.attach(new, spot, path)
    copies = {shown: new}
    for other in (each for tree in before for each in tree) if recursive else ():
        assert other.parent is not None
        mine = replace(other, parent=copies[other.parent])
        if other.parent is shown:
            mine.within = other.within.removeprefix(start)
        mounts.on[copies[other.parent], mine.at] = mine
        mine.root.mounts += 1
        copies[other] = mine


def unmount(machine: Machine, process: Process, target: str, flags: int) -> None:
    """Refused: EINVAL (nothing is mounted there, or it is locked), EPERM, EBUSY, ENOENT."""
    if flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW):
        raise Refused(Errno.EINVAL)
    spot, _path = located(machine, process, target)
    _require(process)
    mounts = process.namespaces.mnt
    spot = mounts.cover(spot)  # the root, too, may have something mounted on it
    mount = spot.mount
    assert mount is not None
    if spot.inode is not mount.root or mount.locked:
        raise Refused(Errno.EINVAL)
    if mount is mounts.root:
        raise Refused(Errno.EBUSY)
    if not flags & MNT_DETACH and (mounts.below(mount) or _inside(machine, process, mount)):
        raise Refused(Errno.EBUSY)
    for gone in reversed(list(mounts.tree(mount))):
        mounts.detach(gone)
        machine.files.unmounted(gone.root)


def pivot_root(machine: Machine, process: Process, new: str, old: str) -> None:
    """The mount at ``new`` is the root of the namespace, and the old root is mounted at ``old``.

    What works on the working directory "/" or beneath ``new`` goes along. Refused: EPERM, ENOENT,
    ENOTDIR, EBUSY (it is the root already), EINVAL (``new`` is no mount, ``old`` not beneath it).
    """
    _require(process)
    mounts, was = process.namespaces.mnt, process.namespaces.mnt.root
    spot, path = located(machine, process, new, directory=True)
    aside, aside_path = located(machine, process, old, directory=True)
    top = spot.mount
    assert top is not None and aside.mount is not None
    if top.locked:
        raise Refused(Errno.EINVAL)
    if was in (top, aside.mount):
        raise Refused(Errno.EBUSY)
    if spot.inode is not top.root or aside.mount not in mounts.tree(top):
        raise Refused(Errno.EINVAL)
    moved = {
        each: _moved(each.cwd, path, aside_path.removeprefix(path))
        for each in machine.processes.values()
        if each.namespaces.mnt is mounts
    }
    beside = aside_path.removeprefix(path)
    mounts.detach(top)
    top.root.mounts += 1
    top.within, mounts.root = "", top
    was.root.mounts -= 1
    mounts.attach(was, aside, beside)
    top.locked, was.locked = was.locked, False  # the root must stay covered, whichever it is
    for each, cwd in moved.items():
        each.cwd = cwd


def _moved(cwd: str, new: str, aside: str) -> str:
    """The same directory, by its path from the new root."""
    if cwd == "/" or cwd == new:
        return "/"
    if cwd.startswith(f"{new}/"):
        return cwd.removeprefix(new)
    return aside + cwd


def located(
    machine: Machine, process: Process, path: str, *, directory: bool = False
) -> tuple[Spot, str]:
    """Where a path leads, through what is mounted, and the path from the root without dots."""
    place = machine.files.walk(path, process.credentials, process.view)
    if place.inode is None:
        raise Refused(Errno.ENOENT)
    if directory and place.inode.kind != DIRECTORY:
        raise Refused(Errno.ENOTDIR)
    straight = normpath(join(process.cwd, path))
    return Spot(place.seen, place.inode), "" if straight == "/" else straight


def _inside(machine: Machine, process: Process, mount: Mount) -> bool:
    """Whether somebody's working directory is in it."""
    where = mount.path
    return any(
        each.cwd == where or each.cwd.startswith(f"{where}/")
        for each in machine.processes.values()
        if each.alive and each.namespaces.mnt is process.namespaces.mnt
    )


def _require(process: Process) -> None:
    process.credentials.require(Capability.SYS_ADMIN, process.namespaces.mnt.owner)
