"""Does a log of a million lines need more memory than one of a tenth of them? And how long?

The recording is repeated, each time two hours later, until there are enough lines, and
``lab-kernel sli`` reads the file in a process of its own, with a condition and five-minute windows.
Its memory must not grow with the lines; 10 s of CPU for a million is an objective, not a ratio.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lab_kernel.sre.sli import recorded
from tools.bench.timing import progress, told

LINES = 1_000_000
OBJECTIVE = 10.0
GROWTH = 1.1
LASTS = 2  # clock hours that the recording is in
COMMAND = ("sli", "--window", "5m", "--good", "status<500 and seconds<0.3", "--json")


def repeated() -> Iterator[str]:
    """The recording's lines for ever, an hour later each time round."""
    text = list(recorded.lines())
    first = recorded.told()["start"] // 3600 * 3600
    clock = re.compile(r"\[[^:]+:\d\d")
    for hours in range(sys.maxsize):
        for line in text:
            found = clock.search(line)
            assert found is not None
            hour = (int(found[0][-2:]) - time.gmtime(first).tm_hour) % 24
            moment = time.gmtime(first + 3600 * (hours * LASTS + hour))
            later = time.strftime("[%d/%b/%Y:%H", moment)
            yield line[: found.start()] + later + line[found.end() :]


def run(path: Path) -> tuple[float, int]:
    """Seconds of CPU and the peak of resident memory, in kB, of the command on this file."""
    words = [sys.executable, "-m", "lab_kernel", *COMMAND, str(path)]
    with path.with_suffix(".json").open("wb") as output:
        pid = os.posix_spawn(
            sys.executable,
            words,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1)],
        )
        _pid, status, used = os.wait4(pid, 0)
    if status:
        raise SystemExit(f"lab-kernel sli ended with status {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss


def main() -> int:
    progress("  writing the logs")
    with tempfile.TemporaryDirectory() as name:
        few, many = Path(name, "few.log"), Path(name, "many.log")
        for path, count in ((few, LINES // 10), (many, LINES)):
            with path.open("w", encoding="ascii") as file:
                file.writelines(islice(repeated(), count))
        progress("")
        print(f"lab-kernel sli on {LINES:,} lines, and on {LINES // 10:,} of them")
        _seconds, before = run(few)
        seconds, memory = run(many)
    held = told("seconds of CPU", f"{seconds:.1f}", f"{OBJECTIVE:g}", holds=seconds <= OBJECTIVE)
    growth = memory / before
    limit = f"{GROWTH:g} (peak {memory / 1024:.0f} MiB)"
    return (
        0 if told("times the memory", f"{growth:.2f}", limit, holds=growth <= GROWTH) & held else 1
    )


if __name__ == "__main__":
    sys.exit(main())
