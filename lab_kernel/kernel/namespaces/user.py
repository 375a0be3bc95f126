"""User namespaces: who is who, and over what a capability reaches.

Inside the kernel a user has one number, the same everywhere; a namespace maps the numbers that its
processes see to those. Without a map everybody inside is nobody (65534). Who makes a namespace has
all capabilities in it, and a capability reaches the namespaces that the own one owns, never those
above: root inside is nobody outside.

Who may write a map is in ``idmap``. Left out: project IDs.
Source: user_namespaces(7); Linux, kernel/user_namespace.c; security/commoncap.c, cap_capable().
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces.kinds import FIRST, MOST_LEVELS

if TYPE_CHECKING:
    from lab_kernel.kernel.security.capabilities import Capability
    from lab_kernel.kernel.security.credentials import Credentials

OVERFLOW = 65534  # nobody
HIGHEST = (1 << 32) - 1  # -1 as an ID says "leave it"


class Line(NamedTuple):
    """``length`` IDs from ``inside`` on are those from ``outside`` on in the namespace above."""

    inside: int
    outside: int
    length: int


@dataclass(slots=True, eq=False)
class UserNamespace:
    """``uid`` made it. Maps are kept as lines to the kernel's own IDs; None: not yet written."""

    number: int
    parent: UserNamespace | None = None
    uid: int = 0
    level: int = 0
    uid_map: tuple[Line, ...] | None = None
    gid_map: tuple[Line, ...] | None = None
    setgroups: bool = True

    kind = "user"

    def kernel_id(self, seen: int, *, group: bool = False) -> int | None:
        """What the kernel calls the user (or group) who is ``seen`` here; None: nobody is."""
        for inside, outside, count in self._map(group):
            if inside <= seen < inside + count:
                return outside + seen - inside
        return None

    def seen(self, kernel_id: int, *, group: bool = False) -> int | None:
        """As what this user (or group) is seen here; None: not at all."""
        for inside, outside, count in self._map(group):
            if outside <= kernel_id < outside + count:
                return inside + kernel_id - outside
        return None

    def shown(self, kernel_id: int, *, group: bool = False) -> int:
        """``seen``, and 65534 for who is not: what getuid and stat answer."""
        seen = self.seen(kernel_id, group=group)
        return OVERFLOW if seen is None else seen

    def knows(self, credentials: Credentials) -> bool:
        """Whether this user and group are somebody here."""
        user, group = self.seen(credentials.euid), self.seen(credentials.egid, group=True)
        return user is not None and group is not None

    def _map(self, group: bool) -> tuple[Line, ...]:
        return (self.gid_map if group else self.uid_map) or ()

    def has(self, credentials: Credentials, capability: Capability) -> bool:
        """Whether these credentials have the capability over this namespace.

        Within the own one: if it is effective. From above: also if the namespace was made by that
        user there. From beside or below: never.
        """
        over: UserNamespace | None = self
        own = credentials.namespace
        while over is not None and over.level >= own.level:
            if over is own:
                return capability in credentials.effective
            if over.parent is own and over.uid == credentials.euid:
                return True
            over = over.parent
        return False

    def child(self, number: int, credentials: Credentials) -> UserNamespace:
        """unshare(CLONE_NEWUSER): anybody may who is somebody here."""
        if self.level >= MOST_LEVELS:
            raise Refused(Errno.ENOSPC)
        if not self.knows(credentials):
            raise Refused(Errno.EPERM)
        return UserNamespace(
            number, self, credentials.euid, self.level + 1, setgroups=self.setgroups
        )

    def map_text(self, reader: UserNamespace, *, group: bool = False) -> str:
        """What a process of ``reader`` reads from ``uid_map``: the second column in its own IDs."""
        lines = self._map(group)
        if reader is self and self.parent is not None:
            reader = self.parent
        return "".join(
            f"{line.inside:10} {_column(reader.seen(line.outside, group=group)):10} "
            f"{line.length:10}\n"
            for line in lines
        )


def _column(seen: int | None) -> int:
    return HIGHEST if seen is None else seen


_EVERYBODY = (Line(0, 0, HIGHEST),)
#: The namespace that every machine boots with: everybody is who they are.
INITIAL = UserNamespace(FIRST["user"], uid_map=_EVERYBODY, gid_map=_EVERYBODY)
