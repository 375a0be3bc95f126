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
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TOOLS = ("sh", "cat", "echo", "grep", "hostname", "id", "ls", "mknod", "mount", "sleep", "true")
_LIBRARY = re.compile(r"(/\S+)(?= \(0x)")  # as ldd names it
# A Python that has imported all it needs and starts each container from a fork of its own: that is
# quick, and works for a user who may not read our Python.
_SERVER = """
import ctypes, fcntl, json, os, socket, struct, sys, tempfile, termios, traceback
import lab_kernel.cli
from lab_kernel.containers.runtime.linux import available, libc, run, source
lab_kernel.cli._parser(["container"])  # imports the rest
for line in sys.stdin:
    words, nobody = json.loads(line)
    files = tempfile.TemporaryFile(), tempfile.TemporaryFile()
    child = os.fork()
    if child == 0:
        code = 99
        try:
            for fd, source in enumerate((open(os.devnull), *files)):
                os.dup2(source.fileno(), fd)
            if nobody:
                os.setgroups([]); os.setgid(65534); os.setuid(65534)
                libc.prctl(4, 1)  # PR_SET_DUMPABLE: /proc/self is ours, as after an execve
            code = lab_kernel.cli.main(words)
            sys.stdout.flush(); sys.stderr.flush()
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    for file in files:
        file.seek(0)
    print(json.dumps([child, code, *(file.read().decode() for file in files)]), flush=True)
    for file in files:
        file.close()
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
    temporary: Path
    server: subprocess.Popen[str]
    pids: list[int] = field(default_factory=list)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A process of its own, to which signals can be sent; the program has said "ready"."""
        running = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "lab_kernel", *_words(*words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"TMPDIR": str(self.temporary)},
            text=True,
        )
        self.pids.append(running.pid)
        assert running.stdout is not None and running.stdout.readline() == "ready\n"
        return running

    def run(self, *words: str, nobody: bool = False, root: str | Path | None = None) -> Done:
        assert self.server.stdin is not None and self.server.stdout is not None
        asked = json.dumps([_words(str(root or self.root), *words), nobody])
        self.server.stdin.write(asked + "\n")
        self.server.stdin.flush()
        pid, *said = json.loads(self.server.stdout.readline())
        self.pids.append(pid)
        done = Done(*said)
        assert "Traceback" not in done.err, done.err
        return done

    @cached_property
    def rootless(self) -> bool:
        """Whether this machine's containers are in a user namespace, which has user 0 only."""
        return "user" in self.run("--json", "--", "true").told["namespaces"]

    def leftovers(self) -> list[str]:
        """Control groups, unpacked images and mount points of ours that nobody cleared up."""
        ours = {f"lab-kernel-{pid}" for pid in self.pids}
        found = Path("/sys/fs/cgroup").rglob("lab-kernel-*")
        groups = (each for each in found if each.name in ours)
        unpacked = self.temporary.glob("lab-kernel-*")
        points = (self.root / name for name in ("proc", "dev", "sys"))
        return [str(each) for each in (*groups, *unpacked, *points) if os.path.lexists(each)]


def _words(*words: str) -> list[str]:
    return ["container", "run", "--lang", "en", *words]


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
        temporary = Path(base, "tmp")
        temporary.mkdir()
        temporary.chmod(0o1777)
        with subprocess.Popen(
            [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", _SERVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"TMPDIR": str(temporary)},
            text=True,
        ) as server:
            machine = Here(Path(base, "root"), temporary, server)
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
