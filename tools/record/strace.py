"""Record the system calls of a real program.

    python -m tools.record.strace -o pipeline.strace -- sh -c 'sort /etc/shells | head -n 1'

runs the program under ``strace -f -C -ttt -T`` in an environment of three variables. The file is
strace's own text, its summary at the end, behind comments that say how it was made. What the
program prints is thrown away; what it reads and writes is in the arguments, so choose a program
that touches nothing private. ``--user`` runs it as somebody else, for which strace needs root.

    sudo python -m tools.record.strace --shipped

makes those that ship in ``lab_kernel/recordings`` anew, gzipped.
"""

from __future__ import annotations

import argparse
import gzip
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tools.record.lackey import ENVIRONMENT, Failed, kernel

OPTIONS = ("-f", "-C", "-ttt", "-T")
SHELF = Path(__file__).parents[2] / "lab_kernel" / "recordings"
# name: what it shows, as whom, the command
SHIPPED = {
    "strace-cat": ("a program that prints a file", "", ["cat", "/etc/shells"]),
    "strace-pipeline": (
        "a shell that joins two programs by a pipe",
        "",
        ["sh", "-c", "sort /etc/shells | uniq -c"],
    ),
    "strace-refused": (
        "a file that its reader may not open",
        "nobody",
        ["cat", "/etc/shells", "/etc/shadow"],
    ),
}


def record(command: Sequence[str], limit: float = 60, user: str = "", about: str = "") -> str:
    """The text. Failed when strace cannot be had or the program does not end in ``limit`` s."""
    options = [*OPTIONS, *(["-u", user] if user else [])]
    strace = shutil.which("strace", path=ENVIRONMENT["PATH"])
    if strace is None:
        raise Failed("strace is not installed")
    version = subprocess.run([strace, "-V"], capture_output=True, text=True, check=True)
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "strace.txt"
        try:
            subprocess.run(
                [strace, *options, "-o", str(output), "--", *command],
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
        f"strace {' '.join(options)} -- {shlex.join(command)}",
        f"{version.stdout.splitlines()[0]}, {kernel()} {platform.machine()}",
        datetime.now(UTC).date().isoformat(),
        *([about] if about else []),
    )
    return "".join(f"# {line}\n" for line in made) + text


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Record the system calls of a program.")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--user", default="")
    parser.add_argument("--shipped", action="store_true")
    parser.add_argument("command", nargs="*")
    asked = parser.parse_args(argv)
    if asked.shipped == bool(asked.output and asked.command):
        parser.error("--shipped, or -o FILE and a command")
    try:
        if asked.shipped:
            for name, (about, user, command) in SHIPPED.items():
                text = record(command, user=user, about=about)
                packed = gzip.compress(text.encode(), 9, mtime=0)
                (SHELF / f"{name}.strace.gz").write_bytes(packed)
            return 0
        text = record(asked.command, user=asked.user)
    except Failed as error:
        print(error, file=sys.stderr)
        return 1
    asked.output.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
