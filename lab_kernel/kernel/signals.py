"""Signals: the numbers of Linux on x86-64, and what each does to a process that says nothing.

Source: Linux, arch/x86/include/uapi/asm/signal.h; signal(7), table "Standard signals". Left out:
real-time signals, masks, core dumps (Linux dumps core for some of those that end a process).
"""

from __future__ import annotations

from enum import Enum, IntEnum


class Signum(IntEnum):
    """Those that this kernel sends, or lets be sent."""

    SIGHUP = 1
    SIGINT = 2
    SIGQUIT = 3
    SIGILL = 4
    SIGABRT = 6
    SIGBUS = 7
    SIGFPE = 8
    SIGKILL = 9
    SIGUSR1 = 10
    SIGSEGV = 11
    SIGUSR2 = 12
    SIGPIPE = 13
    SIGALRM = 14
    SIGTERM = 15
    SIGCHLD = 17
    SIGCONT = 18
    SIGSTOP = 19
    SIGTSTP = 20
    SIGSYS = 31


class Action(Enum):
    """What a process wants done: the default, nothing, or to be told."""

    DEFAULT = "default"
    IGNORE = "ignore"
    CATCH = "catch"


STOPS = frozenset({Signum.SIGSTOP, Signum.SIGTSTP})
#: By default these do nothing. SIGCONT has done its work when it arrives.
IGNORED = frozenset({Signum.SIGCHLD, Signum.SIGCONT})
#: No process can catch or ignore these.
SOVEREIGN = frozenset({Signum.SIGKILL, Signum.SIGSTOP})
