"""The eight kinds of namespace, their flags, and what every namespace has.

A namespace's number is what ``ls -L -i /proc/PID/ns`` shows: two processes are in the same one if
the numbers are the same. The first ones are fixed, the others are counted up.
Source: Linux, include/uapi/linux/sched.h; include/uapi/linux/nsfs.h and include/linux/proc_ns.h for
the fixed numbers; namespaces(7). Time namespaces are named and left out: asking for one is EINVAL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab_kernel.kernel.namespaces.user import UserNamespace

CLONE_NEWTIME = 0x80
CLONE_NEWNS = 0x20000  # of mounts: the first kind, when nobody thought of others
CLONE_NEWCGROUP = 0x2000000
CLONE_NEWUTS = 0x4000000
CLONE_NEWIPC = 0x8000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

#: By the name in /proc/PID/ns, in its order.
FLAGS: dict[str, int] = {
    "cgroup": CLONE_NEWCGROUP,
    "ipc": CLONE_NEWIPC,
    "mnt": CLONE_NEWNS,
    "net": CLONE_NEWNET,
    "pid": CLONE_NEWPID,
    "user": CLONE_NEWUSER,
    "uts": CLONE_NEWUTS,
}
ALL_NEW = sum(FLAGS.values())

#: The numbers of those that every machine boots with.
FIRST: dict[str, int] = {
    "ipc": 0xEFFFFFFF,
    "uts": 0xEFFFFFFE,
    "user": 0xEFFFFFFD,
    "pid": 0xEFFFFFFC,
    "cgroup": 0xEFFFFFFB,
    "net": 0xEFFFFFF9,
    "mnt": 0xEFFFFFF8,
}
FIRST_DYNAMIC = 0xF0000000
MOST_LEVELS = 32  # of user and pid namespaces: deeper is ENOSPC


@dataclass(slots=True, eq=False, kw_only=True)
class Namespace:
    """``number`` tells it from others; ``owner`` is the user namespace whose capabilities count."""

    number: int
    owner: UserNamespace

    @property
    def kind(self) -> str:
        return type(self).__name__.removesuffix("Namespace").lower()
