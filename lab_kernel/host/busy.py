"""Small processes that keep one CPU of this machine busy, for as long as somebody watches.

They end by themselves: at once when their parent is gone before the start, by an alarm at the
latest. They stay in the session of whoever starts them: with autogroup the scheduler first shares
out between sessions, which hides nice.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

_BEGIN = (
    "import signal, sys, time\n"
    "signal.alarm(int(sys.argv[1]))\n"
    "with open('/proc/self/comm', 'w') as comm: comm.write(sys.argv[2])\n"
    "if not sys.stdin.readline(): sys.exit()\n"
)
SPIN = _BEGIN + "while True: pass\n"
#: Sleeps 10 to 15 ms, computes for 1 ms of its own CPU time, and so on.
NAP = (
    _BEGIN + "import random\n"
    "chance = random.Random(sys.argv[2])\n"
    "while True:\n"
    "    time.sleep(0.010 + 0.005 * chance.random())\n"
    "    end = time.process_time() + 0.001\n"
    "    while time.process_time() < end: pass\n"
)


class Busy:
    """The processes, ready to begin: change what you like (nice) between the start and ``go``."""

    def __init__(self, processes: Sequence[subprocess.Popen[bytes]]) -> None:
        self._processes = processes
        self.pids = [process.pid for process in processes]

    def go(self) -> None:
        for process in self._processes:
            if process.stdin is not None:
                process.stdin.write(b"\n")
                process.stdin.flush()


@contextmanager
def busy(programs: Sequence[tuple[str, str]], cpu: int, longest: int) -> Iterator[Busy]:
    """A process for each (name, SPIN or NAP), tied to the CPU; all are ended on the way out.

    ``longest`` is the seconds after which each of them ends in any case. OSError or
    AttributeError where that cannot be done.
    """
    with ExitStack() as stack:
        processes = []
        for name, program in programs:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", program, str(longest), name],
                stdin=subprocess.PIPE,
            )
            stack.callback(_end, process)
            processes.append(process)
            os.sched_setaffinity(process.pid, {cpu})
        yield Busy(processes)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
