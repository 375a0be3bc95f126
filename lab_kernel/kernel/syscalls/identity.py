"""Who one is and what one may: users, groups, capabilities, filters, and the machine itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from lab_kernel.kernel import lifecycle, user_memory
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.namespaces.user import INITIAL, UserNamespace
from lab_kernel.kernel.security import Capability, Filter, install
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls.call import Call

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38


class Name(NamedTuple):
    """What uname(2) tells."""

    system: str
    node: str
    release: str


@dataclass(slots=True)
class Getuid(Call):
    """The real user."""


@dataclass(slots=True)
class Geteuid(Call):
    """The user whose rights count."""


@dataclass(slots=True)
class Getgid(Call):
    """The real group."""


@dataclass(slots=True)
class Getegid(Call):
    """The group whose rights count."""


@dataclass(slots=True)
class Setuid(Call):
    """Become another user: CAP_SETUID, or back to the real one."""

    uid: int


@dataclass(slots=True)
class Setgid(Call):
    """Become another group: CAP_SETGID, or back to the real one."""

    gid: int


@dataclass(slots=True)
class Capset(Call):
    """Keep only these capabilities, a bit each, for good."""

    mask: int


@dataclass(slots=True)
class Prctl(Call):
    """PR_SET_NO_NEW_PRIVS: no program started from now on gains rights by being started.

    PR_CAPBSET_DROP takes a capability, ``argument``, out of the bounding set: CAP_SETPCAP.
    """

    option: int = PR_SET_NO_NEW_PRIVS
    argument: int = 0


@dataclass(slots=True)
class Seccomp(Call):
    """Put a filter before the table. It stays, and children and programs started later have it."""

    filter: Filter


@dataclass(slots=True)
class Uname(Call):
    """The names of the system."""


@dataclass(slots=True)
class Sethostname(Call):
    """Give the machine a name, in this UTS namespace: CAP_SYS_ADMIN over it."""

    name: str | int


@dataclass(slots=True)
class Reboot(Call):
    """Stop the machine in good order: CAP_SYS_BOOT. In a pid namespace it is that one's end."""


def sys_getuid(machine: Machine, process: Process, call: Getuid) -> int:
    return process.credentials.namespace.shown(process.credentials.uid)


def sys_geteuid(machine: Machine, process: Process, call: Geteuid) -> int:
    return process.credentials.namespace.shown(process.credentials.euid)


def sys_getgid(machine: Machine, process: Process, call: Getgid) -> int:
    return process.credentials.namespace.shown(process.credentials.gid, group=True)


def sys_getegid(machine: Machine, process: Process, call: Getegid) -> int:
    return process.credentials.namespace.shown(process.credentials.egid, group=True)


def sys_setuid(machine: Machine, process: Process, call: Setuid) -> int:
    uid = process.credentials.namespace.kernel_id(call.uid)
    if uid is None:
        raise Refused(Errno.EINVAL)
    process.credentials = process.credentials.setuid(uid)
    return 0


def sys_setgid(machine: Machine, process: Process, call: Setgid) -> int:
    gid = process.credentials.namespace.kernel_id(call.gid, group=True)
    if gid is None:
        raise Refused(Errno.EINVAL)
    process.credentials = process.credentials.setgid(gid)
    return 0


def sys_capset(machine: Machine, process: Process, call: Capset) -> int:
    kept = {one for one in Capability if call.mask >> one & 1}
    if not kept <= process.credentials.permitted:
        raise Refused(Errno.EPERM)
    process.credentials = process.credentials.drop(*(set(Capability) - kept))
    return 0


def sys_seccomp(machine: Machine, process: Process, call: Seccomp) -> int:
    process.filters = install(process.credentials, process.filters, call.filter)
    return 0


def sys_prctl(machine: Machine, process: Process, call: Prctl) -> int:
    who = process.credentials
    if call.option == PR_SET_NO_NEW_PRIVS:
        process.credentials = replace(who, no_new_privs=True)
    elif call.option == PR_CAPBSET_DROP and call.argument in set(Capability):
        process.credentials = who.bound(Capability(call.argument))
    else:
        raise Refused(Errno.EINVAL)
    return 0


def sys_uname(machine: Machine, process: Process, call: Uname) -> Name:
    return Name("Linux", process.namespaces.uts.name, "simulated")


def sys_sethostname(machine: Machine, process: Process, call: Sethostname) -> int:
    uts = process.namespaces.uts
    require(machine, process, Capability.SYS_ADMIN, uts.owner)
    uts.rename(user_memory.text(machine, process, call.name))
    return 0


def sys_reboot(machine: Machine, process: Process, call: Reboot) -> int:
    here = process.namespaces.pid
    require(machine, process, Capability.SYS_BOOT, here.owner)
    if here.init is None:
        machine.halt()
    lifecycle.signal(machine, here.init, Signum.SIGKILL)  # a namespace's end
    return 0


def kernel_ids(process: Process, uid: int, gid: int) -> tuple[int, int]:
    """A user and a group as the kernel knows them; EINVAL for who is nobody. -1 stays -1."""
    here = process.credentials.namespace
    user = uid if uid == -1 else here.kernel_id(uid)
    group = gid if gid == -1 else here.kernel_id(gid, group=True)
    if user is None or group is None:
        raise Refused(Errno.EINVAL)
    return user, group


def require(
    machine: Machine, process: Process, capability: Capability, over: UserNamespace = INITIAL
) -> None:
    """EPERM, and a line in the audit trail, without the capability."""
    if not process.credentials.has(capability, over):
        machine.audit(process, "capability", missing=f"CAP_{capability.name}")
        raise Refused(Errno.EPERM)
