"""How a shell joins two programs: a pipe, two forks, and descriptors that move."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.open_file import OpenFile
from lab_kernel.kernel.syscalls import Close, Dup2, Exit, Fork, Pipe, Read, Wait4, Write
from lab_kernel.language import N_, _
from lab_kernel.trace import Event

NAMES = {2: "sh", 3: "ls", 4: "wc"}
DESCRIPTORS = 5
LONG_ENOUGH = 64  # ticks: nothing happens after about thirty
CONSOLE, READS, WRITES, CLOSED = (
    N_("console"),
    N_("pipe, to read"),
    N_("pipe, to write"),
    N_("closed"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """After one call: who made it, and what every descriptor stands for."""

    process: str
    call: str
    tables: dict[str, dict[int, str]]


@dataclass(frozen=True, slots=True)
class Story:
    moments: tuple[Moment, ...]
    printed: str
    waiting: tuple[str, ...]


def _ls(reading: int, writing: int) -> Generator[Any, Any, None]:
    yield Dup2(writing, 1)
    yield Close(reading)
    yield Close(writing)
    yield Write(1, "etc\nhome\ntmp\n")
    yield Exit(0)


def _wc(reading: int, writing: int, forgets: bool) -> Generator[Any, Any, None]:
    lines = 0
    yield Dup2(reading, 0)
    yield Close(reading)
    if not forgets:
        yield Close(writing)
    while data := (yield Read(0, 64)):
        lines += data.count(b"\n")
    yield Write(1, f"{lines}\n")
    yield Exit(0)


@cache
def story(forgets: str) -> Story:
    """``ls | wc -l`` as a shell runs it; ``forgets`` (sh, wc) leaves its writing end open."""

    def sh() -> Generator[Any, Any, None]:
        reading, writing = yield Pipe()
        yield Fork(_ls, reading, writing)
        yield Fork(_wc, reading, writing, forgets == "wc")
        yield Close(reading)
        if forgets != "sh":
            yield Close(writing)
        yield Wait4()
        yield Wait4()

    machine = Machine(policy="fcfs")
    machine.spawn(sh, name="sh")
    moments = tuple(_moments(machine))
    waiting = tuple(NAMES[pid] for pid in sorted(machine.processes))
    return Story(moments, machine.console.text, waiting)


def _moments(machine: Machine) -> Iterator[Moment]:
    """Run tick by tick, and look after every call."""
    seen = 0
    for tick in range(LONG_ENOUGH):
        machine.run(until=tick)
        for event in machine.trace.events[seen:]:
            if event.kind == "syscall":
                tables = {
                    NAMES[pid]: {fd: _stands_for(file) for fd, file in process.files.items()}
                    for pid, process in sorted(machine.processes.items())
                    if process.alive
                }
                yield Moment(_process(machine, event), _written(event), tables)
        seen = len(machine.trace.events)


def _process(machine: Machine, event: Event) -> str:
    return "sh" if event.track == "sh" else NAMES[int(event.track.rpartition(".")[2])]


def _written(event: Event) -> str:
    """As strace would write it."""
    arguments = [
        f'"{value}"'.replace("\n", "\\n") if isinstance(value, str) else str(value)
        for value in event.details["arguments"].values()
        if value is not None
    ]
    result = event.details["result"]
    match event.name:
        case "fork" | "wait4":  # the child's program, and wait4's options, say nothing here
            arguments = []
        case "write":
            arguments = arguments[:2]
        case "exit":
            return f"exit({arguments[0]})"
    if child := re.match(r"Child\(pid=(\d+)", str(result)):
        result = child[1]
    if event.name == "read":
        result = f'"{result}"'.replace("\n", "\\n")
    return f"{event.name}({', '.join(arguments)}) = {result}"


def _stands_for(file: OpenFile) -> str:
    if file.pipe:
        return READS if file.readable else WRITES
    return CONSOLE


@explorable(
    "kernel/syscalls/plumbing",
    title=N_("ls | wc -l, one call at a time"),
    predict=N_(
        "wc ends when its input ends, and its input ends when nobody holds the writing end any"
        " more. What happens if the shell forgets to close its own?"
    ),
    controls=(
        Whole(name="step", label=N_("Step"), low=1, high=19, default=4),
        Choice(
            name="forgets",
            label=N_("Who leaves the writing end open"),
            default="nobody",
            options=(("nobody", N_("nobody: all close it")), ("sh", "sh"), ("wc", "wc")),
        ),
    ),
)
def plumbing(step: int, forgets: str) -> View:
    """The descriptors of three processes after each of their calls."""
    told = story(forgets)
    step = min(step, len(told.moments))
    moment = told.moments[step - 1]
    rows = []
    for fd in range(DESCRIPTORS):
        cells = []
        for name in NAMES.values():
            there = name in moment.tables
            what = moment.tables.get(name, {}).get(fd, CLOSED)
            state = _(what) if there and what != CLOSED else ""
            cells.append(fig.Cell(_(what) if there else "", state))
        rows.append(fig.Row(str(fd), cells))
    says = _("Step {step} of {all}: {process} calls {call}.").format(
        step=step, all=len(told.moments), process=moment.process, call=moment.call
    )
    if step == len(told.moments):
        says += " " + _end(told)
    picture = fig.table(
        tuple(NAMES.values()),
        rows,
        title=_("{process}: {call}").format(process=moment.process, call=moment.call),
        description=" ".join(
            _("{process}: {files}.").format(
                process=name,
                files=", ".join(f"{fd} {_(what)}" for fd, what in sorted(table.items())) or "-",
            )
            for name, table in moment.tables.items()
        )
        or says,
        states=(_(CONSOLE), _(READS), _(WRITES)),
    )
    return View((picture,), says)


def _end(told: Story) -> str:
    if not told.waiting:
        return _("All have ended, and the console says {text}.").format(text=told.printed.strip())
    return _("Nothing happens any more: {names} wait for ever.").format(
        names=", ".join(told.waiting)
    )
