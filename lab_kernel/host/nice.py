"""How a real scheduler shares one CPU between processes of different nice values.

The demonstration starts a process that only computes for each nice value, ties all of them to
one CPU, and reads what each has had of it from ``/proc/PID/schedstat`` (its first figure:
nanoseconds on a CPU) at the beginning and at the end.

Other processes on that CPU take from all alike, so shares hold on a busy machine, too. Sources:
the manual pages sched(7) and nice(2); Documentation/scheduler/sched-stats.rst.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lab_kernel.errors import BadInput
from lab_kernel.host.proc import PROC, snapshot
from lab_kernel.host.reasons import reason
from lab_kernel.host.recorded import LIVE, Source
from lab_kernel.language import _

RECORDING = "nice"
LONGEST = 10.0


@dataclass(frozen=True)
class NiceShares:
    """CPU time in nanoseconds of one process for each nice value, in the order asked for.

    ``why`` says why this is a recording, and is empty when it is not.
    """

    source: Source
    nices: tuple[int, ...]
    cpu_ns: tuple[int, ...]
    why: str = ""

    @property
    def shares(self) -> tuple[float, ...]:
        """Each one's part of what all of them had."""
        return tuple(ran / sum(self.cpu_ns) for ran in self.cpu_ns)


def nice_shares(nices: Sequence[int] = (0, 1, 5), seconds: float = 2.0) -> NiceShares:
    """Measured live on a Linux that permits it; elsewhere a recording, maybe of other values.

    BadInput: not two to eight nice values from -20 to 19, or not 0.1 to 10 seconds.
    """
    _check(nices, seconds)
    try:
        return measure(nices, seconds)
    except (ImportError, AttributeError):
        why = _("this is no Linux")
    except OSError as error:
        why = reason(error) if error.errno else str(error)
    return recorded_shares(nices, why)


def recorded_shares(nices: Sequence[int] = (0, 1, 5), why: str = "") -> NiceShares:
    """The recording of these nice values, or the first one there is."""
    recording = snapshot(RECORDING)
    name = " ".join(map(str, nices))
    entry = recording.data.get(name) or next(iter(recording.data.values()))
    return NiceShares(recording.source, tuple(entry["nices"]), tuple(entry["cpu_ns"]), why)


def measure(nices: Sequence[int], seconds: float) -> NiceShares:
    """The live measurement.

    ImportError, AttributeError or OSError where it cannot be done or is not permitted.
    """
    if sys.platform != "linux":
        raise OSError(_("this is no Linux"))
    from lab_kernel.host.busy import SPIN, busy

    cpu = max(os.sched_getaffinity(0))
    programs = [(f"nice {value}", SPIN) for value in nices]
    with busy(programs, cpu, int(seconds) + 10) as started:
        for pid, value in zip(started.pids, nices, strict=True):
            os.setpriority(os.PRIO_PROCESS, pid, value)
        started.go()
        time.sleep(min(seconds, 0.2))  # until all of them have begun
        before = [_ran(pid) for pid in started.pids]
        time.sleep(seconds)
        after = [_ran(pid) for pid in started.pids]
    ran = tuple(end - start for start, end in zip(before, after, strict=True))
    if not all(ran):
        raise OSError(_("one of the processes has not run at all"))
    return NiceShares(LIVE, tuple(nices), ran)


def _ran(pid: int) -> int:
    return int(Path(PROC, str(pid), "schedstat").read_text().split()[0])


def _check(nices: Sequence[int], seconds: float) -> None:
    if not 2 <= len(nices) <= 8 or not all(-20 <= value <= 19 for value in nices):
        raise BadInput("nices", _("two to eight nice values from -20 to 19"))
    if not 0.1 <= seconds <= LONGEST:
        raise BadInput("seconds", _("{size} (0.1 to 10)").format(size=seconds))
