"""The strace recordings that ship: strace's own text, gzipped, behind comments on its making."""

from __future__ import annotations

import gzip
from importlib.resources import files
from typing import Any

from lab_kernel.host.recorded import Recording
from lab_kernel.host.strace import read_strace

SUFFIX = ".strace.gz"


def names() -> list[str]:
    """The recordings, sorted."""
    shelf = (files("lab_kernel") / "recordings").iterdir()
    return sorted(e.name.removesuffix(SUFFIX) for e in shelf if e.name.endswith(SUFFIX))


def text(name: str) -> str:
    """What strace wrote, with our comments before it."""
    packed = files("lab_kernel") / "recordings" / (name + SUFFIX)
    return gzip.decompress(packed.read_bytes()).decode()


def load(name: str) -> Recording:
    """``data`` is the Trace (kinds call, error, signal, exit; times in microseconds)."""
    lines = text(name).splitlines()
    command, machine, date, about = (line.removeprefix("# ") for line in lines[:4])
    _strace, _dashes, _version, version, *kernel, architecture = machine.replace(",", "").split()
    metadata: dict[str, Any] = {
        "command": command,
        "about": about,
        "date": date,
        "kernel": " ".join(kernel),
        "architecture": architecture,
        "strace": version,
    }
    return Recording(name, metadata, read_strace(lines).trace)
