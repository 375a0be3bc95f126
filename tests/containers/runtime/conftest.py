"""Containers on this very machine: a small root file system, and a process to start them.

Each container is started by a Python of its own: forking a test runner with threads is not safe.
Where no container can be started the tests are skipped, with the kernel's reason.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TOOLS = ("sh", "cat", "echo", "grep", "hostname", "id", "ls", "mount", "sleep", "true")
_LIBRARY = re.compile(r"(/\S+)(?= \(0x)")  # as ldd names it
# becoming somebody else in the same process: that somebody may be unable to read our Python
_AS_NOBODY = """
import ctypes, fcntl, os, socket, struct, sys, termios
import lab_kernel.cli
from lab_kernel.containers.runtime.linux import available, libc, run, source
lab_kernel.cli._parser(["container"])  # imports the rest
os.setgroups([]); os.setgid(65534); os.setuid(65534)
libc.prctl(4, 1)  # PR_SET_DUMPABLE: /proc/self is ours, as it is after an execve
sys.exit(lab_kernel.cli.main(sys.argv[1:]))
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def told(self) -> dict[str, Any]:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True)
class Here:
    """``root`` is the directory with the tools; ``run`` starts a container in it and waits."""

    root: Path

    def command(self, *words: str, nobody: bool = False) -> list[str]:
        start = ["-c", _AS_NOBODY] if nobody else ["-m", "lab_kernel"]
        return [sys.executable, "-W", "error", *start, "container", "run", "--lang", "en", *words]

    def run(self, *words: str, nobody: bool = False, root: str | Path | None = None) -> Done:
        done = subprocess.run(
            self.command(str(root or self.root), *words, nobody=nobody),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def leftovers(self) -> list[str]:
        """Control groups, unpacked images and mount points that nobody cleared up."""
        groups = Path("/sys/fs/cgroup").rglob("lab-kernel-*")
        unpacked = Path(tempfile.gettempdir()).glob("lab-kernel-*")
        points = (self.root / name for name in ("proc", "dev", "sys"))
        return [str(each) for each in (*groups, *unpacked, *points) if os.path.lexists(each)]


def _fill(root: Path) -> None:
    """A shell and a few tools: a static BusyBox, or this machine's own with their libraries."""
    (root / "bin").mkdir(parents=True)
    busybox = shutil.which("busybox")
    if busybox and b"ld-linux" not in Path(busybox).read_bytes()[:4096]:
        shutil.copy(busybox, root / "bin/busybox")
        for tool in TOOLS:
            (root / "bin" / tool).symlink_to("busybox")
        return
    for tool in filter(None, map(shutil.which, TOOLS)):
        needed = subprocess.run(["ldd", tool], capture_output=True, text=True, check=False).stdout
        copies = {root / "bin" / Path(tool).name: tool}
        copies |= {root / name[1:]: name for name in _LIBRARY.findall(needed)}
        for target, source in copies.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


@pytest.fixture(scope="session")
def here() -> Iterator[Here]:
    if sys.platform != "linux":
        pytest.skip("not a Linux")
    with tempfile.TemporaryDirectory(prefix="containers-") as base:
        Path(base).chmod(0o755)  # an ordinary user shall be able to use it, too
        machine = Here(Path(base, "root"))
        _fill(machine.root)
        done = machine.run("--", "true")
        if done.code == 2 and ("refused" in done.err or "user namespace" in done.err):
            pytest.skip(f"this machine starts no container: {done.err.strip()}")
        assert done == (0, "", "")
        yield machine


@pytest.fixture
def nobodys(here: Here) -> Iterator[Path]:
    """A root file system that belongs to nobody, whom only root can become."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    root = here.root.with_name("nobodys")
    shutil.copytree(here.root, root, symlinks=True)
    os.chown(root, 65534, 65534)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def clean(here: Here) -> Iterator[None]:
    """Nothing is left behind by what the test does."""
    before = set(here.leftovers())
    yield
    assert not set(here.leftovers()) - before
