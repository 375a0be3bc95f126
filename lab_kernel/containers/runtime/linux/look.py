"""What a process sees around it on a real Linux: the record that the simulated one makes, too."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab_kernel.containers.runtime.look import NAMES, Seen, read_status, root_is_readonly


def look() -> Seen:
    own = Path("/proc/self")
    mounts = (own / "mounts").read_text(encoding="utf-8").splitlines()
    status = read_status((own / "status").read_text(encoding="utf-8"))
    name = os.uname().nodename
    return Seen(
        os.getpid(), os.geteuid(), os.getegid(), name,
        sum(each.name.isdecimal() for each in Path("/proc").iterdir()),
        tuple(sorted(each.name for each in Path("/").iterdir())),
        len(mounts),
        _cgroup((own / "cgroup").read_text(encoding="utf-8")),
        int(status["CapEff"], 16), status["NoNewPrivs"] == "1", int(status["Seccomp"]),
        root_is_readonly(mounts),
        {kind: (own / "ns" / link).stat().st_ino for link, kind in NAMES.items()},
    )  # fmt: skip


def recorded(seen: Seen) -> dict[str, Any]:
    """As JSON."""
    return asdict(seen)


def _cgroup(text: str) -> str:
    """The path of the group for processes: version 2's only one, or that of ``pids``."""
    paths = {
        names: path for _number, names, path in (line.split(":", 2) for line in text.splitlines())
    }
    return next((path for names, path in paths.items() if "pids" in names), paths.get("", "/"))
