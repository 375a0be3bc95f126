"""Ask a real kernel which of two seccomp filters wins, for every pair of actions.

    python -m tools.record.seccomp

writes ``tests/kernel/seccomp-pairs.json``. A child installs a filter that answers getpgrp(2) with
the first action, then one that answers with the second, and makes the call. What it saw is "killed"
(by SIGSYS), "trapped" (SIGSYS, caught), "ran", or the errno with which the call failed: 101 is the
first filter's own, 102 the second's. No root is needed: the child sets no_new_privs.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import signal
import struct
from datetime import UTC, datetime
from pathlib import Path

from lab_kernel.kernel.security import Action
from lab_kernel.kernel.syscalls.numbers import NUMBERS
from tools.record.lackey import kernel

OUTPUT = Path(__file__).parents[2] / "tests" / "kernel" / "seccomp-pairs.json"
FIRST_ERRNO = 101
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2  # prctl(2)
# classic BPF: load a word of seccomp_data, jump if equal, return (linux/bpf_common.h)
_LOAD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06


def install(libc: ctypes.CDLL, action: Action, errno: int) -> None:
    """A filter that answers getpgrp with the action, and allows everything else."""
    answer = action % (1 << 32) | (errno if action is Action.ERRNO else 0)
    code = b"".join(
        struct.pack("HBBI", *step)
        for step in (
            (_LOAD, 0, 0, 0),  # the number stands at offset 0
            (_JUMP_EQUAL, 0, 1, NUMBERS["getpgrp"]),
            (_RETURN, 0, 0, answer),
            (_RETURN, 0, 0, Action.ALLOW),
        )
    )
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(_SET_SECCOMP, _FILTER, program, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def child(first: Action, second: Action) -> str:
    """What the call comes to, unless this process is killed by it."""
    libc = ctypes.CDLL(None, use_errno=True)
    caught: list[int] = []
    signal.signal(signal.SIGSYS, lambda number, _frame: caught.append(number))
    libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0)
    install(libc, first, FIRST_ERRNO)
    install(libc, second, FIRST_ERRNO + 1)
    result = libc.syscall(NUMBERS["getpgrp"])
    error = ctypes.get_errno()
    return "trapped" if caught else "ran" if result > 0 else str(error)


def seen(first: Action, second: Action) -> str:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writer, child(first, second).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as said:
        told = said.read()
    status = os.waitpid(pid, 0)[1]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGSYS
    return "killed" if killed else told


def main() -> None:
    made = {
        "command": "python -m tools.record.seccomp",
        "kernel": f"{kernel()} {platform.machine()}",
        "date": datetime.now(UTC).date().isoformat(),
    }
    pairs = {
        f"{first.name} {second.name}": seen(first, second) for first in Action for second in Action
    }
    OUTPUT.write_text(json.dumps(made | {"seen": pairs}, indent=1) + "\n")


if __name__ == "__main__":
    main()
