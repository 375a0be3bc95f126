"""promtool, the program that checks and tests Prometheus rules (Debian's package prometheus)."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

PROMTOOL = shutil.which("promtool")
# CI installs it, so there its absence is a mistake, not a reason to skip.
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None and not os.environ.get("CI"), reason="promtool is not installed"
)


class Said(NamedTuple):
    good: bool
    text: str


def promtool(*words: str | Path) -> Said:
    assert PROMTOOL, "promtool is not installed"
    done = subprocess.run(
        [PROMTOOL, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Said(done.returncode == 0, done.stdout)
