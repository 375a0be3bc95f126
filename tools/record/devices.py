"""Record what ``/proc`` counts of devices before and after a file is written and read.

    python -m tools.record.devices

writes ``lab_kernel/recordings/devices-proc.json``. The counts are the whole machine's, so the work
is done several times and the take is kept in which the least came from elsewhere: in which the
disk moved fewest sectors beyond the file's own. The directory for temporary files (TMPDIR) must
lie on a disk.
"""

from __future__ import annotations

import mmap
from typing import Any

from lab_kernel.host.devices import FILES, MEBIBYTE, SECTOR, STEPS, diskstats, measure
from tools.record.lackey import Failed
from tools.record.shelf import keep, metadata

SIZE = 32 * MEBIBYTE
TAKES = 8
REMARK = (
    "the counts are the whole machine's; of 8 takes this is the one with the least work of others"
)


def record(size: int = SIZE, takes: int = TAKES) -> dict[str, Any]:
    """The recording as it is stored; OSError or Failed where it cannot be made."""
    found = [measure(size) for _take in range(takes)]
    _size, disk, texts = min(found, key=lambda take: _sectors(take[1], take[2]))
    moved = _sectors(disk, texts)
    if not disk or moved < size // SECTOR:
        raise Failed("the directory for temporary files lies on no disk that is counted")
    entries: list[dict[str, Any]] = []
    for step in STEPS:
        for name in FILES:
            kept = [
                line
                for line in texts[step][name].splitlines()
                if name != "diskstats" or line.split()[2] == disk
            ]
            command = f"cat /proc/{name}" if name != "diskstats" else f"grep {disk} /proc/{name}"
            entries.append({"name": f"{name}/{step}", "command": command, "output": kept})
    described = metadata(
        "devices",
        f"{size // MEBIBYTE} MiB written to a file, fsync, dropped from memory, read back",
        page_size=mmap.PAGESIZE,
        size=size,
        disk=disk,
        remark=REMARK,
    )
    return {"metadata": described, "entries": entries}


def _sectors(disk: str, texts: dict[str, dict[str, str]]) -> int:
    before, after = (diskstats(texts[step]["diskstats"]).get(disk) for step in ("before", "read"))
    if before is None or after is None:
        return 0
    read = after.sectors_read - before.sectors_read
    return read + after.sectors_written - before.sectors_written


if __name__ == "__main__":
    keep("devices-proc", record())
