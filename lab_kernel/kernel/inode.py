"""A file without its name: who owns it, who may use it, and what is in it.

Names are kept by directories (``filesystem``), and one inode may have several, or none any more.
Source: inode(7); Linux, fs/attr.c, fs/inode.c, fs/open.c.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.security.capabilities import Capability
from lab_kernel.kernel.security.credentials import SET_GROUP_ID, SET_USER_ID, STICKY, Credentials
from lab_kernel.kernel.security.permission import permits

FILE, DIRECTORY, DEVICE, SYMLINK = "file", "directory", "device", "symlink"
SOCKET = "socket"
_KINDS = {FILE: "-", DIRECTORY: "d", DEVICE: "c", SYMLINK: "l", SOCKET: "s"}
_CLASSES = (6, SET_USER_ID, "s"), (3, SET_GROUP_ID, "s"), (0, STICKY, "t")
_GROUP_MAY_EXECUTE = 0o010


@dataclass(slots=True, eq=False)
class Inode:
    """``links`` counts its names, ``holders`` who has it open, ``mounts`` where it is mounted.

    When all are 0 it is gone.

    A file has ``data`` and perhaps a ``program``, a directory ``entries``, a device a ``driver``, a
    symbolic link the path that it stands for as its data.
    """

    number: int
    kind: str = FILE
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    links: int = 0
    holders: int = 0
    mounts: int = field(default=0, repr=False)
    data: bytearray = field(default_factory=bytearray, repr=False)
    entries: Any = field(default_factory=dict, repr=False)
    driver: Any = field(default=None, repr=False)
    program: Callable[..., Any] | None = field(default=None, repr=False)

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def permissions(self) -> str:
        """As ``ls -l`` writes them: ``-rwsr-xr-x``."""
        text = ""
        for shift, special, letter in _CLASSES:
            bits = self.mode >> shift & 7
            execute = "x" if bits & 1 else "-"
            if self.mode & special:
                execute = letter if bits & 1 else letter.upper()
            text += ("r" if bits & 4 else "-") + ("w" if bits & 2 else "-") + execute
        return _KINDS[self.kind] + text

    def permits(self, credentials: Credentials, want: int) -> bool:
        directory = self.kind == DIRECTORY
        return permits(credentials, self.mode, self.uid, self.gid, want, directory=directory)

    def require(self, credentials: Credentials, want: int) -> None:
        """Refused(EACCES) unless these credentials may do all that ``want`` says."""
        if not self.permits(credentials, want):
            raise Refused(Errno.EACCES)

    def require_over(self, credentials: Credentials, capability: Capability) -> None:
        """Refused(EPERM) without this capability over this file."""
        if not credentials.has_over(capability, self.uid, self.gid):
            raise Refused(Errno.EPERM)

    def chmod(self, credentials: Credentials, mode: int) -> None:
        """The owner may, and CAP_FOWNER. A group that is not one's own gets no set-group-ID bit."""
        if credentials.euid != self.uid:
            self.require_over(credentials, Capability.FOWNER)
        if not (
            credentials.in_group(self.gid)
            or credentials.has_over(Capability.FSETID, self.uid, self.gid)
        ):
            mode &= ~SET_GROUP_ID
        self.mode = mode & 0o7777

    def chown(self, credentials: Credentials, uid: int = -1, gid: int = -1) -> None:
        """-1 leaves one as it is. Nobody gives files away without CAP_CHOWN.

        An owner may choose among their own groups. Set-ID bits do not survive another owner.
        """
        mine = credentials.euid == self.uid
        if uid not in (-1, self.uid) or (uid != -1 and not mine):
            self.require_over(credentials, Capability.CHOWN)
        if gid != -1 and not (mine and (gid == self.gid or credentials.in_group(gid))):
            self.require_over(credentials, Capability.CHOWN)
        self.uid = self.uid if uid == -1 else uid
        self.gid = self.gid if gid == -1 else gid
        if self.kind != DIRECTORY:
            self.drop_set_ids()

    def drop_set_ids(self) -> None:
        """So that nobody changes a set-user-ID program into another that still is one."""
        self.mode &= ~SET_USER_ID
        if self.mode & _GROUP_MAY_EXECUTE:
            self.mode &= ~SET_GROUP_ID
