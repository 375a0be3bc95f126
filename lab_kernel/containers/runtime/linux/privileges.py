"""What a process gives up before it runs somebody else's program, on a real Linux.

In this order, because each step needs what the next one takes: the bounding set, the user, the
capabilities, no_new_privs, and last the filter, after which even these calls may be refused.
Source: capabilities(7), prctl(2), Linux, Documentation/userspace-api/seccomp_filter.rst.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from pathlib import Path

from lab_kernel.containers.runtime import bpf
from lab_kernel.containers.runtime.linux import libc
from lab_kernel.kernel.security import Capability, Filter
from lab_kernel.language import _


def bound(kept: frozenset[Capability]) -> None:
    """Take all other capabilities out of the bounding set: no program started later gets them."""
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text(encoding="utf-8"))
    for number in range(last + 1):
        if number not in kept:
            libc.prctl(libc.PR_CAPBSET_DROP, number)


def hold(kept: frozenset[Capability]) -> None:
    """Only these stay in effect; what we never had is not asked for."""
    mine = mask_of("CapPrm")
    mask = sum(1 << each for each in kept) & mine
    libc.clear_ambient()
    libc.capset(mask, mask)


def become(uid: int, gid: int, groups: Iterable[int]) -> None:
    """The user whose rights the program has. The order: a plain user may not change groups."""
    if not (_exists(uid, "uid_map") and _exists(gid, "gid_map")):
        message = _("inside, an ordinary user's container has user 0 only, and not {uid}:{gid}")
        raise OSError(0, message.format(uid=uid, gid=gid))
    if _setgroups_allowed():
        os.setgroups(list(groups))
    os.setgid(gid)
    os.setuid(uid)


def _exists(number: int, table: str) -> bool:
    """Whether our user namespace has such a user (or group)."""
    lines = Path("/proc/self", table).read_text(encoding="utf-8").splitlines()
    ranges = [tuple(map(int, line.split())) for line in lines]
    return any(inside <= number < inside + count for inside, _outside, count in ranges)


def _setgroups_allowed() -> bool:
    """False in a user namespace that an ordinary user made: groups may have been meant to deny."""
    return "deny" not in Path("/proc/self/setgroups").read_text(encoding="utf-8")


def no_new_privileges() -> None:
    libc.prctl(libc.PR_SET_NO_NEW_PRIVS, 1)


def filter_calls(rules: Filter) -> None:
    libc.set_seccomp(bpf.program(rules))


def filter_missing() -> bool:
    """Whether this processor's system calls have other numbers than the filter's."""
    return platform.machine() != "x86_64"


def mask_of(field: str) -> int:
    """A set of capabilities of ours, from /proc/self/status."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1], 16)
    return 0
