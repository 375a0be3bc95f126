"""What a container is to be: the part of the OCI runtime's ``config.json`` that is taught here.

One Config starts a container in the simulated kernel and on a real Linux alike.
Left out of the specification: hooks, further mounts, devices, rlimits, security modules, the
time namespace, joining a namespace that exists.
Source: OCI runtime-spec, config.md and config-linux.md. The capabilities are those that Docker
(moby, oci/caps/defaults.go) and containerd (oci/spec.go) leave to a container's root.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab_kernel.kernel.security import Capability, Filter
from lab_kernel.kernel.security.profiles import PROFILES

NAMESPACES = ("user", "pid", "mount", "uts", "ipc", "network", "cgroup")
USUAL = frozenset(NAMESPACES) - {"user"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CAPABILITIES = frozenset(
    Capability[name]
    for name in [
        "CHOWN",
        "DAC_OVERRIDE",
        "FSETID",
        "FOWNER",
        "MKNOD",
        "NET_RAW",
        "SETGID",
        "SETUID",
        "SETFCAP",
        "SETPCAP",
        "NET_BIND_SERVICE",
        "SYS_CHROOT",
        "KILL",
        "AUDIT_WRITE",
    ]
)


@dataclass(frozen=True, slots=True)
class Limits:
    """None leaves a resource unlimited. ``memory`` in bytes, ``cpus`` in whole processors."""

    memory: int | None = None
    cpus: float | None = None
    pids: int | None = None

    def asked(self) -> dict[str, int | float]:
        """Those that are set, by name."""
        all_three = {"memory": self.memory, "cpus": self.cpus, "pids": self.pids}
        return {name: value for name, value in all_three.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """``args`` are the program and its arguments, ``env`` lines ``NAME=value``.

    ``user`` is ``UID[:GID]`` or names that the container's own /etc/passwd and /etc/group know.
    A namespace that is not named is shared with the host. ``readonly`` is about the root file
    system. The defaults are those of the usual runtimes, except that no network is given.
    """

    args: tuple[str, ...]
    env: tuple[str, ...] = (f"PATH={PATH}",)
    cwd: str = "/"
    user: str = "0"
    hostname: str = "container"
    readonly: bool = False
    namespaces: frozenset[str] = USUAL
    capabilities: frozenset[Capability] = CAPABILITIES
    no_new_privs: bool = True
    seccomp: Filter | None = PROFILES["container"]
    limits: Limits = Limits()

    def ordered(self, steps: Iterable[str]) -> list[str]:
        """The steps of a start. A filter needs no_new_privs or CAP_SYS_ADMIN to be installed, so
        that without the first it comes before the capabilities go."""
        names = list(steps)
        if not self.no_new_privs and "seccomp" in names:
            names.remove("seccomp")
            names.insert(names.index("capabilities"), "seccomp")
        return names
