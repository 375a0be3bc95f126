"""What root may do, cut into forty-one pieces that can be held one by one.

Up to Linux 2.2 the kernel asked one question: is the effective user 0? Since then each check asks
for one of these, and user 0 is only somebody who starts with all of them.
Source: Linux, include/uapi/linux/capability.h; capabilities(7).
"""

from __future__ import annotations

from enum import IntEnum


class Capability(IntEnum):
    """By its bit in ``/proc/PID/status`` (CapEff, CapPrm, CapBnd)."""

    CHOWN = 0  # give files away
    DAC_OVERRIDE = 1  # read and write against the permission bits
    DAC_READ_SEARCH = 2  # read and search against them
    FOWNER = 3  # act as any file's owner
    FSETID = 4  # keep set-ID bits on a changed file
    KILL = 5  # signal any process
    SETGID = 6  # take any group
    SETUID = 7  # take any user
    SETPCAP = 8  # shrink the bounding set
    LINUX_IMMUTABLE = 9
    NET_BIND_SERVICE = 10  # ports below 1024
    NET_BROADCAST = 11
    NET_ADMIN = 12  # interfaces, routes, firewalls
    NET_RAW = 13  # raw packets: ping, sniffers
    IPC_LOCK = 14
    IPC_OWNER = 15
    SYS_MODULE = 16  # load code into the kernel
    SYS_RAWIO = 17  # touch ports and physical memory
    SYS_CHROOT = 18  # change the root directory
    SYS_PTRACE = 19  # look into any process
    SYS_PACCT = 20
    SYS_ADMIN = 21  # mount and much besides: "the new root"
    SYS_BOOT = 22  # reboot
    SYS_NICE = 23  # raise priorities
    SYS_RESOURCE = 24  # pass limits
    SYS_TIME = 25  # set the clock
    SYS_TTY_CONFIG = 26
    MKNOD = 27  # make device files
    LEASE = 28
    AUDIT_WRITE = 29
    AUDIT_CONTROL = 30
    SETFCAP = 31  # give files capabilities
    MAC_OVERRIDE = 32
    MAC_ADMIN = 33
    SYSLOG = 34
    WAKE_ALARM = 35
    BLOCK_SUSPEND = 36
    AUDIT_READ = 37
    PERFMON = 38
    BPF = 39  # load BPF programs
    CHECKPOINT_RESTORE = 40

    def __str__(self) -> str:
        return f"CAP_{self.name}"


ALL = frozenset(Capability)
NONE: frozenset[Capability] = frozenset()


def mask(capabilities: frozenset[Capability]) -> str:
    """As ``/proc/PID/status`` writes a set: sixteen hexadecimal digits."""
    return f"{sum(1 << capability for capability in capabilities):016x}"
