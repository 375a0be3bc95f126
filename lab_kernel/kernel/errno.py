"""Why a system call failed: the numbers of Linux on x86-64, and the exception that carries one.

The kernel returns a failure as the negative number; C's library turns that into -1 and the variable
``errno``. Python's own module ``errno`` has the numbers of the machine that it runs on (EAGAIN
is 35 on macOS), so the simulated kernel keeps its own.
Source: Linux, include/uapi/asm-generic/errno-base.h and errno.h; errno(3).
"""

from __future__ import annotations

from enum import IntEnum

from lab_kernel.language import N_, _


class Errno(IntEnum):
    """Those that this kernel returns."""

    EPERM = 1
    ENOENT = 2
    ESRCH = 3
    EINTR = 4
    EIO = 5
    ENXIO = 6
    E2BIG = 7
    ENOEXEC = 8
    EBADF = 9
    ECHILD = 10
    EAGAIN = 11
    ENOMEM = 12
    EACCES = 13
    EFAULT = 14
    ENOTBLK = 15
    EBUSY = 16
    EEXIST = 17
    EXDEV = 18
    ENODEV = 19
    ENOTDIR = 20
    EISDIR = 21
    EINVAL = 22
    ENFILE = 23
    EMFILE = 24
    ENOTTY = 25
    EFBIG = 27
    ENOSPC = 28
    ESPIPE = 29
    EROFS = 30
    EMLINK = 31
    EPIPE = 32
    ERANGE = 34
    ENAMETOOLONG = 36
    ENOSYS = 38
    ENOTEMPTY = 39
    ELOOP = 40
    EOVERFLOW = 75
    ENOTSOCK = 88
    EAFNOSUPPORT = 97
    EADDRINUSE = 98
    EADDRNOTAVAIL = 99
    ENETUNREACH = 101
    ENOTCONN = 107
    ECONNREFUSED = 111

    @property
    def meaning(self) -> str:
        """In a few words, in the reader's language."""
        return _(_MEANINGS[self])


_MEANINGS = {
    Errno.EPERM: N_("operation not permitted"),
    Errno.ENOENT: N_("no such file or directory"),
    Errno.ESRCH: N_("no such process"),
    Errno.EINTR: N_("interrupted by a signal"),
    Errno.EIO: N_("input or output error"),
    Errno.ENXIO: N_("no such device or address"),
    Errno.E2BIG: N_("argument list too long"),
    Errno.ENOEXEC: N_("not an executable format"),
    Errno.EBADF: N_("bad file descriptor"),
    Errno.ECHILD: N_("no child to wait for"),
    Errno.EAGAIN: N_("not now, try again"),
    Errno.ENOMEM: N_("out of memory"),
    Errno.EACCES: N_("permission denied"),
    Errno.EFAULT: N_("bad address"),
    Errno.ENOTBLK: N_("block device required"),
    Errno.EBUSY: N_("device or resource busy"),
    Errno.EEXIST: N_("the file exists"),
    Errno.EXDEV: N_("not on the same file system"),
    Errno.ENODEV: N_("no such device"),
    Errno.ENOTDIR: N_("not a directory"),
    Errno.EISDIR: N_("is a directory"),
    Errno.EINVAL: N_("invalid argument"),
    Errno.ENFILE: N_("too many open files in the system"),
    Errno.EMFILE: N_("too many open files"),
    Errno.ENOTTY: N_("not a request for this device"),
    Errno.EFBIG: N_("the file is too large"),
    Errno.ENOSPC: N_("no space left on the device"),
    Errno.ESPIPE: N_("cannot seek here"),
    Errno.EROFS: N_("read-only file system"),
    Errno.EMLINK: N_("too many links"),
    Errno.EPIPE: N_("nobody reads this pipe"),
    Errno.ERANGE: N_("the result is too large"),
    Errno.ENAMETOOLONG: N_("the name is too long"),
    Errno.ENOSYS: N_("no such system call"),
    Errno.ENOTEMPTY: N_("the directory is not empty"),
    Errno.ELOOP: N_("too many symbolic links"),
    Errno.EOVERFLOW: N_("a number that does not fit there"),
    Errno.ENOTSOCK: N_("not a socket"),
    Errno.EAFNOSUPPORT: N_("no such family of addresses"),
    Errno.EADDRINUSE: N_("the address is in use"),
    Errno.EADDRNOTAVAIL: N_("no such address here"),
    Errno.ENETUNREACH: N_("the network cannot be reached"),
    Errno.ENOTCONN: N_("not connected"),
    Errno.ECONNREFUSED: N_("nobody listens there"),
}


class Refused(Exception):
    """Raised by kernel code to fail the system call that it serves; ``errno`` says why."""

    def __init__(self, errno: Errno) -> None:
        self.errno = errno
        super().__init__(errno.name)
