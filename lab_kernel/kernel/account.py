"""What a process holds, and what the whole machine has given out: for looking before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.open_file import OpenFile
    from lab_kernel.kernel.process import Process


@dataclass(frozen=True, slots=True)
class Account:
    """``frames`` of memory, of which those shared count for each; ``files`` that are open, by
    descriptors; ``pipe_ends``, descriptors of pipes; ``children`` not yet read, and ``processes``
    in the table, oneself included."""

    frames: int = 0
    files: int = 0
    pipe_ends: int = 0
    children: int = 0
    processes: int = 0


def held_by(machine: Machine, process: Process) -> Account:
    """What one process holds at this moment."""
    frames = 0 if process.space is None else process.space.accounting().resident
    pipes = sum(file.pipe is not None for file in process.files.values())
    return Account(
        frames,
        len(process.files) - pipes,
        pipes,
        len(process.children),
        int(process.pid in machine.processes),
    )


def held(machine: Machine) -> Account:
    """What all of them hold together; a frame or an open file that is shared counts once."""
    opened: dict[int, OpenFile] = {
        id(file): file for process in machine.processes.values() for file in process.files.values()
    }
    pipes = sum(file.pipe is not None for file in opened.values())
    return Account(
        machine.pager.frames.used,
        len(opened) - pipes,
        pipes,
        sum(len(process.children) for process in machine.processes.values()),
        len(machine.processes),
    )
