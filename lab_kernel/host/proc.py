"""What ``/proc`` says about memory, on this machine or in the recording shipped with the package.

Every reader takes text to parse; without text it reads the live file, and where there is none
(macOS, Windows, a browser, or no permission) the recording. The answer's ``source`` says which.
Sources: Linux, Documentation/filesystems/proc.rst; the manual pages proc_meminfo(5),
proc_pid_maps(5), proc_pid_status(5), proc_buddyinfo(5), proc_pid_statm(5).

Units are those of the files: kB in these files means 1024 bytes. Addresses are bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from lab_kernel.errors import BadInput
from lab_kernel.host.recorded import LIVE, TEXT, Recording, Source
from lab_kernel.language import _

PROC = Path("/proc")
RECORDING = "memory-proc"
T = TypeVar("T")


@dataclass(frozen=True)
class Readings:
    """Lines of ``Name: number``: ``readings["MemTotal"]``, in kB unless the line had no unit.

    ``text`` holds the values that are no numbers (``Name`` in a status file).
    """

    source: Source
    values: dict[str, int] = field(repr=False)
    text: dict[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> int:
        """A KeyError if this kernel does not tell the figure."""
        return self.values[name]

    def get(self, name: str, default: int = 0) -> int:
        return self.values.get(name, default)


@dataclass(frozen=True, slots=True)
class Mapping:
    """One line of ``/proc/PID/maps``: the bytes from ``start`` up to but not including ``end``.

    ``permissions`` is ``rwx`` and ``p`` (private, copy on write) or ``s`` (shared); ``path`` is
    a file, a name in brackets like ``[heap]``, or empty for anonymous memory.
    """

    start: int
    end: int
    permissions: str
    offset: int
    device: str
    inode: int
    path: str

    @property
    def size(self) -> int:
        """In bytes."""
        return self.end - self.start


@dataclass(frozen=True)
class Maps:
    """The address space of a process, in order of address."""

    source: Source
    mappings: tuple[Mapping, ...] = field(repr=False)

    def __iter__(self) -> Iterator[Mapping]:
        return iter(self.mappings)

    def __len__(self) -> int:
        return len(self.mappings)


@dataclass(frozen=True, slots=True)
class Zone:
    """One line of ``/proc/buddyinfo``: ``free[k]`` blocks of 2**k pages are free."""

    node: int
    name: str
    free: tuple[int, ...]

    @property
    def pages(self) -> int:
        """Free pages in the buddy lists."""
        return sum(count << order for order, count in enumerate(self.free))


@dataclass(frozen=True)
class BuddyInfo:
    source: Source
    zones: tuple[Zone, ...]

    def __iter__(self) -> Iterator[Zone]:
        return iter(self.zones)

    def __len__(self) -> int:
        return len(self.zones)


@dataclass(frozen=True)
class Overcommit:
    """``mode`` 0 heuristic, 1 always, 2 never; ``ratio`` percent of RAM counted in mode 2."""

    source: Source
    mode: int
    ratio: int


@dataclass(frozen=True)
class Machine:
    """Everything about memory that one machine says of itself."""

    meminfo: Readings
    maps: Maps
    rollup: Readings
    status: Readings
    vmstat: Readings
    buddyinfo: BuddyInfo
    overcommit: Overcommit

    @property
    def source(self) -> Source:
        """Live only if every part is: ``buddyinfo`` may be for root alone."""
        parts = (self.meminfo, self.maps, self.rollup, self.status, self.vmstat)
        sources = [part.source for part in (*parts, self.buddyinfo, self.overcommit)]
        return next((source for source in sources if not source.live), LIVE)


def live() -> bool:
    """Whether this machine has a Linux ``/proc`` that tells of memory."""
    return _file("meminfo") is not None


def meminfo(text: str | None = None) -> Readings:
    """``/proc/meminfo``: the machine's memory, in kB (``HugePages_*`` are counts of pages)."""
    return _figures("meminfo", text)


def status(text: str | None = None) -> Readings:
    """``/proc/self/status``: ``VmSize`` is mapped, ``VmRSS`` resident, both in kB."""
    return _figures("self/status", text)


def smaps_rollup(text: str | None = None) -> Readings:
    """``/proc/self/smaps_rollup``: ``Rss`` and ``Pss`` (shared pages divided) in kB."""
    return _figures("self/smaps_rollup", text)


def vmstat(text: str | None = None) -> Readings:
    """``/proc/vmstat``: counters since boot, in pages or events (``pgfault``, ``pswpout``)."""
    return _figures("vmstat", text)


def maps(text: str | None = None) -> Maps:
    """``/proc/self/maps``: the address space of this process (or of the recorded ``cat``)."""
    found, source = _read("self/maps", text)
    line = re.compile(
        r"([0-9a-f]+)-([0-9a-f]+) ([r-][w-][x-][ps]) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\d+) *(.*)"
    )

    def parse(match: re.Match[str]) -> Mapping:
        start, end, permissions, offset, device, inode, path = match.groups()
        return Mapping(
            int(start, 16), int(end, 16), permissions, int(offset, 16), device, int(inode), path
        )

    return Maps(source, tuple(_lines("maps", found, line, parse)))


def buddyinfo(text: str | None = None) -> BuddyInfo:
    """``/proc/buddyinfo``: free blocks of every order, by zone."""
    found, source = _read("buddyinfo", text)
    line = re.compile(r"Node +(\d+), zone +(\S+)((?: +\d+)+) *")

    def parse(match: re.Match[str]) -> Zone:
        return Zone(int(match[1]), match[2], tuple(map(int, match[3].split())))

    return BuddyInfo(source, tuple(_lines("buddyinfo", found, line, parse)))


def overcommit() -> Overcommit:
    """``/proc/sys/vm/overcommit_memory`` and ``overcommit_ratio``."""
    names = ("sys/vm/overcommit_memory", "sys/vm/overcommit_ratio")
    (mode, source), (ratio, other) = (_read(name, None) for name in names)
    if source != other:  # both from one machine, or the pair means nothing
        (mode, source), (ratio, other) = (_recorded(name) for name in names)
    return Overcommit(source, int(mode), int(ratio))


def this_machine() -> Machine:
    """All readings at once: live where there is a ``/proc``, else the recording."""
    return Machine(meminfo(), maps(), smaps_rollup(), status(), vmstat(), buddyinfo(), overcommit())


def snapshot(name: str = RECORDING) -> Recording:
    """A shipped snapshot: ``data`` maps a name to ``{"command": ..., "output": text}``."""
    return _snapshot(name)


@cache
def _snapshot(name: str) -> Recording:
    shelf = files("lab_kernel") / "recordings"
    loaded = json.loads((shelf / f"{name}.json").read_text(encoding="utf-8"))
    entries = {
        entry["name"]: entry | {"output": "\n".join(entry["output"]) + "\n"}
        for entry in loaded["entries"]
    }
    return Recording(name, loaded["metadata"], entries)


def _file(name: str) -> str | None:
    """The live file's text, or None where there is none or it may not be read."""
    if sys.platform != "linux":  # Emscripten has a /proc, with nothing of this in it
        return None
    try:
        return (PROC / name).read_text(encoding="utf-8", errors="replace") or None
    except OSError:
        return None


def _recorded(name: str) -> tuple[str, Source]:
    shipped = snapshot()
    return shipped.data[name]["output"], shipped.source


def _read(name: str, text: str | None) -> tuple[str, Source]:
    if text is not None:
        return text, TEXT
    found = _file(name)
    return (found, LIVE) if found is not None else _recorded(name)


def _figures(name: str, text: str | None) -> Readings:
    found, source = _read(name, text)
    values: dict[str, int] = {}
    words: dict[str, str] = {}
    for line in found.splitlines():
        figure = re.fullmatch(r"([\w()]+):?\s+(\d+)(?: kB)?\s*", line)
        if figure:
            values[figure[1]] = int(figure[2])
        elif word := re.match(r"(\w+):\s*(.*)", line):
            words[word[1]] = word[2].strip()
    if not values:
        raise BadInput(name.rpartition("/")[2], _("no line of the form 'Name:  number kB'"))
    return Readings(source, values, words)


def _lines(
    name: str, text: str, form: re.Pattern[str], parse: Callable[[re.Match[str]], T]
) -> list[T]:
    """Every line parsed, empty ones left out; BadInput names the first that has another form."""
    parsed = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = form.fullmatch(line)
        if match is None:
            message = _("line {number} is not a line of this file: {line!r}")
            raise BadInput(name, message.format(number=number, line=line[:60]))
        parsed.append(parse(match))
    return parsed
