"""Record the start of a real container: what its process sees after each step.

    sudo python -m tools.record.containers

writes ``lab_kernel/recordings/containers.json``: a start by root and one by the user ``nobody``,
step by step, and what commands in a container print. It needs root, a static BusyBox and control
groups that can be written. Of the names in ``/`` those of the file hierarchy standard are kept.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from lab_kernel.containers.runtime.config import USUAL, Config, Limits
from lab_kernel.containers.runtime.linux import libc
from lab_kernel.containers.runtime.linux.look import look
from lab_kernel.containers.runtime.linux.look import recorded as as_json
from lab_kernel.containers.runtime.linux.run import run
from tools.record.shelf import keep, metadata

NOBODY = 65534
RUN = "lab-kernel container run"
STANDARD = "bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var"
TOOLS = ("sh", "cat", "echo", "grep", "uname", "id", "ls", "mount", "ps", "sleep", "true")
STATUS = 'grep -E "^(CapEff|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status'
# name -> (options, command inside)
COMMANDS: dict[str, tuple[str, str]] = {
    "first-look": ("", "echo I am $$; uname -n; id; ls /; ps"),
    "rights": ("", STATUS),
    "privileged": ("--cap-add ALL --seccomp off", STATUS),
    "mount-refused": ("", "mount -t tmpfs none /bin"),
    "mount-by-filter": ("--cap-add SYS_ADMIN", "mount -t tmpfs none /bin"),
    "mount-allowed": (
        "--cap-add SYS_ADMIN --seccomp off",
        "mount -t tmpfs none /bin && echo mounted",
    ),
    "read-only": ("--read-only", "echo x > /x"),
    "memory": ("--memory 16M", "x=a; while :; do x=$x$x; done"),
    "processes": ("--pids 3", "for i in 1 2 3; do sleep 1 & done"),
    "exit": ("", "exit 7"),
    "not-found": ("", "exec nosuch"),
}
ROOTLESS: dict[str, tuple[str, str]] = {
    "rootless": ("", "id; cat /proc/self/uid_map"),
    "rootless-limits": ("--memory 16M", "echo runs all the same"),
}


def fill(root: Path) -> None:
    (root / "bin").mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin/busybox")
    for tool in TOOLS:
        (root / "bin" / tool).symlink_to("busybox")


def become_nobody() -> None:
    # what is imported later: nobody may be unable to read our Python
    assert ctypes and fcntl and socket and struct
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    libc.prctl(4, 1)  # PR_SET_DUMPABLE, which a change of user takes away


def steps(root: Path, rootless: bool) -> dict[str, Any]:
    """In a process of its own: the start and what was seen, with the host first."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, json.dumps(_steps(root, rootless)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        seen = json.load(told)
    os.waitpid(child, 0)
    return {step: plain(each) for step, each in seen.items()}


def _steps(root: Path, rootless: bool) -> dict[str, Any]:
    if rootless:
        become_nobody()
    host = look()
    config = Config(
        args=("/bin/true",),
        readonly=True,
        namespaces=USUAL | ({"user"} if rootless else set()),
        limits=Limits(pids=20),
    )
    ended = run(config, str(root), observe=lambda step: as_json(look()))
    return {"host": as_json(host), **ended.seen}


def plain(seen: dict[str, Any]) -> dict[str, Any]:
    """Nothing of this machine but what every Linux has."""
    group = seen["cgroup"]
    return seen | {
        "files": [name for name in seen["files"] if name in STANDARD.split()],
        "cgroup": "/lab-kernel" if "lab-kernel-" in group else group,
        "nodename": seen["nodename"] if seen["nodename"] == "container" else "host",
        "gid": seen["gid"],
    }


def printed(root: Path, options: str, inside: str, nobody: bool) -> list[str]:
    prelude = "from tools.record.containers import become_nobody\n" if nobody else ""
    become = "import lab_kernel.cli; lab_kernel.cli._parser(['container'])\nbecome_nobody()\n"
    code = (
        prelude
        + (become if nobody else "")
        + ("import sys; from lab_kernel.cli import main; sys.exit(main(sys.argv[1:]))")
    )
    words = [
        "container",
        "run",
        "--lang",
        "en",
        *options.split(),
        str(root),
        "--",
        "sh",
        "-c",
        inside,
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    lines = [line.replace(str(root), "rootfs") for line in done.stdout.splitlines()]
    return [*lines, f"exit code {done.returncode}"]


def record() -> dict[str, Any]:
    """The snapshot as it is stored."""
    entries: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="containers-") as base:
        Path(base).chmod(0o755)
        root, nobodys = Path(base, "root"), Path(base, "nobodys")
        for each in (root, nobodys):
            fill(each)
        os.chown(nobodys, NOBODY, NOBODY)
        for name, place, rootless in (("root", root, False), ("user", nobodys, True)):
            seen = steps(place, rootless)
            entries.append(
                {
                    "name": f"steps-{name}",
                    "command": f"{RUN} --read-only --pids 20 rootfs",
                    "output": list(seen),
                    "seen": seen,
                }
            )
        for table, place, nobody in ((COMMANDS, root, False), (ROOTLESS, nobodys, True)):
            for name, (options, inside) in table.items():
                told = " ".join([RUN, *options.split(), "rootfs --", "sh -c"])
                entries.append(
                    {
                        "name": name,
                        "command": f"{told} '{inside}'",
                        "output": printed(place, options, inside, nobody),
                    }
                )
    described = metadata(
        "containers", "a real container's start, step by step", remark="version 1 control groups"
    )
    return {"metadata": described, "entries": entries}


if __name__ == "__main__":
    keep("containers", record())
