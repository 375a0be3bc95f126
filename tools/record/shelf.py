"""Where recordings are kept, and what each says of itself."""

from __future__ import annotations

import json
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.record.lackey import ENVIRONMENT, kernel

SHELF = Path(__file__).parents[2] / "lab_kernel" / "recordings"
FORMAT = "lab_kernel proc 1"  # entries by name, each a command and its output line by line


def metadata(module: str, about: str, **more: Any) -> dict[str, Any]:
    """``module`` is the recorder's name below ``tools.record``."""
    return {
        "format": FORMAT,
        "command": f"python -m tools.record.{module}",
        "about": about,
        "date": datetime.now(UTC).date().isoformat(),
        "kernel": kernel(),
        "architecture": platform.machine(),
        **more,
    }


def keep(name: str, recorded: dict[str, Any], shelf: Path = SHELF) -> None:
    """Write the recording, to the shelf that ships unless told otherwise."""
    text = json.dumps(recorded, indent=1, ensure_ascii=False) + "\n"
    (shelf / f"{name}.json").write_text(text, encoding="utf-8")


def shell(command: str, where: str | Path) -> str:
    """All that the command says in that directory, errors among it, whatever its exit code."""
    done = subprocess.run(
        ["sh", "-c", command],
        env=ENVIRONMENT,
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    return done.stdout
