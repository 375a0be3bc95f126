"""A handful of words to try isolation with, the same inside and outside, simulated and real.

A script is lines of words; what is indented below ``child`` is done by a child that is made with
these new namespaces, while its parent waits::

    node                    the host's name; ``node box`` sets it
    child pid uts
      pid                   its own number
      numbers               the processes that /proc shows

``run`` plays a script on the simulated machine and returns its lines with the answers, ``pid = 1``.
The recorder ``tools.record.namespaces`` plays the same scripts on a real Linux, in a tree of files
like ``FILES``, so that the lines can be laid side by side. An error is its name, ``EPERM``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab_kernel.containers.words import WORDS, Asking, flags
from lab_kernel.errors import BadInput
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.kinds import CLONE_NEWNS, CLONE_NEWPID
from lab_kernel.kernel.security import ROOT
from lab_kernel.kernel.syscalls import Chdir, Clone, Fork, Mount, Setgid, Setuid, Umount2, Wait4
from lab_kernel.language import _

#: What the machine's tree holds besides /bin, /dev, /etc and /proc.
FILES: Mapping[str, str] = {"/box/app": "hello\n", "/srv/data": "outside\n", "/etc/secret": "no\n"}


@dataclass(frozen=True, slots=True)
class Step:
    """A line: its words, and for a child the lines below it."""

    words: tuple[str, ...]
    inside: tuple[Step, ...] = ()

    def __str__(self) -> str:
        return " ".join(self.words)


def parse(script: str) -> tuple[Step, ...]:
    """The lines of a script; BadInput for a word that is none, or a line that belongs to nobody."""
    rows = [line for line in script.splitlines() if line.strip()]
    steps, rest = _block(rows, 0)
    if rest:
        raise BadInput("script", _("“{line}” is indented below no child").format(line=rest[0]))
    return steps


def _block(rows: list[str], depth: int) -> tuple[tuple[Step, ...], list[str]]:
    steps: list[Step] = []
    while rows and _depth(rows[0]) == depth:
        words, rows = tuple(rows[0].split()), rows[1:]
        inside: tuple[Step, ...] = ()
        if words[0] == "child":
            inside, rows = _block(rows, depth + 1)
        elif words[0] not in WORDS:
            message = _("{word} is not one of: {allowed}")
            allowed = ", ".join(sorted([*WORDS, "child"]))
            raise BadInput("script", message.format(word=words[0], allowed=allowed))
        steps.append(Step(words, inside))
    return tuple(steps), rows


def _depth(row: str) -> int:
    return (len(row) - len(row.lstrip())) // 2


def run(script: str, *, uid: int = 0) -> list[str]:
    """The script's lines with what the simulated kernel answers to each."""
    told: list[str] = []
    machine = Machine(files=FILES)
    machine.files.chmod("/etc/secret", ROOT, 0o600)
    machine.spawn(_init, parse(script), told, uid, uid=0, namespaces=CLONE_NEWPID | CLONE_NEWNS)
    machine.run()
    return told


def script_of(lines: list[str]) -> str:
    """The script whose lines, with answers, these are."""
    return "\n".join(line.split(" = ")[0] for line in lines)


def _init(steps: tuple[Step, ...], told: list[str], uid: int) -> Asking:
    """Number 1, which has a /proc of its own and reads how number 2 ended."""
    yield Umount2("/proc")
    yield Mount("proc", "/proc", "proc")
    yield Fork(_player, steps, told, uid)
    yield Wait4()


def _player(steps: tuple[Step, ...], told: list[str], uid: int) -> Asking:
    yield Setgid(uid)
    yield Setuid(uid)
    yield from _program(steps, told, 0)


def _program(steps: tuple[Step, ...], told: list[str], depth: int) -> Asking:
    """The process that plays a script: in the simulation all write into one list."""
    yield Chdir("/")
    for step in steps:
        margin = "  " * depth
        if step.words[0] == "child":
            line = len(told)
            told.append("")
            answer = yield Clone(flags(step.words[1:]), _program, step.inside, told, depth + 1)
            told[line] = margin + str(step) + (f" = {shown(answer)}" if answer < 0 else "")
            yield Wait4()
        else:
            answer = yield from WORDS[step.words[0]](*step.words[1:])
            told.append(f"{margin}{step} = {shown(answer)}")


def shown(answer: Any) -> str:
    """An answer as it stands in a line: a number, a text, names, or the name of an error."""
    if isinstance(answer, int) and not isinstance(answer, bool) and answer < 0:
        return Errno(-answer).name
    if isinstance(answer, list):
        return " ".join(answer) or "nothing"
    return " ".join(str(answer).split())
