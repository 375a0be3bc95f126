"""Record the system calls of a real program.

    python -m tools.record.strace -o pipeline.strace -- sh -c 'sort /etc/shells | head -n 1'

runs the program under ``strace -f -C -ttt -T`` in an environment of three variables. The file is
strace's own text, its summary at the end, behind comments that say how it was made. What the
program prints is thrown away; what it reads and writes is in the arguments, so choose a program
that touches nothing private.
"""

from __future__ import annotations

import argparse
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tools.record.lackey import ENVIRONMENT, Failed

OPTIONS = ("-f", "-C", "-ttt", "-T")


def record(command: Sequence[str], limit: float = 60) -> str:
    """The text. Failed when strace cannot be had or the program does not end in ``limit`` s."""
    strace = shutil.which("strace", path=ENVIRONMENT["PATH"])
    if strace is None:
        raise Failed("strace is not installed")
    version = subprocess.run([strace, "-V"], capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "strace.txt"
        try:
            subprocess.run(
                [strace, *OPTIONS, "-o", str(output), "--", *command],
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                check=False,
                timeout=limit,
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"the program has not ended in {limit:g} seconds") from None
        text = output.read_text(encoding="utf-8", errors="replace") if output.exists() else ""
    if "exited with" not in text and "killed by" not in text:
        raise Failed("strace recorded nothing: it may not be allowed here")
    made = (
        f"strace {' '.join(OPTIONS)} -- {shlex.join(command)}",
        f"{version.stdout.splitlines()[0]}, Linux {platform.release()} {platform.machine()}",
        datetime.now(UTC).date().isoformat(),
    )
    return "".join(f"# {line}\n" for line in made) + text


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Record the system calls of a program.")
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args(argv)
    try:
        text = record(asked.command)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    asked.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
