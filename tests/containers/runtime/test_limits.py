"""Where limits are written, in made-up trees of both versions.

Paths and contents are those of a machine with version 1 and of one with systemd and version 2, as
cgroups(7) and Documentation/admin-guide/cgroup-v2.rst describe them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from lab_kernel.containers.runtime.config import Limits
from lab_kernel.containers.runtime.linux import limits
from lab_kernel.containers.runtime.linux.limits import ControlGroup

ALL = Limits(memory=64 << 20, cpus=0.5, pids=20)


class Machine:
    """Mounted control groups below a directory, and where we are in them."""

    def __init__(self, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.base = base
        self.mounts: list[str] = []
        self.membership: list[str] = []
        monkeypatch.setattr(limits, "MOUNTS", base / "mounts")
        monkeypatch.setattr(limits, "MEMBERSHIP", base / "membership")
        monkeypatch.setattr(limits.time, "sleep", lambda seconds: None)

    def mount(self, kind: str, options: str, name: str) -> Path:
        point = self.base / name
        point.mkdir()
        self.mounts.append(f"{kind} {point} {kind} rw,{options} 0 0")
        (self.base / "mounts").write_text("\n".join(self.mounts) + "\n")
        return point

    def here(self, *lines: str) -> None:
        (self.base / "membership").write_text("\n".join(lines) + "\n")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def written(group: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in group.iterdir() if file.is_file()}


def test_version_1_has_a_group_in_each_hierarchy(machine: Machine) -> None:
    memory = machine.mount("cgroup", "memory", "memory")
    cpu = machine.mount("cgroup", "cpu,cpuacct", "cpu,cpuacct")
    pids = machine.mount("cgroup", "pids", "pids")
    machine.mount("cgroup2", "", "unified")
    (memory / "session").mkdir()
    machine.here("9:pids:/", "4:memory:/session", "2:cpu,cpuacct:/", "0::/")
    group = ControlGroup("mine")
    group.limit(ALL)
    assert not group.missing and set(group.in_force) == {"memory", "cpus", "pids"}
    assert written(memory / "session/mine") == {
        "memory.limit_in_bytes": "67108864",
        "memory.memsw.limit_in_bytes": "67108864",
    }
    assert written(cpu / "mine") == {"cpu.cfs_quota_us": "50000"}
    assert written(pids / "mine") == {"pids.max": "20"}
    group.join(77)
    assert (cpu / "mine/cgroup.procs").read_text() == "77"


def hierarchy(machine: Machine, *places: str) -> Path:
    root = machine.mount("cgroup2", "nsdelegate", "cgroup")
    for place in ("", *places):
        (root / place).mkdir(exist_ok=True, parents=True)
        (root / place / "cgroup.controllers").write_text("cpu memory pids\n")
        (root / place / "cgroup.subtree_control").write_text("cpu memory pids\n")
    return root


def test_version_2_has_one_group_for_all(machine: Machine) -> None:
    root = hierarchy(machine, "user.slice")
    machine.here("0::/user.slice")
    group = ControlGroup("mine")
    group.limit(ALL)
    assert written(root / "user.slice/mine") == {
        "memory.max": "67108864",
        "memory.swap.max": "0",
        "cpu.max": "50000 100000",
        "pids.max": "20",
    }


def test_a_group_that_hands_nothing_on_is_asked_to(machine: Machine) -> None:
    root = hierarchy(machine)
    control = root / "cgroup.subtree_control"
    control.write_text("memory\n")
    machine.here("0::/")
    group = ControlGroup("mine")
    group.limit(Limits(pids=3))
    assert control.read_text() == "+pids" and "pids" in group.in_force
    for file in (root / "mine").iterdir():
        file.unlink()
    group.remove()
    assert control.read_text() == "-pids" and not (root / "mine").exists()


def test_where_a_group_may_not_be_made_the_one_above_is_tried(machine: Machine) -> None:
    root = hierarchy(machine, "app.slice", "app.slice/terminal.scope")
    (root / "app.slice/terminal.scope/mine").write_text("no directory can be made here")
    machine.here("0::/app.slice/terminal.scope")
    group = ControlGroup("mine")
    group.limit(Limits(memory=1 << 20))
    assert group.made == [root / "app.slice/mine"] and not group.missing


@pytest.mark.parametrize("mounted", [False, True])
def test_without_a_controller_the_reason_is_told(machine: Machine, mounted: bool) -> None:
    if mounted:
        machine.mount("cgroup2", "", "empty")
    else:
        (machine.base / "mounts").write_text("")
    machine.here("0::/")
    group = ControlGroup("mine")
    group.limit(ALL)
    assert set(group.missing) == {"memory", "cpus", "pids"} and not group.in_force
    assert "memory" in group.missing["memory"]


def test_a_group_that_cannot_be_joined_is_not_in_force(machine: Machine) -> None:
    root = hierarchy(machine)
    machine.here("0::/")
    group = ControlGroup("mine")
    group.limit(Limits(pids=3))
    (root / "mine/cgroup.procs").mkdir()  # so that it cannot be written
    group.join(1)
    assert not group.in_force and set(group.missing) == {"pids"}


def test_no_limit_makes_no_group() -> None:
    group = ControlGroup("mine")
    group.limit(Limits())
    assert not group.made and not group.missing
