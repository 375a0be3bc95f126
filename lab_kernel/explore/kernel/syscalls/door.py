"""One system call on its way: registers, filter, table, checks, answer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.libc import Libc
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.security import ROOT, Action, Filter, Rule
from lab_kernel.kernel.syscalls import (
    TABLE,
    Call,
    Getpid,
    Mkdir,
    Open,
    Prctl,
    Seccomp,
    Sethostname,
    Syscall,
    Write,
)
from lab_kernel.language import N_, _

UNKNOWN = 400  # a number that Linux has not given to any call
NO_MEMORY = 0xDEAD000  # an address that no mapping of the program holds


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: what the reader chooses, the line of C, the registers, and the call itself."""

    label: str
    written: str
    registers: tuple[str, ...]
    make: Callable[[], Call | Syscall]


def _open(label: str, path: str) -> Asked:
    registers = (f'rdi → "{path}"', "rsi = 0")
    return Asked(label, f'open("{path}", O_RDONLY)', registers, lambda: Open(path))


CALLS = {
    "getpid": Asked(N_("getpid: who am I?"), "getpid()", (), Getpid),
    "open": _open(N_("open a file that all may read"), "/etc/hostname"),
    "missing": _open(N_("open a file that is not there"), "/etc/nothing"),
    "shadow": _open(N_("open a file of root's"), "/etc/shadow"),
    "closed": Asked(
        N_("write to a closed descriptor"),
        'write(9, "hello", 5)',
        ("rdi = 9", 'rsi → "hello"', "rdx = 5"),
        lambda: Write(9, "hello"),
    ),
    "pointer": Asked(
        N_("write from a bad pointer"),
        f"write(1, (char *) {NO_MEMORY:#x}, 5)",
        ("rdi = 1", f"rsi = {NO_MEMORY:#x}", "rdx = 5"),
        lambda: Write(1, NO_MEMORY, 5),
    ),
    "unknown": Asked(
        N_("a number that no call has"), f"syscall({UNKNOWN})", (), lambda: Syscall(UNKNOWN)
    ),
    "hostname": Asked(
        N_("rename the machine without the capability"),
        'sethostname("mine", 4)',
        ('rdi → "mine"', "rsi = 4"),
        lambda: Sethostname("mine"),
    ),
    "filtered": Asked(
        N_("make a directory under a filter"),
        'mkdir("/tmp/new", 0777)',
        ('rdi → "/tmp/new"', "rsi = 0777"),
        lambda: Mkdir("/tmp/new"),
    ),
}
FILTER = Filter((Rule("mkdir", Action.ERRNO, Errno.EPERM),))


@dataclass(frozen=True, slots=True)
class Passage:
    """A call's number, where it was refused ("" if nowhere), and what came back."""

    number: int
    stage: str
    result: int
    returned: int
    errno: int


@cache
def passage(which: str) -> Passage:
    """The call, made by user 1000 on a machine of its own."""
    call, libc = CALLS[which].make(), Libc()
    results: list[int] = []

    def program() -> Generator[Any, Any, None]:
        if which == "filtered":
            yield Prctl()
            yield Seccomp(FILTER)
        results.append((yield call))

    machine = Machine(files={"/etc/shadow": "root:*:\n"})
    machine.files.chmod("/etc/shadow", ROOT, 0o600)
    machine.spawn(program)
    machine.run()
    (result,) = results
    returned = libc.returned(result)
    return Passage(call.number, _stage(which, call, result), result, returned, libc.errno)


def _stage(which: str, call: Call | Syscall, result: int) -> str:
    if (type(result) is not int and not isinstance(result, Errno)) or result >= 0:
        return ""
    if which == "filtered":
        return "filters"
    if call.number not in TABLE:
        return "table"
    errno = Errno(-result)
    if errno in (Errno.EFAULT, Errno.EBADF):
        return "arguments"
    return "rights" if errno in (Errno.EACCES, Errno.EPERM) else "work"


STAGES = ("filters", "table", "arguments", "rights", "work")


@explorable(
    "kernel/syscalls/door",
    title=N_("One call through the door"),
    predict=N_(
        'A program calls open("/etc/shadow"), which only root may read. How far does the call get,'
        " and what does the program find in errno?"
    ),
    controls=(
        Choice(
            name="call",
            label=N_("Call"),
            default="shadow",
            options=tuple((name, one.label) for name, one in CALLS.items()),
        ),
    ),
)
def door(call: str) -> View:
    """Every step between the program's line of C and the value that it gets."""
    asked, passed = CALLS[call], passage(call)
    written = asked.written
    errno = Errno(-passed.result) if passed.result < 0 else None
    done, refused, skipped = _("done"), _("refused"), _("not reached")
    said = _stages(call, passed)
    states = {}
    state = done
    for stage in STAGES:
        states[stage] = refused if stage == passed.stage else state
        state = skipped if stage == passed.stage else state
    user, kernel = 0, 1
    steps = [
        fig.Step(user, written, done),
        fig.Step(user, ", ".join((f"rax = {passed.number}", *asked.registers)), done),
        fig.Step(user, _("syscall: the instruction that changes the mode"), done),
        fig.Step(kernel, _("the program's registers are saved"), done),
        *(fig.Step(kernel, said[stage], states[stage]) for stage in STAGES),
        fig.Step(kernel, f"rax = {passed.result}", refused if errno else done),
        fig.Step(user, _("back in user mode, behind the instruction"), done),
        fig.Step(
            user,
            _("the library returns {value}, errno = {errno}").format(
                value=passed.returned, errno=_named(errno)
            )
            if errno
            else _("the library returns {value}").format(value=passed.returned),
            refused if errno else done,
        ),
    ]
    if errno:
        says = _(
            "{call}: number {number}, refused at “{stage}”. The kernel returns {result}; the"
            " library returns -1 and leaves {code} in errno: {errno}, {meaning}."
        ).format(
            call=written,
            number=passed.number,
            stage=_(HEADS[passed.stage]),
            result=passed.result,
            code=passed.errno,
            errno=errno.name,
            meaning=errno.meaning,
        )
    else:
        says = _("{call}: number {number}, all checks passed, and the result is {result}.").format(
            call=written, number=passed.number, result=passed.result
        )
    picture = fig.lanes(
        (_("program (user mode)"), _("kernel (kernel mode)")),
        steps,
        title=_("The way of {call}").format(call=written),
        description=" ".join(f"{step.words} ({step.state})." for step in steps),
        states=(done, refused, skipped),
        quiet=skipped,
    )
    return View((picture,), says)


HEADS = {
    "filters": N_("seccomp filters"),
    "table": N_("the table"),
    "arguments": N_("arguments"),
    "rights": N_("rights"),
    "work": N_("the work itself"),
}


def _stages(call: str, passed: Passage) -> dict[str, str]:
    """What each check looks at, for this call."""
    known = passed.number in TABLE
    handler = TABLE[passed.number][1].__name__ if known else ""
    return {
        "filters": _("filters: {rules}").format(
            rules=_("mkdir fails with EPERM") if call == "filtered" else _("none")
        ),
        "table": _("table[{number}] = {handler}").format(
            number=passed.number, handler=handler or _("nothing")
        ),
        "arguments": _("arguments: descriptors and pointers"),
        "rights": _("rights: permission bits, capabilities"),
        "work": _("the work itself"),
    }


def _named(errno: Errno | None) -> str:
    return f"{errno.value} ({errno.name})" if errno else "0"
