"""The way in: filters first, then the table, then the handler, and every answer written down.

Linux: arch/x86/entry/entry_64.S and kernel/entry/common.c.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel import lifecycle
from lab_kernel.kernel.answer import Sleep, Spin
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.fault import Stopped, oops
from lab_kernel.kernel.program import Signal
from lab_kernel.kernel.security import Action, decide
from lab_kernel.kernel.signals import Signum
from lab_kernel.kernel.syscalls.call import Call, Syscall, shown
from lab_kernel.kernel.syscalls.files import Write
from lab_kernel.kernel.syscalls.table import TABLE
from lab_kernel.trace import Silence

if TYPE_CHECKING:
    from lab_kernel.kernel.machine import Machine
    from lab_kernel.kernel.process import Process

_NAMES = {errno.value: errno.name for errno in Errno}


def enter(machine: Machine, process: Process, asked: Call | Syscall) -> Sleep | Spin | None:
    """Serve a call, or a call that has waited. None: it is done, and ``result`` is its answer.

    Kernel code that fails in any other way than Refused is the kernel's own fault: a panic.
    """
    if process.interrupted:
        process.interrupted = False
        answer: Any = process.pending if isinstance(asked, Write) else None
        answer = answer or -Errno.EINTR
    else:
        try:
            answer = _serve(machine, process, asked)
        except Refused as refused:
            answer = -refused.errno
        except (Stopped, BadInput):
            raise
        except Exception as error:
            machine.cause = error
            machine.panic(f"{type(asked).__name__}: {oops(error)}")
    if isinstance(answer, Sleep | Spin):
        return answer
    process.pending, process.admitted, process.result = None, False, answer
    _note(machine, process, process.asked or asked, answer)
    return None


def _serve(machine: Machine, process: Process, asked: Call | Syscall) -> Any:
    if not process.admitted:
        if process.filters and (refused := _filtered(machine, process, asked)) is not None:
            return refused
        process.admitted = True
    if isinstance(asked, Syscall):
        process.asked = asked = decoded(asked)
    return TABLE[asked.number][1](machine, process, asked)


def decoded(asked: Syscall) -> Call:
    """The registers as the call that its number names. ENOSYS; EFAULT for what is no pointer."""
    if asked.number not in TABLE:
        raise Refused(Errno.ENOSYS)
    try:
        return TABLE[asked.number][0].decoded(*asked.arguments)
    except (BadInput, TypeError):
        raise Refused(Errno.EFAULT) from None


def _filtered(machine: Machine, process: Process, asked: Call | Syscall) -> int | None:
    """What the filters answer in place of the call; None lets it through."""
    registers = asked.registers() if isinstance(asked, Call) else asked.arguments
    verdict = decide(process.filters, asked.number, registers)
    if verdict.action is Action.ALLOW:
        return None
    machine.audit(process, "seccomp", number=asked.number, action=verdict.action.name)
    match verdict.action:
        case Action.LOG:
            return None
        case Action.ERRNO:
            return -verdict.errno
        case Action.USER_NOTIF | Action.TRACE:  # nobody is there to ask
            return -Errno.ENOSYS
        case Action.TRAP:
            process.fault = Signal(Signum.SIGSYS, f"seccomp: {asked.number}")
        case _:
            lifecycle.end(machine, process, signal=Signum.SIGSYS)
    return -Errno.ENOSYS


def _note(machine: Machine, process: Process, asked: Call | Syscall, answer: Any) -> None:
    if isinstance(machine.trace, Silence):
        return
    details: dict[str, Any] = {"number": asked.number}
    if isinstance(asked, Call):
        name, details["arguments"] = asked.named(), asked.arguments()
    else:
        name, details["arguments"] = f"syscall_{asked.number}", list(asked.arguments)
    if type(answer) in (int, Errno) and -answer in _NAMES:
        details["errno"] = _NAMES[-answer]
    details["result"] = shown(answer)
    duration = machine.clock.now - process.since
    machine.trace.add(process.since, process.name, "syscall", name, duration, **details)
