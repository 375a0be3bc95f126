"""The inodes of a file system and their contents, which know no names.

An inode stays as long as it has a name or somebody holds it: a deleted file that is still open
keeps its bytes, and the space comes back when the last holder lets go.
Source: inode(7), write(2), unlink(2); Linux, fs/inode.c, iput().
"""

from __future__ import annotations

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.inode import DIRECTORY, Inode
from lab_kernel.kernel.security.capabilities import Capability
from lab_kernel.kernel.security.credentials import ROOT, Credentials


class InodeTable:
    """``used`` is the size of all files together, at most ``most_bytes``; more is ENOSPC."""

    def __init__(self, *, most_bytes: int, most_inodes: int) -> None:
        self.most_bytes, self.most_inodes = most_bytes, most_inodes
        self.inodes: dict[int, Inode] = {}
        self.used = 0
        self._next = 2  # the root's number in ext4, too

    def new(self, kind: str, mode: int, uid: int, gid: int) -> Inode:
        """Without a name: the caller gives it one, or holds it."""
        if len(self.inodes) >= self.most_inodes:
            raise Refused(Errno.ENOSPC)
        inode = Inode(self._next, kind, mode & 0o7777, uid, gid)
        self.inodes[inode.number] = inode
        self._next += 1
        return inode

    def hold(self, inode: Inode) -> None:
        """Somebody has it open: it stays, whatever becomes of its names, until ``release``."""
        inode.holders += 1

    def release(self, inode: Inode) -> None:
        inode.holders -= 1
        self._forget_unused(inode)

    def read(self, inode: Inode, offset: int, count: int) -> bytes:
        """At most ``count`` bytes; none at the end."""
        if inode.kind == DIRECTORY:
            raise Refused(Errno.EISDIR)
        return bytes(inode.data[offset : offset + count])

    def write(self, inode: Inode, offset: int, data: bytes, credentials: Credentials = ROOT) -> int:
        """How many bytes were written: fewer than given if the file system is full.

        ENOSPC if none fits. Zeros fill the gap to an offset beyond the end. A set-user-ID program
        that somebody writes to is none any more.
        """
        if inode.kind == DIRECTORY:
            raise Refused(Errno.EISDIR)
        if not data:
            return 0
        room = inode.size + self.most_bytes - self.used  # how long it may become
        data = data[: max(0, room - offset)] if offset + len(data) > inode.size else data
        if not data:
            raise Refused(Errno.ENOSPC)
        if not credentials.has(Capability.FSETID):
            inode.drop_set_ids()
        self.truncate(inode, max(inode.size, offset + len(data)))
        inode.data[offset : offset + len(data)] = data
        return len(data)

    def truncate(self, inode: Inode, size: int = 0) -> None:
        """Cut it off, or fill it up with zeros."""
        more = size - inode.size
        if self.used + more > self.most_bytes:
            raise Refused(Errno.ENOSPC)
        self.used += more
        if more > 0:
            inode.data.extend(bytes(more))
        else:
            del inode.data[size:]

    def unmounted(self, root: Inode) -> None:
        """A mount does not show it any more; without names and holders it goes."""
        self._forget_unused(root)

    def _forget_unused(self, inode: Inode) -> None:
        if inode.links == inode.holders == inode.mounts == 0:
            del self.inodes[inode.number]
            self.used -= inode.size
