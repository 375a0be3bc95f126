"""Writing the maps of a user namespace: once, and only what one may give away.

Without CAP_SETUID (CAP_SETGID) in the namespace above, one line of one ID may be written: the own
one; and for a group only when setgroups is forbidden for good. A group can stand for less than the
others may, and nobody is to get rid of one by making a namespace.

Left out: CAP_SETFCAP for maps of user 0; Linux asks who opened the file, here it is who writes.
Source: user_namespaces(7), "Defining user and group ID mappings"; Linux, kernel/user_namespace.c:
map_write(), new_idmap_permitted(), proc_setgroups_write().
"""

from __future__ import annotations

from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces.user import HIGHEST, Line, UserNamespace
from lab_kernel.kernel.security.capabilities import Capability
from lab_kernel.kernel.security.credentials import Credentials

MOST_LINES = 340


def write_map(
    namespace: UserNamespace, writer: Credentials, text: str, *, group: bool = False
) -> None:
    """What was written to ``uid_map`` (``gid_map``). Refused: EPERM, EINVAL."""
    above = namespace.parent
    if above is None or writer.namespace not in (namespace, above):
        raise Refused(Errno.EPERM)
    if (namespace.gid_map if group else namespace.uid_map) is not None:
        raise Refused(Errno.EPERM)
    if not namespace.has(writer, Capability.SYS_ADMIN):
        raise Refused(Errno.EPERM)
    lines = parse(text)
    if not _may(namespace, above, writer, lines, group=group):
        raise Refused(Errno.EPERM)
    kernel = []
    for inside, outside, count in lines:
        first = above.kernel_id(outside, group=group)
        last = above.kernel_id(outside + count - 1, group=group)
        if first is None or last is None or last - first != count - 1:
            raise Refused(Errno.EPERM)
        kernel.append(Line(inside, first, count))
    if group:
        namespace.gid_map = tuple(kernel)
    else:
        namespace.uid_map = tuple(kernel)


def _may(
    namespace: UserNamespace,
    above: UserNamespace,
    writer: Credentials,
    lines: tuple[Line, ...],
    *,
    group: bool,
) -> bool:
    if len(lines) == 1 and lines[0].length == 1 and namespace.uid == writer.euid:
        outside = above.kernel_id(lines[0].outside, group=group)
        if not group and outside == writer.euid:
            return True
        if group and not namespace.setgroups and outside == writer.egid:
            return True
    return above.has(writer, Capability.SETGID if group else Capability.SETUID)


def write_setgroups(namespace: UserNamespace, writer: Credentials, text: str) -> None:
    """What was written to ``setgroups``: "deny" for good, before the groups are mapped."""
    if not namespace.has(writer, Capability.SYS_ADMIN):
        raise Refused(Errno.EACCES)
    wanted = text.strip()
    if wanted not in ("allow", "deny"):
        raise Refused(Errno.EINVAL)
    allow = wanted == "allow"
    if allow != namespace.setgroups and (allow or namespace.gid_map is not None):
        raise Refused(Errno.EPERM)
    namespace.setgroups = allow


def parse(text: str) -> tuple[Line, ...]:
    """The lines of a map; EINVAL for what is none, overlaps, or is too long."""
    lines: list[Line] = []
    for row in text.splitlines():
        words = row.split()
        if len(words) != 3 or not all(word.isdecimal() and word.isascii() for word in words):
            raise Refused(Errno.EINVAL)
        line = Line(*map(int, words))
        if not line.length or max(line.inside, line.outside) + line.length > HIGHEST:
            raise Refused(Errno.EINVAL)
        for other in lines:
            for one, its in ((line.inside, other.inside), (line.outside, other.outside)):
                if one < its + other.length and its < one + line.length:
                    raise Refused(Errno.EINVAL)
        lines.append(line)
    if not 0 < len(lines) <= MOST_LINES:
        raise Refused(Errno.EINVAL)
    return tuple(lines)
