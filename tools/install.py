"""Install exactly what requirements.txt locks, and this package, into the Python that runs this.

pip is silent for a minute or says a thousand lines; this says how far it is. Standard library
only: it runs before anything is installed.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from pathlib import Path

LOCK = Path("requirements.txt")


def main() -> int:
    packages = len(re.findall(r"^[\w.-]+==", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    steps = (
        # the lock is whole; an old pip would look for the latest of what has extras all the same
        ["--require-hashes", "--no-deps", "-r", str(LOCK)],
        ["--no-deps", "--no-build-isolation", "--editable", "."],
    )
    print(f"installing {packages} locked packages into .venv: a minute or two, once", flush=True)
    for step in steps:
        if failed := pip(step, packages):
            return failed
    return 0


def pip(arguments: list[str], packages: int) -> int:
    """Run ``pip install``; show each 20th package and the installing, and all when it fails."""
    said: deque[str] = deque(maxlen=30)
    collected = 0
    process = subprocess.Popen(
        [sys.executable, "-m", "pip", "install", "--no-input", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if line.startswith(("Collecting ", "Processing ")):
            collected += 1
            if collected % 20 == 0:
                print(f"  {collected} of {packages} fetched", flush=True)
        elif line.startswith("Installing collected packages") and collected > 1:
            print("  unpacking", flush=True)
    if process.wait():
        print("".join(said), end="", file=sys.stderr)
        print("pip could not install what the lock names; see above", file=sys.stderr)
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
