"""May this process read, write or execute this file? Nine bits, and two capabilities.

One of three classes is asked, the first that fits: the owner, the group, the others. Its answer
is final, so an owner without rights is refused what every stranger may do. Only then are
capabilities asked.
Left out: access control lists, read-only mounts, immutable files, security modules.
Source: Linux, fs/namei.c, generic_permission() and acl_permission_check(); path_resolution(7).
"""

from __future__ import annotations

from dataclasses import dataclass

from lab_kernel.kernel.security.capabilities import Capability
from lab_kernel.kernel.security.credentials import Credentials

R, W, X = 4, 2, 1
_ANY_EXECUTE = 0o111


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer, and who gave it: a class by name ("owner", "group", "others"), or a capability.

    ``rights`` are the three bits of the class that was asked.
    """

    allowed: bool
    by: str | Capability
    rights: int


def judge(
    credentials: Credentials, mode: int, uid: int, gid: int, want: int, *, directory: bool = False
) -> Ruling:
    """Whether somebody may do what ``want`` says (bits R, W, X) with a file of this owner and mode.

    Executing a directory is searching it: going through it to something inside.
    """
    if credentials.euid == uid:
        who, rights = "owner", mode >> 6 & 7
    elif credentials.in_group(gid):
        who, rights = "group", mode >> 3 & 7
    else:
        who, rights = "others", mode & 7
    if want & ~rights == 0:
        return Ruling(True, who, rights)
    for capability, enough in (
        # reading a file; reading and searching a directory
        (Capability.DAC_READ_SEARCH, not want & W if directory else want == R),
        # everything, except that a file which nobody may execute is no program even for root
        (Capability.DAC_OVERRIDE, directory or not want & X or bool(mode & _ANY_EXECUTE)),
    ):
        if enough and credentials.has_over(capability, uid, gid):
            return Ruling(True, capability, rights)
    return Ruling(False, who, rights)


def permits(
    credentials: Credentials, mode: int, uid: int, gid: int, want: int, *, directory: bool = False
) -> bool:
    """``judge``'s answer alone. False is EACCES."""
    return judge(credentials, mode, uid, gid, want, directory=directory).allowed
