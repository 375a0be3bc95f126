"""A root file system of its own, on a real Linux: mounts, and then pivot_root.

All of it happens in a mount namespace of the container's, so that nothing is mounted on the host
and all is gone with the last process. ``/proc`` has to be mounted anew, for it shows the processes
of the namespace in which it was mounted. Some of its files speak of the whole machine; they are
covered or made read-only, as by the usual runtimes.
Left out: a mount of the caller's, /dev/console, cgroup file systems inside.
Source: pivot_root(2), mount_namespaces(7), OCI runtime-spec, config-linux.md ("Default
Filesystems", "Masked Paths", "Readonly Paths"); the lists of paths are those of containerd,
oci/spec.go.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from lab_kernel.containers.runtime.linux import libc
from lab_kernel.containers.runtime.linux.libc import MS_NODEV, MS_NOEXEC, MS_NOSUID

POINTS = ("proc", "dev", "sys")  # directories that have to be there to be mounted on
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
LINKS = {
    "fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2",
    "ptmx": "pts/ptmx",
}  # fmt: skip
_TERMINALS = "newinstance,ptmxmode=0666,mode=0620"
MASKED = (
    "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
    "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
)  # fmt: skip
READONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
_STRICT = MS_NOSUID | MS_NODEV | MS_NOEXEC
# statvfs says which flags a mount has; a remount inside a user namespace may not drop them
_KEPT = (os.ST_NOSUID, os.ST_NODEV, os.ST_NOEXEC) if hasattr(os, "ST_NODEV") else ()


def leave_host_mounts() -> None:
    """What is mounted from here on stays in here."""
    libc.mount("", "/", flags=libc.MS_REC | libc.MS_PRIVATE)


def missing_points(root: str) -> list[Path]:
    """Directories that the mounts will need and that somebody has to remove again."""
    return [path for name in POINTS if not os.path.lexists(path := Path(root, name))]


def mount_root(root: str) -> None:
    """The directory becomes a mount, which pivot_root asks for.

    A device file that somebody makes in it opens no device: root inside has CAP_MKNOD, and the
    host's disk is only a number.
    """
    libc.mount(root, root, flags=libc.MS_BIND | libc.MS_REC)
    _remount(root, MS_NODEV)


def mount_proc(root: str) -> None:
    """The processes of this PID namespace."""
    libc.mount("proc", _point(root, "proc"), "proc", _STRICT)


def mount_devices(root: str) -> None:
    """The few device files that every program may expect; nobody's disk is among them."""
    dev = _point(root, "dev")
    libc.mount("tmpfs", dev, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=64k")
    for name in DEVICES:
        with contextlib.suppress(FileNotFoundError):
            target = Path(dev, name)
            source = f"/dev/{name}"
            Path(source).stat()
            target.touch()
            libc.mount(source, str(target), flags=libc.MS_BIND)
    for name, target_path in LINKS.items():
        Path(dev, name).symlink_to(target_path)
    for name, kind, data, more in (
        ("shm", "tmpfs", "mode=1777", MS_NODEV),
        ("pts", "devpts", _TERMINALS, 0),
    ):
        Path(dev, name).mkdir()
        with contextlib.suppress(OSError):  # a kernel without it
            libc.mount(kind, f"{dev}/{name}", kind, MS_NOSUID | MS_NOEXEC | more, data)


def mount_sys(root: str) -> None:
    """What the kernel tells of devices, for reading. Only who owns the network namespace may."""
    point = _point(root, "sys")
    with contextlib.suppress(OSError):
        libc.mount("sysfs", point, "sysfs", _STRICT | libc.MS_RDONLY)


def enter(root: str) -> None:
    """The root of this namespace is ``root`` from now on, and the old one is nowhere in it."""
    os.chdir(root)
    libc.pivot_root(".", ".")  # the old root lies on the new one, where it can be taken away
    libc.detach(".")
    os.chdir("/")


def cover() -> None:
    """Hide what tells of the whole machine, and keep what sets it from being written."""
    for path in MASKED:
        if Path(path).is_dir():
            libc.mount("tmpfs", path, "tmpfs", libc.MS_RDONLY)
        elif Path(path).exists():
            libc.mount("/dev/null", path, flags=libc.MS_BIND)
    for path in READONLY:
        if Path(path).exists():
            libc.mount(path, path, flags=libc.MS_BIND | libc.MS_REC)
            make_readonly(path)


def make_readonly(path: str) -> None:
    """A mount that can be read only, with the flags that it had."""
    _remount(path, libc.MS_RDONLY)


def _remount(path: str, more: int) -> None:
    had = os.statvfs(path).f_flag
    kept = sum(flag for flag in _KEPT if had & flag)
    libc.mount("", path, flags=libc.MS_REMOUNT | libc.MS_BIND | kept | more)


def _point(root: str, name: str) -> str:
    """The directory to mount on. A link could lead out of the root file system."""
    path = Path(root, name)
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    path.mkdir(mode=0o755, exist_ok=True)
    return str(path)
