"""The recorded start of a real container: ``tools.record.containers`` watched it from inside."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from lab_kernel.host.recorded import Recording

WHO = ("root", "ordinary user")


@cache
def load() -> Recording:
    """``data`` is the list of entries: a command, its output and for the starts what was seen."""
    packed = files("lab_kernel") / "recordings" / "containers.json"
    found = json.loads(packed.read_text(encoding="utf-8"))
    return Recording("containers", found["metadata"], found["entries"])


def entry(name: str) -> dict[str, Any]:
    """One entry by its name."""
    found: dict[str, Any] = next(each for each in load().data if each["name"] == name)
    return found


def seen(who: str) -> dict[str, dict[str, Any]]:
    """What the process saw, by step; the first is ``host``, before anything was done."""
    steps: dict[str, dict[str, Any]] = entry(f"steps of {who}")["seen"]
    return steps
