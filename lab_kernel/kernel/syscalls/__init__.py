"""System calls: the only door into the kernel.

In reading order:

    call        what every call has
    table       which number is which call
    files       open, read, write, pipe, dup ...
    processes   fork, execve, wait4, kill ...
    memory      brk and mmap
    identity    users, capabilities, filters
    numbers     all numbers of x86-64, also those that this kernel has not
"""

from lab_kernel.kernel.syscalls.call import Call, Syscall
from lab_kernel.kernel.syscalls.files import (
    Chdir,
    Chmod,
    Chown,
    Close,
    Dup,
    Dup2,
    Getcwd,
    Getdents64,
    Ioctl,
    Lseek,
    Mkdir,
    Open,
    Pipe,
    Read,
    Rename,
    Rmdir,
    Stat,
    Status,
    Umask,
    Unlink,
    Write,
)
from lab_kernel.kernel.syscalls.identity import (
    Capset,
    Getegid,
    Geteuid,
    Getgid,
    Getuid,
    Prctl,
    Reboot,
    Seccomp,
    Setgid,
    Sethostname,
    Setuid,
    Uname,
)
from lab_kernel.kernel.syscalls.memory import Brk, Mmap, Munmap
from lab_kernel.kernel.syscalls.processes import (
    WNOHANG,
    Alarm,
    Execve,
    Exit,
    Fork,
    Getpid,
    Getppid,
    Kill,
    Nanosleep,
    Pause,
    Rt_sigaction,
    Sched_yield,
    Setpriority,
    Wait4,
)
from lab_kernel.kernel.syscalls.table import TABLE

__all__ = [
    "TABLE",
    "WNOHANG",
    "Alarm",
    "Brk",
    "Call",
    "Capset",
    "Chdir",
    "Chmod",
    "Chown",
    "Close",
    "Dup",
    "Dup2",
    "Execve",
    "Exit",
    "Fork",
    "Getcwd",
    "Getdents64",
    "Getegid",
    "Geteuid",
    "Getgid",
    "Getpid",
    "Getppid",
    "Getuid",
    "Ioctl",
    "Kill",
    "Lseek",
    "Mkdir",
    "Mmap",
    "Munmap",
    "Nanosleep",
    "Open",
    "Pause",
    "Pipe",
    "Prctl",
    "Read",
    "Reboot",
    "Rename",
    "Rmdir",
    "Rt_sigaction",
    "Sched_yield",
    "Seccomp",
    "Setgid",
    "Sethostname",
    "Setpriority",
    "Setuid",
    "Stat",
    "Status",
    "Syscall",
    "Umask",
    "Uname",
    "Unlink",
    "Wait4",
    "Write",
]
