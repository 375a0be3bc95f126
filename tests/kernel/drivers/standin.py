"""A machine just large enough to call a driver: processes that wait, and no CPU to wait for."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from lab_kernel.clock import Clock
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.driver import Driver
from lab_kernel.kernel.drivers.waiting import Sleep, Spin
from lab_kernel.kernel.errno import Refused
from lab_kernel.trace import Trace

Call = Callable[["Process"], Any]
Program = Generator[Call, Any, None]


@dataclass
class File:
    offset: int = 0


class Process:
    def __init__(self, program: Program) -> None:
        self.program, self.pending = program, None
        self.call: Call | None = None
        self.spun = self.sleeps = 0
        self.over = False


class Machine:
    def __init__(self, **board: Any) -> None:
        self.clock, self.trace = Clock(), Trace()
        self.stolen: list[tuple[int, int, str]] = []
        self.panicked = ""
        self.asleep: dict[str, list[Process]] = {}
        self.board = Board(
            self.clock,
            self.trace,
            wake=self.wake,
            panic=self.panic,
            steal=lambda *what: self.stolen.append(what),
            **board,
        )

    def wake(self, channel: str) -> None:
        for process in self.asleep.pop(channel, []):
            self.go(process)

    def panic(self, reason: str) -> None:
        self.panicked = reason

    def spawn(self, program: Program, at: int = 0) -> Process:
        process = Process(program)
        self.clock.at(at, lambda: self.after(process, None))
        return process

    def after(self, process: Process, result: Any) -> None:
        """Give a call's result and take up the next call."""
        process.pending = None
        try:
            process.call = process.program.send(result)
        except StopIteration:
            process.over = True
            return
        self.go(process)

    def go(self, process: Process) -> None:
        assert process.call is not None
        if self.panicked:
            return
        try:
            result = process.call(process)
        except Refused as refused:
            result = -refused.errno
        except Exception as fault:  # the kernel's own mistake
            self.board.panic(f"{type(fault).__name__}: {fault}")
            return
        if isinstance(result, Sleep):
            process.sleeps += 1
            self.asleep.setdefault(result.channel, []).append(process)
        elif isinstance(result, Spin):
            process.spun += result.ticks
            self.clock.after(result.ticks, lambda: self.go(process))
        else:
            self.after(process, result)

    def run(self, until: int | None = None) -> None:
        self.clock.run(until)


def read(driver: Driver, file: File, count: int) -> Call:
    return lambda process: driver.read(None, process, file, count)


def write(driver: Driver, file: File, data: bytes) -> Call:
    return lambda process: driver.write(None, process, file, data)


def at_once(machine: Machine, call: Call) -> Any:
    """The result of one call of one process."""
    got: list[Any] = []

    def program() -> Program:
        got.append((yield call))

    machine.spawn(program(), machine.clock.now)
    machine.run()
    assert got, machine.panicked or "it sleeps for ever"
    return got[0]
