"""Who a process is for the kernel: user, groups and capabilities.

A process has three user IDs: the real one started it, the effective one is asked for at each check,
the saved one may be taken back. A record never changes; a call that changes somebody's
credentials makes a new record, as the kernel does (prepare_creds, commit_creds).

Modelled: setuid(2), setgid(2) and seteuid(3); what happens to the capabilities when the user IDs
change; execve(2) with its set-user-ID and set-group-ID bits; no_new_privs; the bounding set; the
user namespace, in which the capabilities count. IDs are the kernel's own, before any map.
Left out: capabilities of files, the inheritable and ambient sets (so that only root's programs have
capabilities after execve), securebits, the user ID for file systems (fsuid).
Source: capabilities(7), credentials(7), setuid(2), execve(2); Linux, kernel/sys.c,
security/commoncap.c.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces.user import INITIAL, UserNamespace
from lab_kernel.kernel.security.capabilities import ALL, NONE, Capability

SET_USER_ID, SET_GROUP_ID, STICKY = 0o4000, 0o2000, 0o1000
_GROUP_MAY_EXECUTE = 0o010


@dataclass(frozen=True, slots=True)
class Credentials:
    """``groups`` are the supplementary ones. ``suid`` and ``sgid`` are the saved IDs."""

    uid: int
    gid: int
    euid: int
    egid: int
    groups: frozenset[int] = frozenset()
    effective: frozenset[Capability] = NONE
    permitted: frozenset[Capability] = NONE
    bounding: frozenset[Capability] = ALL
    suid: int = 0
    sgid: int = 0
    no_new_privs: bool = False
    namespace: UserNamespace = INITIAL

    def has(self, capability: Capability, over: UserNamespace = INITIAL) -> bool:
        """Over the whole machine, or over what a user namespace owns."""
        return over.has(self, capability)

    def has_over(self, capability: Capability, uid: int, gid: int) -> bool:
        """Over a file of this user and group: both must be somebody in the own user namespace."""
        own = self.namespace
        mapped = own.seen(uid) is not None and own.seen(gid, group=True) is not None
        return mapped and capability in self.effective

    def in_group(self, gid: int) -> bool:
        return gid == self.egid or gid in self.groups

    def require(self, capability: Capability, over: UserNamespace = INITIAL) -> None:
        """Refused(EPERM) without it."""
        if not self.has(capability, over):
            raise Refused(Errno.EPERM)

    def in_new(self, namespace: UserNamespace) -> Credentials:
        """The same user, with all capabilities in this namespace and none outside."""
        return replace(self, namespace=namespace, effective=ALL, permitted=ALL, bounding=ALL)

    @property
    def root(self) -> int | None:
        """Whom user 0 of the own namespace is; None while nobody is."""
        return self.namespace.kernel_id(0)

    def setuid(self, uid: int) -> Credentials:
        """setuid(2): with CAP_SETUID all three, for good; else back to the real or the saved."""
        if Capability.SETUID in self.effective:
            return self._as_users(uid, uid, uid)
        if uid not in (self.uid, self.suid):
            raise Refused(Errno.EPERM)
        return self._as_users(self.uid, uid, self.suid)

    def seteuid(self, euid: int) -> Credentials:
        """seteuid(3): the effective user alone, so that there is a way back."""
        if euid not in (self.uid, self.suid):
            self.require(Capability.SETUID, self.namespace)
        return self._as_users(self.uid, euid, self.suid)

    def setgid(self, gid: int) -> Credentials:
        """setgid(2). Leaving group 0 takes no capability away."""
        if Capability.SETGID in self.effective:
            return replace(self, gid=gid, egid=gid, sgid=gid)
        if gid not in (self.gid, self.sgid):
            raise Refused(Errno.EPERM)
        return replace(self, egid=gid)

    def setgroups(self, groups: Iterable[int]) -> Credentials:
        """setgroups(2), which needs CAP_SETGID even to leave groups."""
        self.require(Capability.SETGID, self.namespace)
        return replace(self, groups=frozenset(groups))

    def drop(self, *capabilities: Capability) -> Credentials:
        """Give capabilities up, in both sets: only an execve that gives root its own undoes it."""
        lost = frozenset(capabilities)
        return replace(self, effective=self.effective - lost, permitted=self.permitted - lost)

    def bound(self, *capabilities: Capability) -> Credentials:
        """Take them out of the bounding set: no execve will give them, not even to root."""
        self.require(Capability.SETPCAP, self.namespace)
        return replace(self, bounding=self.bounding - frozenset(capabilities))

    def exec(self, uid: int, gid: int, mode: int) -> Credentials:
        """After execve of a file that belongs to ``uid`` and ``gid`` and has these mode bits.

        With user 0, real or effective, the program is given the whole bounding set, and it is in
        effect if the effective user is 0; any other program has no capability. A user or group who
        is nobody in the own user namespace gives no rights.
        """
        euid, egid = self.euid, self.egid
        known = self.namespace.seen(uid) is not None and (
            self.namespace.seen(gid, group=True) is not None
        )
        mode = mode if known else 0
        if mode & SET_USER_ID and not self.no_new_privs:
            euid = uid
        # without the execute bit the set-group-ID bit once meant mandatory locking
        if mode & SET_GROUP_ID and mode & _GROUP_MAY_EXECUTE and not self.no_new_privs:
            egid = gid
        root = self.root
        permitted = self.bounding if root in (self.uid, euid) else NONE
        return replace(
            self,
            euid=euid,
            suid=euid,
            egid=egid,
            sgid=egid,
            permitted=permitted,
            effective=permitted if euid == root else NONE,
        )

    def _as_users(self, uid: int, euid: int, suid: int) -> Credentials:
        """The three rules of capabilities(7), "Effect of user ID changes on capabilities"."""
        effective, permitted, root = self.effective, self.permitted, self.root
        if root in (self.uid, self.euid, self.suid) and root not in (uid, euid, suid):
            effective = permitted = NONE
        if self.euid == root and euid != root:
            effective = NONE
        elif self.euid != root and euid == root:
            effective = permitted
        return replace(
            self, uid=uid, euid=euid, suid=suid, effective=effective, permitted=permitted
        )


ROOT = Credentials(0, 0, 0, 0, effective=ALL, permitted=ALL)


def user(uid: int, gid: int | None = None, groups: Iterable[int] = ()) -> Credentials:
    """Somebody who has logged in: no capability, unless the user is 0. The group is as the user."""
    gid = uid if gid is None else gid
    held = ALL if uid == 0 else NONE
    return Credentials(
        uid, gid, uid, gid, frozenset(groups), effective=held, permitted=held, suid=uid, sgid=gid
    )
