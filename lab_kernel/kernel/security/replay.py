"""A recorded program before a filter: which of its calls would have been refused, and which first?

Fed with the Trace of an strace recording (or any trace whose events ``call`` and ``error`` are
named after system calls). After a verdict that kills, the process makes no further call. After one
that only fails the call, the real program might have gone another way; what follows is what it
did when nobody refused it. So the first refusal is certain and the later ones are a guess.

Arguments are text in a recording. Numbers and the flags of open, mmap and mprotect are understood,
so that a filter may compare them; everything else (pointers, structures, strings) counts as 0.
The execve that starts the program is let through, as if the program had installed the filters
itself; processes that it makes inherit them, and a process that would not have been made does
nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lab_kernel.kernel.security.seccomp import Action, Filter, Verdict, decide
from lab_kernel.kernel.syscalls.numbers import NUMBERS
from lab_kernel.trace import Event, Trace

# include/uapi/asm-generic/fcntl.h, mman-common.h; the values of x86-64
FLAGS = {
    "O_RDONLY": 0,
    "O_WRONLY": 0o1,
    "O_RDWR": 0o2,
    "O_CREAT": 0o100,
    "O_EXCL": 0o200,
    "O_NOCTTY": 0o400,
    "O_TRUNC": 0o1000,
    "O_APPEND": 0o2000,
    "O_NONBLOCK": 0o4000,
    "O_DIRECTORY": 0o200000,
    "O_NOFOLLOW": 0o400000,
    "O_CLOEXEC": 0o2000000,
    "PROT_NONE": 0,
    "PROT_READ": 1,
    "PROT_WRITE": 2,
    "PROT_EXEC": 4,
    "MAP_SHARED": 1,
    "MAP_PRIVATE": 2,
    "MAP_FIXED": 0x10,
    "MAP_ANONYMOUS": 0x20,
    "AT_FDCWD": -100,
}
# what stands between two commas, where no bracket or quotation mark is open
_MAKING = ("fork", "vfork", "clone", "clone3")
_ARGUMENT = re.compile(r'(?:"(?:[^"\\]|\\.)*"\.*|\{[^{}]*\}|\[[^\[\]]*\]|[^,"{}\[\]])+')


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recorded call that the filters would not have let through."""

    event: Event
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Replay:
    """``calls`` were put before the filters; ``spared`` were made by dead or unborn processes.

    ``trace`` is the recording with kinds call, refused (it would have failed), killed (with
    its process); what was spared is not in it.
    """

    calls: int
    spared: int
    refusals: tuple[Refusal, ...]
    trace: Trace

    @property
    def first(self) -> Refusal | None:
        return self.refusals[0] if self.refusals else None

    def by_name(self) -> list[tuple[str, int]]:
        """How often each call was refused, the most frequent first."""
        counted = Counter(refusal.event.name for refusal in self.refusals)
        return sorted(counted.items(), key=lambda row: (-row[1], row[0]))


def replay(trace: Trace, filters: Sequence[Filter]) -> Replay:
    """Put every call of ``trace`` before ``filters``."""
    shown = Trace()
    refusals: list[Refusal] = []
    gone: set[str] = set()  # processes that are dead, or were never made
    calls = spared = 0
    for event in trace:
        if event.kind not in ("call", "error"):
            if event.track not in gone:
                shown.events.append(event)
            continue
        if event.track in gone:
            spared += 1
            _unborn(event, gone)
            continue
        calls += 1
        number = NUMBERS.get(event.name, -1)
        verdict = decide(filters, number, arguments(event.details.get("args", "")))
        kind = "call"
        if not verdict.action.runs and not (calls == 1 and event.name == "execve"):
            refusals.append(Refusal(event, verdict))
            # a program rarely catches SIGSYS, and then TRAP ends it, too
            fatal = verdict.action <= Action.TRAP
            kind = "killed" if fatal else "refused"
            if fatal:
                gone.add(event.track)
            _unborn(event, gone)
        shown.add(event.time, event.track, kind, event.name, event.duration, **event.details)
    return Replay(calls, spared, tuple(refusals), shown)


def _unborn(event: Event, gone: set[str]) -> None:
    """The child of a call that was not made is not there."""
    if event.name in _MAKING:
        gone.add(event.details.get("result", ""))


def arguments(text: str) -> tuple[int, ...]:
    """The arguments that strace wrote, as numbers: ``AT_FDCWD, "/x", O_RDWR|O_CREAT, 0666``."""
    return tuple(_number(part.strip()) for part in _ARGUMENT.findall(text))


def _number(word: str) -> int:
    value = 0
    for part in word.split("|"):
        if re.fullmatch(r"-?(0x[0-9a-f]{1,16}|\d{1,20})", part):
            # strace writes modes as C does, with a 0 in front
            octal = re.fullmatch(r"0[0-7]+", part)
            value |= int(part, 8) if octal else int(part, 0 if "x" in part else 10)
        else:
            value |= FLAGS.get(part, 0)
    return value
