"""What a way into the kernel and back costs on a real processor, beside a call of a function.

Two loops of machine code, one with the instruction ``syscall`` (getppid, which does next to
nothing), one with ``call`` and ``ret``; no C library and no Python in between. Live on a Linux for
x86-64 that lets a process execute memory it wrote, else from the recording.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab_kernel.host.proc import snapshot
from lab_kernel.host.recorded import LIVE, Source

RECORDING = "modes"
#: push rbx; mov rbx, rdi; again: mov eax, 110; syscall; dec rbx; jnz again; pop rbx; ret
SYSCALLS = "53 4889fb b86e000000 0f05 48ffcb 75f4 5b c3"
#: push rbx; mov rbx, rdi; again: call f; dec rbx; jnz again; pop rbx; ret; f: mov eax, 110; ret
CALLS = "53 4889fb e807000000 48ffcb 75f6 5b c3 b86e000000 c3"


@dataclass(frozen=True)
class Crossing:
    """Nanoseconds of CPU time of one system call and of one call of a function."""

    source: Source
    system_call: float
    function_call: float


def crossing(rounds: int = 100_000) -> Crossing:
    """Measured here, where that is possible: the best of five tries."""
    try:
        return measure(rounds)
    except (ImportError, OSError, AttributeError):
        recording = snapshot(RECORDING)
        entry: dict[str, Any] = recording.data["crossing"]
        return Crossing(recording.source, entry["system_call"], entry["function_call"])


def measure(rounds: int, tries: int = 5) -> Crossing:
    """The live measurement; ImportError or OSError where it cannot be made."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise OSError("not a Linux for x86-64")

    def best(code: str) -> float:
        with MachineCode(code) as run:
            return min(_timed(run, rounds) for _ in range(tries)) / rounds

    return Crossing(LIVE, best(SYSCALLS), best(CALLS))


def _timed(run: Callable[[int], Any], rounds: int) -> int:
    start = time.process_time_ns()
    run(rounds)
    return time.process_time_ns() - start


class MachineCode:
    """Bytes that the processor executes: ``with MachineCode("c3") as run: run(0)``.

    What is wrong with them is wrong with this process.
    """

    def __init__(self, code: str) -> None:
        self._code = bytes.fromhex(code)

    def __enter__(self) -> Callable[[int], Any]:
        import ctypes
        import mmap

        everything = mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
        self._memory = mmap.mmap(-1, mmap.PAGESIZE, prot=everything)
        self._memory.write(self._code)
        self._first = ctypes.c_char.from_buffer(self._memory)
        kind = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long)
        return kind(ctypes.addressof(self._first))

    def __exit__(self, *_error: object) -> None:
        del self._first
        self._memory.close()
