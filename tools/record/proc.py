"""Record what ``/proc`` says about memory, by running the commands that a reader would run.

    python -m tools.record.proc

writes ``lab_kernel/recordings/memory-proc.json``: the output of every command, line by line, and
one measurement of demand paging. ``/proc/self`` is that of the command itself (``cat``, ``grep``),
so nothing but the system's own paths appears; a file that may not be read is an error here.
"""

from __future__ import annotations

import mmap
import subprocess
from typing import Any

from lab_kernel.host.demand_paging import MEBIBYTE, as_entry, measure
from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata

VMSTAT = (
    "^(nr_free_pages|nr_anon_pages|nr_mapped|nr_file_pages|nr_dirty|nr_page_table_pages|"
    "pgpgin|pgpgout|pswpin|pswpout|pgfree|pgfault|pgmajfault|oom_kill) "
)
STATUS = "^(Name|Vm|Rss|Threads)"
REMARK = (
    "meminfo may count memory that the zones do not manage yet (zoneinfo: present, managed): a "
    "virtual machine whose memory grows on demand has little of its MemFree in buddyinfo"
)
COMMANDS: dict[str, list[str]] = {
    "meminfo": ["cat", "/proc/meminfo"],
    "self/maps": ["cat", "/proc/self/maps"],
    "self/smaps_rollup": ["cat", "/proc/self/smaps_rollup"],
    "self/status": ["grep", "-E", STATUS, "/proc/self/status"],
    "buddyinfo": ["cat", "/proc/buddyinfo"],
    "zoneinfo": ["grep", "-E", "^Node|present|managed", "/proc/zoneinfo"],
    "vmstat": ["grep", "-E", VMSTAT, "/proc/vmstat"],
    "sys/vm/overcommit_memory": ["cat", "/proc/sys/vm/overcommit_memory"],
    "sys/vm/overcommit_ratio": ["cat", "/proc/sys/vm/overcommit_ratio"],
}


def record() -> dict[str, Any]:
    """The snapshot as it is stored; CalledProcessError where a command fails."""
    entries: list[dict[str, Any]] = []
    for name, command in COMMANDS.items():
        said = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True, text=True)
        shown = " ".join(f"'{word}'" if "|" in word else word for word in command)
        entries.append({"name": name, "command": shown, "output": said.stdout.splitlines()})
    demand = as_entry(measure(64 * MEBIBYTE))
    about = "mmap 64 MiB, write a byte to each page; /proc/self/statm and getrusage after each step"
    entries.append({"name": "demand paging", "command": about, "output": [], **demand})
    described = metadata(
        "proc",
        "what /proc says about memory",
        page_size=mmap.PAGESIZE,
        remark=REMARK,
    )
    return {"metadata": described, "entries": entries}


if __name__ == "__main__":
    keep("memory-proc", record())
