"""Who one is and what one may: users, groups, capabilities, filters, and the machine itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from lab_kernel.kernel import user_memory
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.security import Capability, Filter, install
from lab_kernel.kernel.syscalls.call import Call

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

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
    """PR_SET_NO_NEW_PRIVS: no program started from now on gains rights by being started."""

    option: int = PR_SET_NO_NEW_PRIVS


@dataclass(slots=True)
class Seccomp(Call):
    """Put a filter before the table. It stays, and children and programs started later have it."""

    filter: Filter


@dataclass(slots=True)
class Uname(Call):
    """The names of the system."""


@dataclass(slots=True)
class Sethostname(Call):
    """Give the machine a name: CAP_SYS_ADMIN."""

    name: str | int


@dataclass(slots=True)
class Reboot(Call):
    """Stop the machine in good order: CAP_SYS_BOOT."""


def sys_getuid(machine: Machine, process: Process, call: Getuid) -> int:
    return process.credentials.uid


def sys_geteuid(machine: Machine, process: Process, call: Geteuid) -> int:
    return process.credentials.euid


def sys_getgid(machine: Machine, process: Process, call: Getgid) -> int:
    return process.credentials.gid


def sys_getegid(machine: Machine, process: Process, call: Getegid) -> int:
    return process.credentials.egid


def sys_setuid(machine: Machine, process: Process, call: Setuid) -> int:
    if call.uid < 0:
        raise Refused(Errno.EINVAL)
    process.credentials = process.credentials.setuid(call.uid)
    return 0


def sys_setgid(machine: Machine, process: Process, call: Setgid) -> int:
    if call.gid < 0:
        raise Refused(Errno.EINVAL)
    process.credentials = process.credentials.setgid(call.gid)
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
    if call.option != PR_SET_NO_NEW_PRIVS:
        raise Refused(Errno.EINVAL)
    process.credentials = replace(process.credentials, no_new_privs=True)
    return 0


def sys_uname(machine: Machine, process: Process, call: Uname) -> Name:
    return Name("Linux", machine.hostname, "simulated")


def sys_sethostname(machine: Machine, process: Process, call: Sethostname) -> int:
    require(machine, process, Capability.SYS_ADMIN)
    machine.hostname = user_memory.text(machine, process, call.name)[:64]
    return 0


def sys_reboot(machine: Machine, process: Process, call: Reboot) -> int:
    require(machine, process, Capability.SYS_BOOT)
    machine.halt()
    return 0


def require(machine: Machine, process: Process, capability: Capability) -> None:
    """EPERM, and a line in the audit trail, without the capability."""
    if not process.credentials.has(capability):
        machine.audit(process, "capability", missing=f"CAP_{capability.name}")
        raise Refused(Errno.EPERM)
