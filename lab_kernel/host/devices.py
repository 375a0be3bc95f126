"""What ``/proc`` counts of devices, and what a bounded piece of real work adds to the counts.

``device_work`` writes a file, waits until the disk has it (fsync), drops it from the page cache and
reads it back; it reads ``/proc/interrupts``, ``/proc/softirqs`` and ``/proc/diskstats`` before,
between and after. Where there is no Linux, or it may not, the recording shipped with the package.

The counts are the whole machine's: what other processes did meanwhile is in them.
Sources: Linux, Documentation/filesystems/proc.rst, Documentation/admin-guide/iostats.rst,
Documentation/block/stat.rst (the same figures under /sys/block); posix_fadvise(2).
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab_kernel.errors import BadInput
from lab_kernel.host import proc
from lab_kernel.host.recorded import LIVE, Source
from lab_kernel.language import N_, _

RECORDING = "devices-proc"
FILES = ("interrupts", "softirqs", "diskstats")
STEPS = {
    "before": N_("before"),
    "written": N_("written, with fsync"),
    "read": N_("read back"),
}
SECTOR = 512  # bytes, whatever the disk's own are: Documentation/block/stat.rst
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """A line of /proc/interrupts or /proc/softirqs: ``counts`` by CPU, ``about`` what follows."""

    name: str
    counts: tuple[int, ...]
    about: str

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Disk:
    """A line of /proc/diskstats. Sectors are 512 bytes; ``busy`` and ``waited`` milliseconds.

    ``waited`` adds up the time of every request from its submission to its end.
    """

    name: str
    reads: int
    reads_merged: int
    sectors_read: int
    writes: int
    writes_merged: int
    sectors_written: int
    in_flight: int
    busy: int
    waited: int


@dataclass(frozen=True)
class Counts:
    """All three files at one moment."""

    interrupts: Mapping[str, Line] = field(repr=False)
    softirqs: Mapping[str, Line] = field(repr=False)
    disks: Mapping[str, Disk] = field(repr=False)


@dataclass(frozen=True)
class DeviceWork:
    """``size`` bytes written and read; ``counts`` by step: before, written, read.

    ``disk`` is the one that the file lay on, empty if it lay on none (tmpfs).
    """

    source: Source
    size: int
    disk: str
    counts: Mapping[str, Counts]

    def grown(self, step: str) -> Iterator[tuple[str, int]]:
        """(line, by how much) of the numbered interrupt lines that a step raised, largest first."""
        before, after = self._around(step)
        grown = [
            (line.name, line.total - before.interrupts[line.name].total)
            for line in after.interrupts.values()
            if line.name.isdigit() and line.name in before.interrupts
        ]
        return iter(sorted((each for each in grown if each[1] > 0), key=lambda each: -each[1]))

    def sectors(self, step: str) -> tuple[int, int]:
        """Sectors of the disk (read, written) during a step."""
        before, after = (each.disks.get(self.disk) for each in self._around(step))
        if before is None or after is None:
            return 0, 0
        return (
            after.sectors_read - before.sectors_read,
            after.sectors_written - before.sectors_written,
        )

    def requests(self, step: str) -> tuple[int, int]:
        """Requests of the disk (read, write) finished during a step."""
        before, after = (each.disks.get(self.disk) for each in self._around(step))
        if before is None or after is None:
            return 0, 0
        return after.reads - before.reads, after.writes - before.writes

    def softirqs(self, name: str, step: str) -> int:
        """By how much a kind of softirq grew."""
        before, after = self._around(step)
        return after.softirqs[name].total - before.softirqs[name].total

    def _around(self, step: str) -> tuple[Counts, Counts]:
        names = list(STEPS)
        if step not in names[1:]:
            raise BadInput("step", f"{step!r} ({', '.join(names[1:])})")
        return self.counts[names[names.index(step) - 1]], self.counts[step]


def interrupts(text: str) -> dict[str, Line]:
    """The lines of /proc/interrupts or /proc/softirqs by name; BadInput for what is none."""
    head, *rows = text.splitlines() or [""]
    cpus = len(re.findall(r"\bCPU\d+\b", head))
    if not cpus:
        raise BadInput("interrupts", _("no line with the names of the CPUs"))
    found = {}
    for number, row in enumerate(rows, 2):
        name, colon, rest = row.partition(":")
        words = rest.split(maxsplit=cpus)
        counts = tuple(int(word) for word in words[:cpus] if word.isdigit())
        if not colon or not counts:
            message = _("line {number} is not a line of this file: {line!r}")
            raise BadInput("interrupts", message.format(number=number, line=row[:60]))
        about = words[cpus].strip() if len(words) > cpus else ""
        found[name.strip()] = Line(name.strip(), counts, about)
    return found


def diskstats(text: str) -> dict[str, Disk]:
    """The lines of /proc/diskstats by disk; BadInput for what is none."""
    found = {}
    for number, row in enumerate(text.splitlines(), 1):
        words = row.split()
        if len(words) < 14 or not all(word.isdigit() for word in words[3:]):
            message = _("line {number} is not a line of this file: {line!r}")
            raise BadInput("diskstats", message.format(number=number, line=row[:60]))
        r, rm, rs, _rt, w, wm, ws, _wt, flying, busy, waited = map(int, words[3:14])
        found[words[2]] = Disk(words[2], r, rm, rs, w, wm, ws, flying, busy, waited)
    return found


def device_work(mebibytes: int = 16) -> DeviceWork:
    """The work and its counts, live on a Linux; elsewhere the recording, of its own size."""
    if not 1 <= mebibytes <= 256:
        raise BadInput("mebibytes", _("{size} (1 to 256)").format(size=mebibytes))
    try:
        size, disk, texts = measure(mebibytes * MEBIBYTE)
        return DeviceWork(LIVE, size, disk, {step: _counts(texts[step]) for step in STEPS})
    except (OSError, AttributeError, KeyError):
        return recorded_work()


def recorded_work() -> DeviceWork:
    """The recording shipped with the package."""
    recording = proc.snapshot(RECORDING)
    told = recording.metadata
    counts = {
        step: _counts({name: recording.data[f"{name}/{step}"]["output"] for name in FILES})
        for step in STEPS
    }
    return DeviceWork(recording.source, told["size"], told["disk"], counts)


def measure(size: int) -> tuple[int, str, dict[str, dict[str, str]]]:
    """(size, disk, texts by step and file); OSError where this cannot be done.

    The file lies in the directory for temporary files and is gone afterwards.
    """
    if sys.platform != "linux":
        raise OSError("not a Linux")
    texts: dict[str, dict[str, str]] = {}

    def note(step: str) -> None:
        texts[step] = {name: (proc.PROC / name).read_text(encoding="utf-8") for name in FILES}

    with tempfile.TemporaryFile() as file:
        chunk = bytes(range(256)) * (MEBIBYTE // 256)
        disk = _disk_of(file.fileno())
        note("before")
        for _part in range(size // MEBIBYTE):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        note("written")
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # else memory answers
        file.seek(0)
        while file.read(MEBIBYTE):
            pass
        note("read")
    return size, disk, texts


def _disk_of(fd: int) -> str:
    """The disk by its numbers; a partition's is the disk that it is cut from."""
    numbers = os.fstat(fd).st_dev
    place = Path(f"/sys/dev/block/{os.major(numbers)}:{os.minor(numbers)}")
    if not place.exists():
        return ""
    real = place.resolve()
    return real.parent.name if (real / "partition").exists() else real.name


def _counts(texts: Mapping[str, str]) -> Counts:
    return Counts(
        interrupts(texts["interrupts"]),
        interrupts(texts["softirqs"]),
        diskstats(texts["diskstats"]),
    )
