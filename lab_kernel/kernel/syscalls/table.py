"""The table: which number is which call. It is the only door into the kernel.

Source of the numbers: Linux, arch/x86/entry/syscalls/syscall_64.tbl.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lab_kernel.kernel.syscalls import files, identity, isolation, memory, processes
from lab_kernel.kernel.syscalls.call import Call

Handler = Callable[..., Any]

TABLE: dict[int, tuple[type[Call], Handler]] = {
    0: (files.Read, files.sys_read),
    1: (files.Write, files.sys_write),
    2: (files.Open, files.sys_open),
    3: (files.Close, files.sys_close),
    4: (files.Stat, files.sys_stat),
    8: (files.Lseek, files.sys_lseek),
    9: (memory.Mmap, memory.sys_mmap),
    11: (memory.Munmap, memory.sys_munmap),
    12: (memory.Brk, memory.sys_brk),
    13: (processes.Rt_sigaction, processes.sys_rt_sigaction),
    16: (files.Ioctl, files.sys_ioctl),
    22: (files.Pipe, files.sys_pipe),
    24: (processes.Sched_yield, processes.sys_sched_yield),
    32: (files.Dup, files.sys_dup),
    33: (files.Dup2, files.sys_dup2),
    34: (processes.Pause, processes.sys_pause),
    35: (processes.Nanosleep, processes.sys_nanosleep),
    37: (processes.Alarm, processes.sys_alarm),
    39: (processes.Getpid, processes.sys_getpid),
    41: (isolation.Socket, isolation.sys_socket),
    42: (isolation.Connect, isolation.sys_connect),
    49: (isolation.Bind, isolation.sys_bind),
    50: (isolation.Listen, isolation.sys_listen),
    56: (isolation.Clone, isolation.sys_clone),
    57: (processes.Fork, processes.sys_fork),
    59: (processes.Execve, processes.sys_execve),
    60: (processes.Exit, processes.sys_exit),
    61: (processes.Wait4, processes.sys_wait4),
    62: (processes.Kill, processes.sys_kill),
    63: (identity.Uname, identity.sys_uname),
    68: (isolation.Msgget, isolation.sys_msgget),
    79: (files.Getcwd, files.sys_getcwd),
    80: (files.Chdir, files.sys_chdir),
    82: (files.Rename, files.sys_rename),
    83: (files.Mkdir, files.sys_mkdir),
    84: (files.Rmdir, files.sys_rmdir),
    87: (files.Unlink, files.sys_unlink),
    90: (files.Chmod, files.sys_chmod),
    92: (files.Chown, files.sys_chown),
    95: (files.Umask, files.sys_umask),
    102: (identity.Getuid, identity.sys_getuid),
    104: (identity.Getgid, identity.sys_getgid),
    105: (identity.Setuid, identity.sys_setuid),
    106: (identity.Setgid, identity.sys_setgid),
    107: (identity.Geteuid, identity.sys_geteuid),
    108: (identity.Getegid, identity.sys_getegid),
    110: (processes.Getppid, processes.sys_getppid),
    126: (identity.Capset, identity.sys_capset),
    141: (processes.Setpriority, processes.sys_setpriority),
    155: (isolation.Pivot_root, isolation.sys_pivot_root),
    157: (identity.Prctl, identity.sys_prctl),
    165: (isolation.Mount, isolation.sys_mount),
    166: (isolation.Umount2, isolation.sys_umount2),
    169: (identity.Reboot, identity.sys_reboot),
    170: (identity.Sethostname, identity.sys_sethostname),
    217: (files.Getdents64, files.sys_getdents64),
    272: (isolation.Unshare, isolation.sys_unshare),
    308: (isolation.Setns, isolation.sys_setns),
    317: (identity.Seccomp, identity.sys_seccomp),
}

for number, (call, _handler) in TABLE.items():
    call.number = number
