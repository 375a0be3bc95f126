"""Filters written in a line, and some that are ready made.

    --allow read,write,exit_group       everything else fails with EPERM
    --deny ptrace,mount:ENOSYS,kill:kill_process

After a colon stands what becomes of the call: an errno, or an action (kill_process, kill_thread,
trap, log ...). Without one it fails with EPERM, which most sandboxes choose.
Source: seccomp(2); for ``strict`` its section on SECCOMP_SET_MODE_STRICT.
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
_NETWORK = "socket socketpair connect bind listen accept accept4 sendto recvfrom sendmsg recvmsg"
_CHANGES = (
    "creat truncate ftruncate mkdir mkdirat mknod mknodat rmdir unlink unlinkat rename renameat"
    " renameat2 link linkat symlink symlinkat chmod fchmod fchmodat chown fchown lchown fchownat"
)
_PROGRAMS = "fork vfork clone clone3 execve execveat"


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
