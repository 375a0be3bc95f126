"""The recorded start of a real container: ``tools.record.containers`` watched it from inside."""

from __future__ import annotations

from typing import Any

from lab_kernel.host.proc import snapshot
from lab_kernel.host.recorded import Source

WHO = ("root", "user")


def source() -> Source:
    return snapshot("containers").source


def seen(who: str) -> dict[str, dict[str, Any]]:
    """What the process saw, by step; the first is ``host``, before anything was done."""
    steps: dict[str, dict[str, Any]] = snapshot("containers").data[f"steps-{who}"]["seen"]
    return steps
