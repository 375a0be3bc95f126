"""A small file system in memory: directories that give names to inodes.

To make, remove or change a name is to write its directory, and the file itself is not asked: only
a sticky directory such as /tmp protects files from others who may write it.

Modelled: permission bits, set-ID and sticky bits, hard and symbolic links, a file that lives on
without a name while somebody holds it, an end to the bytes and to the inodes.
Left out: times, quotas, journals, blocks (a file takes exactly its bytes).
Source: open(2), mkdir(2), unlink(2), rename(2), inode(7); Linux, fs/namei.c, for which of several
errors is returned.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import DEVICE, DIRECTORY, FILE, SYMLINK, Inode
from lab_kernel.kernel.inode_table import InodeTable
from lab_kernel.kernel.path import Place, Spot, View, walk
from lab_kernel.kernel.security.capabilities import Capability
from lab_kernel.kernel.security.credentials import ROOT, SET_GROUP_ID, STICKY, Credentials
from lab_kernel.kernel.security.permission import R, W, X

if TYPE_CHECKING:
    from lab_kernel.kernel.namespaces.mount import Mount

__all__ = ["DEVICE", "DIRECTORY", "FILE", "SYMLINK", "FileSystem", "Inode", "Place"]


class FileSystem(InodeTable):
    """``most_bytes`` of data and ``most_inodes`` fit; more is ENOSPC.

    A method that takes a path fails with ``Refused`` and the errno of the system call after which
    it is named. ``cwd`` is the working directory, an absolute path, or the View of a process; by
    a bare path what is mounted does not show. A read-only mount is EROFS, a name on which
    something is mounted EBUSY, a name in another mount EXDEV.
    """

    def __init__(self, *, most_bytes: int = 1 << 20, most_inodes: int = 4096) -> None:
        super().__init__(most_bytes=most_bytes, most_inodes=most_inodes)
        self.root = self.new(DIRECTORY, 0o755, 0, 0)
        self.root.links = 2

    def walk(
        self, path: str, credentials: Credentials, cwd: str | View = "/", *, follow: bool = True
    ) -> Place:
        view = View(Spot(None, self.root), cwd) if isinstance(cwd, str) else cwd
        return walk(view, path, credentials, follow=follow)

    def find(
        self,
        path: str,
        credentials: Credentials,
        cwd: str | View = "/",
        *,
        follow: bool = True,
        write: bool = False,
    ) -> Inode:
        """The inode at the end of a path; ENOENT where there is none. As for stat(2)."""
        place = self.walk(path, credentials, cwd, follow=follow)
        if place.inode is None:
            raise Refused(Errno.ENOENT)
        if write and place.inode.kind != DEVICE:
            _writable(place.seen)
        return place.inode

    @staticmethod
    def require(inode: Inode, credentials: Credentials, want: int) -> None:
        inode.require(credentials, want)

    def listdir(self, path: str, credentials: Credentials, cwd: str | View = "/") -> list[str]:
        """The names in a directory, oldest first, without ``.`` and ``..``."""
        inode = self.find(path, credentials, cwd)
        if inode.kind != DIRECTORY:
            raise Refused(Errno.ENOTDIR)
        inode.require(credentials, R)
        return list(inode.entries)

    # --- making names ----------------------------------------------------------------------------

    def create(
        self,
        path: str,
        credentials: Credentials,
        mode: int = 0o644,
        kind: str = FILE,
        cwd: str | View = "/",
        *,
        driver: Any = None,
    ) -> Inode:
        """A new inode with one name. It belongs to who made it; the umask is the caller's affair.

        In a set-group-ID directory it belongs to the directory's group. A device needs CAP_MKNOD.
        """
        place = self._free(self.walk(path, credentials, cwd, follow=False), credentials, kind)
        if kind == DEVICE:
            credentials.require(Capability.MKNOD)
        gid = credentials.egid
        if place.directory.mode & SET_GROUP_ID:
            gid = place.directory.gid
            mode |= SET_GROUP_ID if kind == DIRECTORY else 0
        inode = self.new(kind, mode, credentials.euid, gid)
        inode.driver = driver
        self._enter(place, inode)
        return inode

    def mkdir(
        self, path: str, credentials: Credentials, mode: int = 0o755, cwd: str | View = "/"
    ) -> Inode:
        return self.create(path, credentials, mode, DIRECTORY, cwd)

    def symlink(
        self, target: str, path: str, credentials: Credentials, cwd: str | View = "/"
    ) -> Inode:
        """A name that stands for another path, which need not exist."""
        if not target:
            raise Refused(Errno.ENOENT)
        inode = self.create(path, credentials, 0o777, SYMLINK, cwd)
        self.write(inode, 0, target.encode())
        return inode

    def link(self, old: str, new: str, credentials: Credentials, cwd: str | View = "/") -> None:
        """A second name for the same inode, and neither is the first. Directories have one name."""
        inode = self.find(old, credentials, cwd, follow=False)
        place = self._free(self.walk(new, credentials, cwd, follow=False), credentials, inode.kind)
        if inode.kind == DIRECTORY:
            raise Refused(Errno.EPERM)
        self._enter(place, inode)

    def add(
        self,
        path: str,
        data: bytes = b"",
        mode: int = 0o644,
        uid: int = 0,
        gid: int = 0,
        *,
        kind: str = FILE,
        program: Callable[..., Any] | None = None,
        driver: Any = None,
    ) -> Inode:
        """For building a tree at boot: asks nobody, makes the directories on the way.

        What has the name already is given this owner, mode and content.
        """
        *above, _name = (name for name in path.split("/") if name)
        for depth in range(1, len(above) + 1):
            directory = "/" + "/".join(above[:depth])
            if self.walk(directory, ROOT).inode is None:
                self.create(directory, ROOT, 0o755, DIRECTORY)
        inode = self.walk(path, ROOT).inode
        if inode is None:
            inode = self.create(path, ROOT, mode, kind if driver is None else DEVICE)
        inode.mode, inode.uid, inode.gid = mode, uid, gid
        inode.driver, inode.program = driver, program
        self.truncate(inode)
        if data:
            self.write(inode, 0, data)
        return inode

    # --- removing and changing names -------------------------------------------------------------

    def unlink(self, path: str, credentials: Credentials, cwd: str | View = "/") -> None:
        """Take a name away. The inode goes with its last name and its last holder."""
        place = self.walk(path, credentials, cwd, follow=False)
        if not place.proper:
            raise Refused(Errno.EISDIR)
        self._may_remove(place, credentials, directory=False)
        self._remove(place)

    def rmdir(self, path: str, credentials: Credentials, cwd: str | View = "/") -> None:
        place = self.walk(path, credentials, cwd, follow=False)
        if not place.proper:
            wrong = {".": Errno.EINVAL, "..": Errno.ENOTEMPTY, "/": Errno.EBUSY}
            raise Refused(wrong[place.name])
        inode = self._may_remove(place, credentials, directory=True)
        if inode.entries:
            raise Refused(Errno.ENOTEMPTY)
        self._remove(place)

    def rename(self, old: str, new: str, credentials: Credentials, cwd: str | View = "/") -> None:
        """Give an inode another name. What had that name loses it, with no moment between."""
        source = self.walk(old, credentials, cwd, follow=False)
        target = self.walk(new, credentials, cwd, follow=False)
        if not (source.proper and target.proper):
            raise Refused(Errno.EBUSY)
        inode = source.inode
        if inode is None:
            raise Refused(Errno.ENOENT)
        directory = inode.kind == DIRECTORY
        if target.slash and not directory:
            raise Refused(Errno.ENOTDIR)
        if inode in target.trail:  # into itself
            raise Refused(Errno.EINVAL)
        if target.inode is not None and target.inode in source.trail:
            raise Refused(Errno.ENOTEMPTY)
        if inode is target.inode:
            return
        if source.mount is not target.mount:
            raise Refused(Errno.EXDEV)
        self._may_remove(source, credentials, directory=directory)
        if target.inode is None:
            _changeable(target)
            target.directory.require(credentials, W | X)
        else:
            self._may_remove(target, credentials, directory=directory)
        if directory and source.directory is not target.directory:
            inode.require(credentials, W)  # its ".." changes
        if target.inode is not None:
            if target.inode.entries:
                raise Refused(Errno.ENOTEMPTY)
            self._remove(target)
        inode.holders += 1  # else it would be gone for a moment
        self._remove(source)
        self._enter(target, inode)
        inode.holders -= 1

    def chmod(self, path: str, credentials: Credentials, mode: int, cwd: str | View = "/") -> None:
        self.find(path, credentials, cwd, write=True).chmod(credentials, mode)

    def chown(
        self,
        path: str,
        credentials: Credentials,
        uid: int = -1,
        gid: int = -1,
        cwd: str | View = "/",
    ) -> None:
        self.find(path, credentials, cwd, write=True).chown(credentials, uid, gid)

    # --- what they have in common -----------------------------------------------------------------

    @staticmethod
    def _free(place: Place, credentials: Credentials, kind: str) -> Place:
        """The place, if a name may be made there."""
        if place.inode is not None or not place.proper:
            raise Refused(Errno.EEXIST)
        if place.slash and kind != DIRECTORY:
            raise Refused(Errno.EISDIR)
        _changeable(place)
        if place.mount is not None and not place.mount.users.knows(credentials):
            raise Refused(Errno.EOVERFLOW)
        place.directory.require(credentials, W | X)
        return place

    @staticmethod
    def _may_remove(place: Place, credentials: Credentials, *, directory: bool) -> Inode:
        inode, above = place.inode, place.directory
        _writable(place.mount)
        if inode is None:
            raise Refused(Errno.ENOENT)
        _changeable(place, removed=True)
        above.require(credentials, W | X)
        if above.mode & STICKY and credentials.euid not in (inode.uid, above.uid):
            inode.require_over(credentials, Capability.FOWNER)
        if directory and inode.kind != DIRECTORY:
            raise Refused(Errno.ENOTDIR)
        if not directory and inode.kind == DIRECTORY:
            raise Refused(Errno.EISDIR)
        if place.seen is not place.mount:
            raise Refused(Errno.EBUSY)
        return inode

    @staticmethod
    def _enter(place: Place, inode: Inode) -> None:
        place.directory.entries[place.name] = inode
        inode.links += 1
        if inode.kind == DIRECTORY:
            inode.links += 1  # its own "."
            place.directory.links += 1  # its ".."

    def _remove(self, place: Place) -> None:
        inode = place.directory.entries.pop(place.name)
        inode.links -= 1
        if inode.kind == DIRECTORY:
            inode.links -= 1
            place.directory.links -= 1
        self._forget_unused(inode)


def _writable(mount: Mount | None) -> None:
    if mount is not None and mount.readonly:
        raise Refused(Errno.EROFS)


def _changeable(place: Place, *, removed: bool = False) -> None:
    """The directory may get and lose names: not on a read-only mount, nor where a driver answers.

    As in /proc: ENOENT for a new name, EPERM for one to be removed.
    """
    _writable(place.mount)
    if place.directory.driver:
        raise Refused(Errno.EPERM if removed else Errno.ENOENT)
