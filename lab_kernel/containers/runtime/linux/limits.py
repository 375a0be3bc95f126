"""Limits on a real Linux: a control group made for one container, version 1 or 2.

Which version a controller has is asked of ``/proc/self/mounts``; both can be there. The group is
made beside or below the one that we are in, since only there may we be allowed to. In version 2
a group that has processes cannot hand controllers on, so that ours may have to be its sibling.
Where a limit cannot be set, the reason is kept, and the container runs without it.
Source: cgroups(7); Linux, Documentation/admin-guide/cgroup-v1 and cgroup-v2.rst.
"""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from lab_kernel.containers.runtime.config import Limits
from lab_kernel.host import cgroups
from lab_kernel.host.reasons import reason
from lab_kernel.language import _

PERIOD = 100_000  # microseconds, the period of CPU quotas
MOUNTS, MEMBERSHIP = Path("/proc/self/mounts"), Path("/proc/self/cgroup")
CONTROLLERS = {"memory": "memory", "cpus": "cpu", "pids": "pids"}


class ControlGroup:
    """``in_force`` says which file holds each limit, ``missing`` why a limit is not in force."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.made: list[Path] = []
        self.enabled: list[tuple[Path, str]] = []
        self.in_force: dict[str, str] = {}
        self.missing: dict[str, str] = {}

    def limit(self, limits: Limits) -> None:
        """Make the groups that are needed and write each limit."""
        for what, value in limits.asked().items():
            try:
                self._limit(what, value)
            except OSError as error:
                self.missing[what] = reason(error)

    def _limit(self, what: str, value: int | float) -> None:
        controller = CONTROLLERS[what]
        places, version = _places(controller)
        if not places:
            raise OSError(0, _("there is no control group with the controller {name}").format(
                name=controller
            ))  # fmt: skip
        error: OSError | None = None
        for place in places:
            try:
                if version == 2:
                    self._enable(place, controller)
                group = self._make(place)
                file, text = _written(what, version, value)
                (group / file).write_text(text, encoding="utf-8")
            except OSError as found:
                error = error or found
                continue
            self.in_force[what] = f"{group / file} = {text}"
            if what == "memory":  # else what does not fit is swapped out
                swap = "memory.swap.max" if version == 2 else "memory.memsw.limit_in_bytes"
                with contextlib.suppress(OSError):
                    (group / swap).write_text("0" if version == 2 else text, encoding="utf-8")
            return
        assert error is not None
        raise error

    def _make(self, place: Path) -> Path:
        group = place / self.name
        if group not in self.made:
            group.mkdir()
            self.made.append(group)
        return group

    def _enable(self, place: Path, controller: str) -> None:
        """In version 2, groups below have a controller if this one hands it on."""
        control = place / "cgroup.subtree_control"
        if controller not in control.read_text(encoding="utf-8").split():
            control.write_text(f"+{controller}", encoding="utf-8")
            self.enabled.append((control, controller))

    def join(self, pid: int) -> None:
        """Put a process into all of them. A limit whose group it cannot join is not in force."""
        for group in self.made:
            try:
                (group / "cgroup.procs").write_text(str(pid), encoding="utf-8")
            except OSError as error:
                for what in [
                    w for w, file in self.in_force.items() if file.startswith(f"{group}/")
                ]:
                    del self.in_force[what]
                    self.missing[what] = reason(error)

    def out_of_memory(self) -> int:
        """How many processes the OOM killer took in here."""
        kills = 0
        for group in self.made:
            for name in ("memory.events", "memory.oom_control"):
                with contextlib.suppress(OSError):
                    words = (group / name).read_text(encoding="utf-8").split()
                    kills += int(dict(zip(words[::2], words[1::2], strict=False))["oom_kill"])
        return kills

    def remove(self) -> None:
        """The groups are gone. The kernel may need a moment for the last process to leave."""
        for group in self.made:
            for _attempt in range(50):
                try:
                    group.rmdir()
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.01)
                else:
                    break
        for control, controller in self.enabled:
            with contextlib.suppress(OSError):
                control.write_text(f"-{controller}", encoding="utf-8")
        self.made, self.enabled = [], []


def _written(what: str, version: int, value: int | float) -> tuple[str, str]:
    """The file and what to write into it."""
    if what == "memory":
        return ("memory.max" if version == 2 else "memory.limit_in_bytes"), str(int(value))
    if what == "pids":
        return "pids.max", str(int(value))
    quota = max(1000, round(value * PERIOD))  # the kernel takes no less than a millisecond
    if version == 2:
        return "cpu.max", f"{quota} {PERIOD}"
    return "cpu.cfs_quota_us", str(quota)


def _places(controller: str) -> tuple[list[Path], int]:
    """Where a group with this controller might be made, the nearest first, and the version."""
    tree = cgroups.tree_of(controller, cgroups.mounts(MOUNTS.read_text(encoding="utf-8")))
    if tree is None:
        return [], 0
    own = cgroups.paths(MEMBERSHIP.read_text(encoding="utf-8"))
    point, here = Path(tree.point), Path(own.get("" if tree.version == 2 else controller, "/")[1:])
    if tree.version == 1:
        return ([point / here, point] if here != Path() else [point]), 1
    found = [point / here, *(point / above for above in here.parents)]
    return [place for place in dict.fromkeys(found) if _offers(place, controller)], 2


def _offers(place: Path, controller: str) -> bool:
    with contextlib.suppress(OSError):
        return controller in (place / "cgroup.controllers").read_text(encoding="utf-8").split()
    return False
