"""Which limits bind this process: files of version 1, of version 2, of both, and of none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lab_kernel import host
from lab_kernel.host.cgroups import Mount, mounts, own_limits, paths
from lab_kernel.language import language

V2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\nproc /proc proc rw 0 0\n"
V1 = (
    "tmpfs /sys/fs/cgroup tmpfs rw 0 0\n"
    "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n"
    "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n"
    "cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0\n"
    "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n"
)
OWN_V1 = "4:pids:/app\n3:memory:/app\n2:cpu,cpuacct:/app\n1:name=systemd:/\n0::/\n"


def tree(root: Path, mounted: str, own: str, files: dict[str, str]) -> str:
    """A copy of what the reader looks at."""
    for name, text in {"proc/self/mounts": mounted, "proc/self/cgroup": own, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return str(root)


def test_mounts_and_paths() -> None:
    assert mounts(V2) == [Mount(2, "/sys/fs/cgroup")]
    assert [mount.controllers for mount in mounts(V1)] == [("cpu",), ("memory",), ("pids",), ()]
    assert paths("0::/user.slice\n") == {"": "/user.slice"}
    assert paths(OWN_V1)["cpuacct"] == "/app"
    assert mounts("nonsense\n") == [] and paths("") == {}


def test_version_2(tmp_path: Path) -> None:
    """The least limit of the chain binds: the pod's 0.5 CPU, the container's own memory."""
    base = "sys/fs/cgroup"
    files = {
        f"{base}/cgroup.controllers": "cpuset cpu io memory pids\n",
        f"{base}/pod/cpu.max": "50000 100000\n",
        f"{base}/pod/memory.max": "max\n",
        f"{base}/pod/pids.max": "100\n",
        f"{base}/pod/app/cpu.max": "max 100000\n",
        f"{base}/pod/app/cpu.weight": "35\n",
        f"{base}/pod/app/memory.max": "134217728\n",
        f"{base}/pod/app/pids.max": "max\n",
    }
    found = own_limits(tree(tmp_path, V2, "0::/pod/app\n", files))
    assert (found.version, found.path) == (2, "/pod/app")
    assert (found.cpus, found.weight, found.memory, found.pids) == (0.5, 35, 128 << 20, 100)
    assert "cgroup v2: /pod/app" in str(found) and "128 MiB" in str(found)
    assert found.source.kind == "text"


def test_version_1_with_an_empty_tree_of_version_2(tmp_path: Path) -> None:
    files = {
        "sys/fs/cgroup/unified/cgroup.controllers": "\n",
        "sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us": "20000\n",
        "sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/cpu,cpuacct/app/cpu.shares": "512\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        "sys/fs/cgroup/memory/app/memory.limit_in_bytes": "9223372036854771712\n",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824\n",
        "sys/fs/cgroup/pids/app/pids.max": "max\n",
    }
    found = own_limits(tree(tmp_path, V1, OWN_V1, files))
    assert (found.version, found.path) == (1, "/app")
    assert (found.cpus, found.weight, found.memory, found.pids) == (0.2, 50, 1 << 30, None)


def test_no_groups_and_no_controllers(tmp_path: Path) -> None:
    assert own_limits(tree(tmp_path / "a", "proc /proc proc rw 0 0\n", "", {})).version == 0
    empty = own_limits(tree(tmp_path / "b", V2, "0::/\n", {}))
    assert (empty.version, empty.cpus, empty.memory, empty.pids) == (2, None, None, None)
    with language("ko"):
        assert "한도 없음" in str(empty)


def test_a_path_above_what_can_be_seen(tmp_path: Path) -> None:
    """In a container without a cgroup namespace the path may not be there: its root is read."""
    files = {
        "sys/fs/cgroup/cgroup.controllers": "cpu memory pids\n",
        "sys/fs/cgroup/pids.max": "7\n",
    }
    assert own_limits(tree(tmp_path, V2, "0::/../other\n", files)).pids == 7


def test_elsewhere_it_is_the_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    found = host.own_limits()
    assert found.source.kind == "recording" and found.version == 1


def test_an_unreadable_root_is_the_recording(tmp_path: Path) -> None:
    assert own_limits(str(tmp_path / "none")).source.kind == "recording"


def test_this_machine_is_read_or_recorded() -> None:
    assert host.own_limits().version in (0, 1, 2)
