"""Filters written in a line, and some that are ready made.

    --allow read,write,exit_group       everything else fails with EPERM
    --deny ptrace,mount:ENOSYS,kill:kill_process

After a colon stands what becomes of the call: an errno, or an action (kill_process, kill_thread,
trap, log ...). Without one it fails with EPERM, which most sandboxes choose.
Source: seccomp(2); for ``strict`` its section on SECCOMP_SET_MODE_STRICT. ``container`` is after
Docker's manual, "Seccomp security profiles for Docker", but turned around: Docker allows some 350
calls and refuses the rest, so that a call which nobody has thought of yet is refused, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security.seccomp import Action, Compare, Filter, Rule
from lab_kernel.language import _
from lab_kernel.registry import unknown

_WRITE_FLAGS = 0o3  # O_WRONLY | O_RDWR
_CREATE = 0o100  # O_CREAT
_LOW = 0xFFFF_FFFF  # an int: the kernel looks at these 32 bits only
_NETWORK = "socket socketpair connect bind listen accept accept4 sendto recvfrom sendmsg recvmsg"
_CHANGES = (
    "creat truncate ftruncate mkdir mkdirat mknod mknodat rmdir unlink unlinkat rename renameat"
    " renameat2 link linkat symlink symlinkat chmod fchmod fchmodat chown fchown lchown fchownat"
)
_PROGRAMS = "fork vfork clone clone3 execve execveat"
# what changes the one kernel that all containers share, or looks past a container's walls
_HOST = """
acct add_key bpf clock_adjtime clock_settime create_module delete_module fanotify_init
finit_module fsconfig fsmount fsopen fspick get_kernel_syms get_mempolicy init_module
ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie mbind mount
mount_setattr move_mount move_pages name_to_handle_at nfsservctl open_by_handle_at
open_tree perf_event_open pivot_root process_vm_readv process_vm_writev query_module
quotactl quotactl_fd reboot request_key set_mempolicy setdomainname sethostname setns
settimeofday swapoff swapon syslog sysfs _sysctl umount2 unshare uselib userfaultfd
ustat vhangup
"""
_NEW_NAMESPACES = 0x7E02_0000  # the CLONE_NEW flags of clone(2)
_TERMINAL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing in somebody else's terminal


def _refusing(names: str) -> tuple[Rule, ...]:
    return tuple(Rule(name, Action.ERRNO) for name in names.split())


def _opening_to_write(name: str, argument: int) -> tuple[Rule, ...]:
    return tuple(
        Rule(name, Action.ERRNO, Errno.EROFS, (Compare(argument, "!=", 0, mask=flags),))
        for flags in (_WRITE_FLAGS, _CREATE)
    )


PROFILES: Mapping[str, Filter] = {
    # no socket is made or used
    "no-network": Filter(_refusing(_NETWORK)),
    # no process is made, and no program started
    "no-programs": Filter(_refusing(_PROGRAMS)),
    # no file is opened for writing, made, renamed or removed
    "read-only": Filter(
        (*_opening_to_write("open", 1), *_opening_to_write("openat", 2), *_refusing(_CHANGES))
    ),
    # what a container needs no more, once it runs: Docker's list of notable refusals
    "container": Filter(
        (
            *_refusing(_HOST),
            Rule("clone", Action.ERRNO, Errno.EPERM, (Compare(0, "!=", 0, mask=_NEW_NAMESPACES),)),
            # its flags lie behind a pointer, where no filter looks; ENOSYS: libraries take clone
            Rule("clone3", Action.ERRNO, Errno.ENOSYS),
            *(
                Rule("ioctl", Action.ERRNO, Errno.EPERM, (Compare(1, "==", request, _LOW),))
                for request in _TERMINAL
            ),
        )
    ),
    # seccomp's first mode, which knew four calls
    "strict": Filter(
        tuple(Rule(name, Action.ALLOW) for name in ("read", "write", "exit", "rt_sigreturn")),
        default=Action.KILL_THREAD,
    ),
}


def profile(name: str) -> Filter:
    if name not in PROFILES:
        raise unknown("profile", name, PROFILES)
    return PROFILES[name]


def allowing(text: str) -> Filter:
    """Only these calls; any other fails with EPERM."""
    rules = [_rule("allow", word) for word in _words("allow", text)]
    if any(rule.action is not Action.ALLOW for rule in rules):
        raise BadInput("allow", _("nothing stands after a name here; use --deny"))
    return Filter(tuple(rules), default=Action.ERRNO)


def denying(text: str) -> Filter:
    """All calls but these."""
    return Filter(tuple(_rule("deny", word) for word in _words("deny", text)))


def _words(argument: str, text: str) -> list[str]:
    words = [word for word in re.split(r"[\s,]+", text) if word]
    if not words:
        raise BadInput(argument, _("there is nothing in it; write some, such as read,write"))
    return words


def _rule(argument: str, word: str) -> Rule:
    name, colon, what = word.partition(":")
    action, errno = Action.ERRNO if argument == "deny" else Action.ALLOW, Errno.EPERM
    if colon and what.upper() in Errno.__members__:
        action, errno = Action.ERRNO, Errno[what.upper()]
    elif colon and what.upper() in Action.__members__:
        action = Action[what.upper()]
    elif colon:
        said = _("“{what}” is neither an errno such as EPERM nor one of: {allowed}")
        allowed = ", ".join(action.name.lower() for action in Action)
        raise BadInput(argument, said.format(what=what[:30], allowed=allowed))
    try:
        return Rule(name, action, errno)
    except BadInput as error:
        raise BadInput(argument, error.message) from None
