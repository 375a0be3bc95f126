"""The system calls that Python does not offer on every version: through C's library.

``os.unshare`` exists from Python 3.12 on; ``mount``, ``pivot_root``, ``prctl`` and ``capset`` in
none. Each function raises OSError where the kernel refuses. ``ctypes`` is imported at the first
call, so that this module can be imported where there is no C library to speak of (in a browser).
Source: unshare(2), mount(2), umount2(2), pivot_root(2), sethostname(2), prctl(2), capset(2); the
numbers are those of Linux, include/uapi/linux/{sched,mount,prctl,capability}.h.
"""

from __future__ import annotations

import os
import platform
from functools import cache
from typing import Any

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWUSER = 0x1000_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 32, 4096, 16384, 1 << 18
MNT_DETACH = 2

PR_SET_PDEATHSIG = 1
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
SECCOMP_MODE_FILTER = 2
_CAPABILITY_VERSION_3 = 0x2008_0522

_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "ppc64le": 203, "s390x": 217}


@cache
def _library() -> Any:
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: Any) -> None:
    """The C function; OSError with its errno where it returns -1."""
    import ctypes

    ctypes.set_errno(0)
    if getattr(_library(), name)(*arguments) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def unshare(flags: int) -> None:
    """Leave the namespaces that the flags name, for new ones."""
    _call("unshare", flags)


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    import ctypes

    words = [word.encode() or None for word in (source, target, kind)]
    _call("mount", *words, ctypes.c_ulong(flags), data.encode() or None)


def detach(target: str) -> None:
    """umount2 with MNT_DETACH: out of the tree at once, gone when nobody uses it any more."""
    _call("umount2", target.encode(), MNT_DETACH)


def pivot_root(new: str, old: str) -> None:
    import ctypes

    number = _PIVOT_ROOT[platform.machine()]
    _call("syscall", ctypes.c_long(number), new.encode(), old.encode())


def sethostname(name: str) -> None:
    import ctypes

    word = name.encode()
    _call("sethostname", word, ctypes.c_size_t(len(word)))


def prctl(option: int, argument: int = 0) -> None:
    import ctypes

    _call("prctl", option, *(ctypes.c_ulong(each) for each in (argument, 0, 0, 0)))


def clear_ambient() -> None:
    """The ambient set, which would survive an execve, becomes empty."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def capset(effective: int, permitted: int) -> None:
    """Both sets as bit masks; the inheritable set becomes empty."""
    import ctypes

    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    low, high = 0xFFFF_FFFF, 32
    data = (ctypes.c_uint32 * 6)(
        effective & low, permitted & low, 0, effective >> high, permitted >> high, 0
    )
    _call("capset", header, data)


def set_seccomp(program: bytes) -> None:
    """Install a BPF program: instructions of eight bytes, as the kernel takes them."""
    import ctypes

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    held = ctypes.create_string_buffer(program, len(program))
    whole = Program(len(program) // 8, ctypes.addressof(held))
    _call(
        "prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(whole),
        ctypes.c_ulong(0), ctypes.c_ulong(0),
    )  # fmt: skip
