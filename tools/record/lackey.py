"""Record the page references of a real program under valgrind.

    python -m tools.record.lackey -o sort.pages.gz -- sort lines.txt

runs the program under ``valgrind --tool=lackey --trace-mem=yes`` and reduces the stream as it
comes, so that nothing big is ever stored: addresses become page numbers, and consecutive
references to one page become one. That changes no fault of any replacement policy but two: LFU,
whose use counts get smaller, and CLOCK or second chance if loading leaves the reference bit clear
(``referenced_on_load=False``), where the second reference of a run would have set it. The number
of uncollapsed references is kept, for hit ratios. Pages are numbered 0, 1, 2 ... in order of
first appearance, over the whole run.

``--skip`` and ``--limit`` cut a window out of a long run, counted in collapsed references; the
metadata says what was cut. The program runs in an environment of three variables, and what it
prints is thrown away, so that nothing of the machine gets into the recording but its kernel,
its architecture and the versions of the programs.

Each page gets the kind of memory it belongs to, read from ``/proc/PID/maps`` while the program
runs: ``code`` and ``data`` (the program's file), ``library``, ``file`` (any other mapped file),
``stack``, ``heap`` (anonymous memory that is not the stack: brk, mmap and .bss). A page that was
gone before its mapping could be read has none; a page whose address was mapped anew later keeps
the kind of its first use.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lab_kernel.host.lackey import PageRecording, collapse, ranges, references
from lab_kernel.host.proc import Mapping, maps

PAGE = 4096
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "PYTHONHASHSEED": "0"}
COLLAPSING = (
    "consecutive references to one page are one: exact for every policy except LFU's counts"
    " and a reference bit that loading leaves clear"
)


class Failed(Exception):
    """The recording could not be made; the message says why."""


class Regions:
    """The kind of memory of a page, from the maps of a running program."""

    def __init__(self, pid: int, program: str) -> None:
        self.maps = Path(f"/proc/{pid}/maps")
        self.program = os.path.realpath(program)
        self.stack: int | None = None  # an address on it
        self.mapped: list[Mapping] = []

    def kind(self, letter: str, page: int) -> str | None:
        if self.stack is None and letter == "S":
            self.stack = page * PAGE  # the first thing that a program stores is a return address
        return self._look(page) or (self._read() and self._look(page)) or None

    def _read(self) -> bool:
        try:
            self.mapped = list(maps(self.maps.read_text()))
        except OSError:  # it has ended
            return False
        return True

    def _look(self, page: int) -> str | None:
        address = page * PAGE
        for area in self.mapped:
            if area.start <= address < area.end:
                if area.path == self.program:
                    return "code" if "x" in area.permissions else "data"
                if re.search(r"\.so\b", area.path):
                    return "library"
                if area.path.startswith("/"):
                    return "file"
                on_stack = self.stack is not None and area.start <= self.stack < area.end
                return "stack" if on_stack else "heap"
        return None


def record(
    name: str,
    command: Sequence[str],
    *,
    directory: str | Path = ".",
    skip: int = 0,
    limit: int | None = None,
    about: str = "",
) -> PageRecording:
    """Run ``command`` in ``directory`` and return its recording. Raises Failed."""
    # The path of the run, not ours: it is that program whose pages are called code.
    path = ENVIRONMENT["PATH"]
    valgrind, program = shutil.which("valgrind", path=path), shutil.which(command[0], path=path)
    if valgrind is None or program is None:
        raise Failed(f"{'valgrind' if valgrind is None else command[0]} is not installed")
    log, write_end = os.pipe()
    run = subprocess.Popen(
        [valgrind, "--tool=lackey", "--trace-mem=yes", f"--log-fd={write_end}", *command],
        cwd=directory,
        env=ENVIRONMENT,
        pass_fds=(write_end,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    os.close(write_end)
    regions = Regions(run.pid, program)
    numbers: dict[int, int] = {}
    kinds: defaultdict[str, set[int]] = defaultdict(set)
    letters: list[str] = []
    pages: list[int] = []
    total = window = seen = 0
    complete = False
    try:
        with os.fdopen(log, encoding="ascii", errors="replace") as lines:
            for letter, page, count in progress(collapse(references(lines, PAGE))):
                if limit is not None and seen == skip + limit:
                    break
                if page not in numbers:
                    numbers[page] = len(numbers)
                    if kind := regions.kind(letter, page):
                        kinds[kind].add(numbers[page])
                if seen >= skip:
                    letters.append(letter)
                    pages.append(numbers[page])
                    window += count
                seen += 1
                total += count
            else:
                complete = True
    finally:
        if not complete:  # enough was seen, or something went wrong
            run.kill()
        status = run.wait()
    if complete and status:
        raise Failed(f"{command[0]} ended with status {status}")
    # Pages seen only in what was skipped leave no gap.
    dense = {page: number for number, page in enumerate(dict.fromkeys(pages))}
    metadata: dict[str, Any] = {
        "format": "lab_kernel pages 1",
        "command": shlex.join(command),
        "about": about,
        "version": first_line([command[0], "--version"]),
        "valgrind": first_line(["valgrind", "--version"]),
        "kernel": kernel(),
        "architecture": platform.machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "page_size": PAGE,
        "total_references": total,
        "window_references": window,
        "skipped": min(skip, seen),
        "kept": len(pages),
        "complete": complete and not skip,
        "distinct_pages": len(dense),
        "collapsing": COLLAPSING,
        "regions": {
            kind: ranges(dense[page] for page in members if page in dense)
            for kind, members in sorted(kinds.items())
            if not members.isdisjoint(dense)
        },
    }
    return PageRecording(name, metadata, [dense[page] for page in pages], "".join(letters))


def kernel() -> str:
    """The kernel's name and version, without the suffix that names a build."""
    version = re.match(r"[\d.]*\d", platform.release())
    return f"{platform.system()} {version[0] if version else platform.release()}"


def first_line(command: Sequence[str]) -> str:
    """What a program says of its version: the first line, wherever it prints it."""
    said = subprocess.run(
        command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    lines = [line.strip() for line in (said.stdout + said.stderr).decode().splitlines()]
    return next(filter(None, lines), "unknown")


def progress(runs: Iterator[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """The same runs; anything over two seconds is told on stderr."""
    told = time.monotonic()
    spoke = False
    number = 0
    for number, run in enumerate(runs, 1):
        if number % 65536 == 0 and time.monotonic() - told > 2:
            told, spoke = time.monotonic(), True
            print(f"\r{number:,} collapsed references", end="", file=sys.stderr, flush=True)
        yield run
    if spoke:
        print(f"\r{number:,} collapsed references", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Record the page references of a program.", usage="%(prog)s -o FILE -- COMMAND"
    )
    parser.add_argument("-o", "--output", type=Path, required=True, help="NAME.pages.gz")
    parser.add_argument("--skip", type=int, default=0, help="collapsed references to leave out")
    parser.add_argument("--limit", type=int, help="collapsed references to keep")
    parser.add_argument("--about", default="", help="what the program does and on what input")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args(arguments)
    try:
        made = record(
            given.output.name.partition(".")[0],
            given.command,
            skip=given.skip,
            limit=given.limit,
            about=given.about,
        )
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    given.output.write_bytes(made.to_bytes())
    print({key: made.metadata[key] for key in ("kept", "distinct_pages", "total_references")})
    return 0


if __name__ == "__main__":
    sys.exit(main())
