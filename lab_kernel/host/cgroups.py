"""Which control group this process is in, and what it is limited to: version 2 or 1.

    limits = own_limits()
    print(limits)

Version 2 has one tree, and a group has all its files in one directory. Version 1 has a tree for
each controller. A machine may have both mounted: then whichever has the controller counts, and a
version 2 tree without controllers limits nothing.
A limit above binds as much as one's own, so the least of the whole chain is what is told; a
container sees its own group as the root and cannot see what is above.
Sources: Linux, Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/; cgroups(7).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lab_kernel.host.proc import snapshot
from lab_kernel.host.recorded import LIVE, TEXT, Source
from lab_kernel.language import _

RECORDING = "cgroups"
CONTROLLERS = ("cpu", "memory", "pids")
T = TypeVar("T", int, float)
_UNLIMITED = 1 << 62  # version 1 writes the largest multiple of a page for "no limit"


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a tree is mounted: ``version`` 2, or 1 with its ``controllers``."""

    version: int
    point: str
    controllers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What binds this process. ``version`` 2, 1, or 0 where there are no groups; ``path`` that of
    its cpu group. None: no limit. ``cpus`` is quota / period; ``weight`` is cpu.weight (version 1
    has cpu.shares instead: 1024 there is 100 here); sizes are in bytes."""

    source: Source
    version: int
    path: str = "/"
    cpus: float | None = None
    weight: int | None = None
    memory: int | None = None
    pids: int | None = None

    def __str__(self) -> str:
        none = _("no limit")
        return "\n".join((
            f"cgroup v{self.version}: {self.path}" if self.version else _("no control groups"),
            f"cpu.weight {self.weight or '-'}",
            f"cpu.max    {none if self.cpus is None else f'{self.cpus:g} CPU'}",
            f"memory.max {none if self.memory is None else f'{self.memory >> 20} MiB'}",
            f"pids.max   {none if self.pids is None else self.pids}",
            f"({self.source})",
        ))  # fmt: skip


def mounts(text: str) -> list[Mount]:
    """The trees in ``/proc/self/mounts``."""
    found = []
    for line in text.splitlines():
        fields = line.split()
        if len(fields) < 4:
            continue
        if fields[2] == "cgroup2":
            found.append(Mount(2, fields[1]))
        elif fields[2] == "cgroup":
            options = fields[3].split(",")
            named = tuple(each for each in CONTROLLERS if each in options)
            found.append(Mount(1, fields[1], named))
    return found


def paths(text: str) -> dict[str, str]:
    """The groups in ``/proc/self/cgroup``: by controller in version 1, by "" in version 2."""
    found = {}
    for line in text.splitlines():
        number, _colon, rest = line.partition(":")
        controllers, _colon, path = rest.partition(":")
        if number == "0" and not controllers:
            found[""] = path
        else:
            found.update(dict.fromkeys(controllers.split(","), path))
    return found


def own_limits(root: str | None = None) -> Limits:
    """Live on Linux, elsewhere the recording. ``root`` is a copy of the files, for trying out."""
    if root is None and sys.platform != "linux":
        return _recorded()
    try:
        return _read(Path(root or "/"), TEXT if root else LIVE)
    except OSError:
        return _recorded()


def tree_of(controller: str, known: Sequence[Mount], root: Path = Path("/")) -> Mount | None:
    """The tree that has the controller; None when no tree has."""
    for mount in known:
        if mount.version == 1 and controller in mount.controllers:
            return mount
    for mount in known:
        if mount.version == 2:
            offered = _text(root / mount.point.lstrip("/") / "cgroup.controllers") or ""
            if controller in offered.split():
                return mount
    return None


def _read(root: Path, source: Source) -> Limits:
    known = mounts((root / "proc/self/mounts").read_text(encoding="utf-8"))
    own = paths((root / "proc/self/cgroup").read_text(encoding="utf-8"))
    trees = {name: tree_of(name, known, root) for name in CONTROLLERS}
    versions = {mount.version for mount in trees.values() if mount}
    if not versions:
        empty = 2 if any(each.version == 2 for each in known) else 0
        return Limits(source, empty, own.get("", "/"))

    def chain(controller: str) -> list[Path]:
        mount = trees[controller]
        if mount is None:
            return []
        path = own.get("" if mount.version == 2 else controller, "/")
        return list(_upwards(root / mount.point.lstrip("/"), path))

    version = min(versions)
    cpu = trees["cpu"]
    return Limits(
        source,
        version,
        own.get("" if cpu and cpu.version == 2 else "cpu", "/"),
        _least(_cpus(each) for each in chain("cpu")),
        _weight(chain("cpu")),
        _least(_number(each, "memory.max", "memory.limit_in_bytes") for each in chain("memory")),
        _least(_number(each, "pids.max") for each in chain("pids")),
    )


def _upwards(point: Path, path: str) -> Iterator[Path]:
    """The group's directory and those above. One that cannot be seen from here is left out."""
    parts = [part for part in path.split("/") if part not in ("", "..")]
    for length in range(len(parts), -1, -1):
        yield point.joinpath(*parts[:length])


def _cpus(group: Path) -> float | None:
    words = (_text(group / "cpu.max") or "").split()
    if not words:
        words = [
            (_text(group / f"cpu.cfs_{name}_us") or "").strip() for name in ("quota", "period")
        ]
    quota, period = (*words, "")[:2]
    return int(quota) / int(period) if quota.isdigit() and period.isdigit() else None


def _weight(groups: Sequence[Path]) -> int | None:
    if not groups:
        return None
    weight = _number(groups[0], "cpu.weight")
    shares = _number(groups[0], "cpu.shares")
    return weight if weight is not None or shares is None else max(1, shares * 100 // 1024)


def _number(group: Path, *names: str) -> int | None:
    text = next(filter(None, (_text(group / name) for name in names)), "").strip()
    return int(text) if text.isdigit() and int(text) < _UNLIMITED else None


def _least(values: Iterator[T | None]) -> T | None:
    return min((value for value in values if value is not None), default=None)


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return None


def _recorded() -> Limits:
    recording = snapshot(RECORDING)
    found = recording.data["own limits"]
    return Limits(recording.source, found["version"], **found["limits"])
