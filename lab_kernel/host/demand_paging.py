"""Demand paging, measured: mapping memory costs no frames, touching it does.

The demonstration maps anonymous memory with mmap and writes one byte to each page of a half of
it, then of the rest. After each step it reads ``/proc/self/statm`` (mapped and resident pages)
and ``getrusage`` (page faults without and with input or output: minor and major).

Huge pages are refused for the mapping (``MADV_NOHUGEPAGE``): otherwise one fault may bring 512
pages and the count of faults says nothing. The kernel counts resident pages per CPU in batches,
so ``statm`` may lag some dozens of pages behind; and the interpreter's own memory moves a little
too. Sources: the manual pages mmap(2), madvise(2), getrusage(2), proc_pid_statm(5).
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.host.proc import snapshot
from lab_kernel.host.recorded import LIVE, Source
from lab_kernel.language import N_, _

MEBIBYTE = 1 << 20
STEPS = {
    "before": N_("before"),
    "mapped": N_("mapped"),
    "half touched": N_("half of it touched"),
    "all touched": N_("all of it touched"),
    "unmapped": N_("unmapped"),
}


@dataclass(frozen=True)
class Step:
    """The process after one step: bytes mapped and resident, page faults so far."""

    name: str
    mapped: int
    resident: int
    minor_faults: int
    major_faults: int

    @property
    def label(self) -> str:
        """The step's name in the reader's language."""
        return _(STEPS[self.name])


@dataclass(frozen=True)
class DemandPaging:
    """``size`` and ``page_size`` in bytes; the steps in order, named as in STEPS."""

    source: Source
    size: int
    page_size: int
    steps: tuple[Step, ...]

    def faults(self, name: str) -> int:
        """Minor page faults that the named step itself took."""
        names = [step.name for step in self.steps]
        if name not in names[1:]:
            raise BadInput("step", f"{name!r} ({', '.join(names[1:])})")
        at = names.index(name)
        return self.steps[at].minor_faults - self.steps[at - 1].minor_faults


def demand_paging_demo(mebibytes: int = 64) -> DemandPaging:
    """Measured live on a Linux; elsewhere the recording, whose own size may be another."""
    if not 1 <= mebibytes <= 1024:
        raise BadInput("mebibytes", _("{size} (1 to 1024)").format(size=mebibytes))
    try:
        return measure(mebibytes * MEBIBYTE)
    except (ImportError, OSError, AttributeError):
        recording = snapshot()
        entry: dict[str, Any] = recording.data["demand paging"]
        steps = tuple(Step(**step) for step in entry["steps"])
        return DemandPaging(recording.source, entry["size"], entry["page_size"], steps)


def measure(size: int) -> DemandPaging:
    """The live measurement; ImportError or OSError where this is no Linux."""
    if sys.platform != "linux":
        raise OSError("not a Linux")
    import mmap
    import resource

    page = mmap.PAGESIZE
    steps: list[Step] = []

    def note(name: str) -> None:
        mapped, resident = Path("/proc/self/statm").read_text().split()[:2]
        used = resource.getrusage(resource.RUSAGE_SELF)
        step = Step(name, int(mapped) * page, int(resident) * page, used.ru_minflt, used.ru_majflt)
        steps.append(step)

    note("before")
    steps.clear()  # once for nothing: what the measuring itself needs is now in place
    note("before")
    memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    with suppress(AttributeError, OSError):  # a kernel without huge pages has none to refuse
        memory.madvise(mmap.MADV_NOHUGEPAGE)
    note("mapped")
    for name, first, last in (("half touched", 0, size // 2), ("all touched", size // 2, size)):
        for address in range(first, last, page):
            memory[address] = 1
        note(name)
    memory.close()
    note("unmapped")
    return DemandPaging(LIVE, size, page, tuple(steps))


def as_entry(measured: DemandPaging) -> dict[str, Any]:
    """What the recorder stores of a measurement."""
    steps = [asdict(step) for step in measured.steps]
    return {"size": measured.size, "page_size": measured.page_size, "steps": steps}
