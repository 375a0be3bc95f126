"""Record every shipped run of a real program again.

    python -m tools.record.programs [NAME ...]

needs Debian's valgrind, coreutils, bzip2, sqlite3 and python3. The inputs are generated, so the
commands are all that a run needs; another version of a program starts its interesting part at
another reference, and its ``skip`` wants a new look.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.record.lackey import ENVIRONMENT, record

OUTPUT = Path(__file__).parents[2] / "lab_kernel" / "recordings"


def text(directory: Path) -> None:
    """``lines.txt``: 150 lines of 30 words, drawn from 400 words, the same on every machine."""
    chance = random.Random(1)
    words = [
        "".join(chance.choice("abcdefghijklmnop") for _ in range(chance.randint(3, 9)))
        for _ in range(400)
    ]
    lines = (" ".join(chance.choice(words) for _ in range(30)) for _ in range(150))
    (directory / "lines.txt").write_text("".join(f"{line}\n" for line in lines))


def table(directory: Path) -> None:
    """``inner.db``: a table of 40 rows, each so wide that it has a page of its own."""
    subprocess.run(
        [
            "sqlite3",
            "inner.db",
            "create table t(a integer primary key, b);"
            "with recursive n(i) as (select 1 union all select i+1 from n where i<40)"
            "insert into t select i, zeroblob(3000) from n",
        ],
        cwd=directory,
        env=ENVIRONMENT,
        check=True,
    )


def nothing(directory: Path) -> None:
    """This program needs no input."""


@dataclass(frozen=True)
class Program:
    about: str
    prepare: Callable[[Path], None]
    command: list[str]
    skip: int = 0
    limit: int | None = None


MATRIX = "m = bytearray(100 * 4096)\n"
PROGRAMS = {
    "sort": Program(
        "sorts 150 lines of 30 words; the whole run",
        text,
        ["sort", "--parallel=1", "lines.txt"],
    ),
    "bzip2": Program(
        "compresses 30 kB of text; a part of its block sort, which sweeps over a table of 64 pages",
        text,
        ["bzip2", "-1", "-c", "lines.txt"],
        skip=2_900_000,
        limit=120_000,
    ),
    "join": Program(
        "a nested-loop join in SQLite: 12 scans of a table of 40 rows, a page each",
        table,
        [
            "sqlite3",
            "inner.db",
            "with recursive o(i) as (select 1 union all select i+1 from o where i<12)"
            " select count(*) from o cross join t where typeof(t.b) > i",
        ],
        skip=2_350_000,
        limit=150_000,
    ),
    "matrix-rows": Program(
        "copies every 16th byte of a matrix of 100 rows of 4096 bytes, row by row",
        nothing,
        ["python3", "-S", "-c", MATRIX + "for r in range(100): m[r * 4096:(r + 1) * 4096:16]"],
        skip=12_250_000,
        limit=120_000,
    ),
    "matrix-columns": Program(
        "copies every 16th byte of a matrix of 100 rows of 4096 bytes, column by column",
        nothing,
        ["python3", "-S", "-c", MATRIX + "for c in range(0, 4096, 16): m[c::4096]"],
        skip=12_250_000,
        limit=120_000,
    ),
}


def main(names: list[str]) -> None:
    for name in names or PROGRAMS:
        program = PROGRAMS[name]
        with tempfile.TemporaryDirectory() as directory:
            program.prepare(Path(directory))
            made = record(
                name,
                program.command,
                directory=directory,
                skip=program.skip,
                limit=program.limit,
                about=program.about,
            )
        packed = made.to_bytes()
        (OUTPUT / f"{name}.pages.gz").write_bytes(packed)
        print(f"{name}: {made.metadata['kept']} references, {len(packed)} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
