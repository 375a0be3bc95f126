"""seccomp: a process throws away its own right to some system calls, for good.

A filter sees the number and the six arguments, never what a pointer points to: memory can be
changed after the check. All filters are run at each call, and the most restrictive answer wins, so
that a filter added later can only take away.

Modelled: filters as lists of rules (the kernel runs BPF programs; libseccomp writes those from
rules like these), the first rule that matches decides within one filter.
Left out: the check of the architecture, BPF itself, who answers TRACE and USER_NOTIF (nobody does:
the call fails with ENOSYS).
Source: seccomp(2); Linux, Documentation/userspace-api/seccomp_filter.rst, kernel/seccomp.c.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.security.capabilities import Capability
from lab_kernel.kernel.security.credentials import Credentials
from lab_kernel.language import _
from lab_kernel.registry import unknown

_64_BITS = (1 << 64) - 1
_MOST_ERRNO = 4095


class Action(IntEnum):
    """What becomes of a call. The smaller is the more restrictive.

    The values are the kernel's (SECCOMP_RET_...), read as signed numbers of 32 bits: that is how
    the kernel, too, finds the most restrictive with one comparison.
    """

    KILL_PROCESS = 0x8000_0000 - (1 << 32)
    KILL_THREAD = 0x0000_0000
    TRAP = 0x0003_0000  # SIGSYS, which may be caught
    ERRNO = 0x0005_0000  # not run, and fails
    USER_NOTIF = 0x7FC0_0000  # another process decides
    TRACE = 0x7FF0_0000  # a debugger decides
    LOG = 0x7FFC_0000  # run, and written down
    ALLOW = 0x7FFF_0000

    @property
    def runs(self) -> bool:
        """Whether the call is carried out."""
        return self >= Action.LOG

    @property
    def kills(self) -> bool:
        return self <= Action.KILL_THREAD


_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Compare:
    """One argument (0 to 5) against a value; with a ``mask`` only the bits in it are compared.

    Numbers are unsigned, of 64 bits: -1 is the largest.
    """

    argument: int
    comparison: str
    value: int
    mask: int = _64_BITS

    def __post_init__(self) -> None:
        if self.comparison not in _COMPARISONS:
            raise unknown("comparison", self.comparison, _COMPARISONS)
        if not 0 <= self.argument <= 5:
            raise BadInput("argument", _("{n} is not between 0 and 5").format(n=self.argument))

    def holds(self, arguments: Sequence[int]) -> bool:
        given = arguments[self.argument] if self.argument < len(arguments) else 0
        return _COMPARISONS[self.comparison](given & self.mask, self.value & _64_BITS)


@dataclass(frozen=True, slots=True)
class Rule:
    """What to do with one system call (its number or name), if all comparisons hold."""

    syscall: int | str
    action: Action
    errno: int = Errno.EPERM
    arguments: tuple[Compare, ...] = ()
    number: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", number_of(self.syscall))

    def matches(self, number: int, arguments: Sequence[int]) -> bool:
        return number == self.number and all(each.holds(arguments) for each in self.arguments)


@dataclass(frozen=True, slots=True)
class Filter:
    """Rules, read from the first to the last, and what becomes of a call that none is about."""

    rules: tuple[Rule, ...] = ()
    default: Action = Action.ALLOW
    errno: int = Errno.EPERM

    def run(self, number: int, arguments: Sequence[int] = ()) -> tuple[Action, int]:
        for rule in self.rules:
            if rule.matches(number, arguments):
                return rule.action, rule.errno
        return self.default, self.errno


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all filters say together. ``errno`` is 0 unless the call is to fail.

    ``by`` is the place of the filter that decided, None where there are no filters.
    """

    action: Action
    errno: int = 0
    by: int | None = None


def decide(filters: Sequence[Filter], number: int, arguments: Sequence[int] = ()) -> Verdict:
    """The most restrictive answer. The last filter is asked first, and of equals the first wins."""
    verdict = Verdict(Action.ALLOW)
    for place in range(len(filters) - 1, -1, -1):
        action, errno = filters[place].run(number, arguments)
        if verdict.by is None or action < verdict.action:
            verdict = Verdict(action, _failure(action, errno), place)
    return verdict


def _failure(action: Action, errno: int) -> int:
    if action is Action.ERRNO:
        return min(errno, _MOST_ERRNO)
    return Errno.ENOSYS if action in (Action.USER_NOTIF, Action.TRACE) else 0


def install(
    credentials: Credentials, filters: tuple[Filter, ...], new: Filter
) -> tuple[Filter, ...]:
    """One filter more; there is no call to remove one, and children inherit them.

    Refused(EACCES) to those who have neither set no_new_privs nor CAP_SYS_ADMIN: a set-user-ID
    program whose setuid() is made to fail unseen would go on as root.
    """
    if not (
        credentials.no_new_privs or credentials.has(Capability.SYS_ADMIN, credentials.namespace)
    ):
        raise Refused(Errno.EACCES)
    return (*filters, new)


def number_of(syscall: int | str) -> int:
    """The number of a system call given by number or name. BadInput where no call has the name."""
    # here: the package of the handlers imports this module
    from lab_kernel.kernel.syscalls.numbers import NUMBERS

    if isinstance(syscall, int):
        return syscall
    if syscall not in NUMBERS:
        raise BadInput(
            "syscall", _("there is no system call “{name}” on x86-64").format(name=syscall)
        )
    return NUMBERS[syscall]
