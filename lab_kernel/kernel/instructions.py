"""What the processor does with a user's instruction, and what the kernel does when it faults.

A touch of memory that faults costs the handler's ticks, or a sleep while a page comes back from
swap. What cannot be mended is raised in the program; in kernel mode it is the machine's end.

In kernel mode the upper half is reached too, of which only the direct map is here: all physical
memory in a row, whoever owns it. For a user the same addresses are a fault. A thread of the kernel
has no lower half at all.
Source: Linux, Documentation/arch/x86/x86_64/mm.rst (four levels, no address randomisation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab_kernel.errors import BadInput
from lab_kernel.kernel.answer import Sleep
from lab_kernel.kernel.paging import PAGE_SIZE, Outcome, OutOfMemory
from lab_kernel.kernel.paging.pager import HIT, KILLED, MAJOR
from lab_kernel.kernel.program import Access, Instruction, Load, Signal, Store
from lab_kernel.kernel.signals import Signum
from lab_kernel.language import _

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

DIRECT_MAP = 0xFFFF_8880_0000_0000


def execute(
    machine: Machine, process: Process, asked: Access | Load | Store | Instruction
) -> Sleep | int:
    """Leave the result or the fault in the process; a Sleep or ticks if it takes longer."""
    if process.pending is not None:  # the fault has been served
        process.result, process.pending = process.pending, None
        return 0
    if isinstance(asked, Instruction):
        if not process.kernel:
            _fault(machine, process, f"general protection fault: {asked.name}")
        process.result = 0
        return 0
    if isinstance(asked, Store) and not 0 <= asked.value <= 255:
        message = _("{value!r} is not a whole number from {low} to {high}")
        raise BadInput("Store", message.format(value=asked.value, low=0, high=255))
    if process.kernel and (process.space is None or asked.address >= DIRECT_MAP):
        process.result = _in_kernel_half(machine, process, asked)
        return 0
    write = isinstance(asked, Store) or (isinstance(asked, Access) and asked.write)
    outcome = touch(machine, process, asked.address, write=write)
    if outcome is None or outcome.frame is None:
        kind = outcome.kind if outcome and not process.kernel else "page fault"
        if process.alive and kind != KILLED:
            _fault(machine, process, f"{kind} at {asked.address:#x}")
        return 0
    result = (
        _moved(machine, outcome.frame, asked) if not isinstance(asked, Access) else outcome.kind
    )
    if outcome.kind == HIT:
        process.result = result
        return 0
    process.pending = result
    swap = machine.costs.swap if outcome.kind == MAJOR else 0
    throttle = process.space.memory.delay() if process.space and process.space.memory else 0
    if outcome.kind == MAJOR or throttle:
        channel = ("swap", process.pid)
        machine.wake_at(machine.clock.now + swap + throttle, channel)
        reason = "memory.high" if throttle else "swap"
        return Sleep(channel, reason, interruptible=False)
    if machine.costs.fault == 0:
        process.result, process.pending = result, None
    return machine.costs.fault


def _in_kernel_half(machine: Machine, process: Process, asked: Access | Load | Store) -> int | str:
    """Physical memory as the kernel sees it. A frame that nobody uses holds zeros."""
    frame = (asked.address - DIRECT_MAP) // PAGE_SIZE
    if not 0 <= frame < machine.pager.frames.total:
        _fault(machine, process, f"page fault at {asked.address:#x}")
    if isinstance(asked, Access):
        return HIT
    resident = machine.pager.memory.pages.get(frame)
    if resident is None:
        return 0
    resident.dirty |= isinstance(asked, Store)
    return _moved(machine, frame, asked)


def _moved(machine: Machine, frame: int, asked: Load | Store) -> int:
    words, place = machine.pager.words(frame), asked.address % PAGE_SIZE
    if isinstance(asked, Store):
        words[place] = asked.value
    return words.get(place, 0)


def touch(machine: Machine, process: Process, address: int, *, write: bool) -> Outcome | None:
    """One access with the process's rights; None when it has no memory. May kill for frames."""
    if process.space is None:
        return None
    try:
        outcome = process.space.access(address, write)
    except OutOfMemory as none:
        machine.panic(str(none))
    for name in outcome.killed:
        machine.out_of_memory(name)
    return outcome


def _fault(machine: Machine, process: Process, reason: str) -> None:
    machine.note(process, "fault", reason)
    if process.kernel:
        machine.panic(f"{process.name}: {reason}")
    process.fault = Signal(Signum.SIGSEGV, reason)
