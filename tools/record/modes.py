"""Record what the border between the modes does and costs on a real Linux for x86-64.

    python -m tools.record.modes

writes ``lab_kernel/recordings/modes.json``: how processes end that do what user mode forbids, a
system call beside a function call, ``dd`` with small and large buffers, and what this processor
and this kernel have against mistakes at the border. The faults happen in processes of their own.
Each time is the best of several tries.
"""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from lab_kernel.host.mode_switch import measure
from tools.record.lackey import ENVIRONMENT
from tools.record.shelf import keep, metadata

TRIES = 9
TOTAL = 1 << 20  # bytes that dd copies
BUFFERS = (1, 16, 256, 4096, 65536)
FLAGS = ("smep", "smap", "umip", "pti")

# name -> (what it does, its machine code; each would go on to ret, c3)
FAULTS = {
    "nop": ("nop: nothing", "90 c3"),
    "divide": ("div ecx, where ecx is 0", "31c9 31d2 f7f1 c3"),
    "null": ("mov rax, [0]", "488b042500000000 c3"),
    "kernel address": ("mov rax, [0xffffffff81000000]", "48c7c000000081 488b00 c3"),
    "hlt": ("hlt", "f4 c3"),
    "cli": ("cli", "fa c3"),
    "out": ("out 0x80, al", "e680 c3"),
    "wrmsr": ("wrmsr", "0f30 c3"),
    "ud2": ("ud2: an opcode that means nothing, on purpose", "0f0b c3"),
}
RUN = (
    "import sys; from lab_kernel.host.mode_switch import MachineCode\n"
    "with MachineCode(sys.argv[1]) as run: run(0)"
)


def faults() -> dict[str, Any]:
    """How each process ended: the shell's status, and the signal."""
    lines, ends = [], {}
    for name, (what, code) in FAULTS.items():
        done = subprocess.run(
            [sys.executable, "-c", RUN, code], capture_output=True, cwd=Path(__file__).parents[2]
        )
        number = max(0, -done.returncode)
        ends[name] = number
        status = 128 + number if number else done.returncode
        end = signal.Signals(number).name if number else "-"
        lines.append(f"{what:<46} {status:>4} {end}")
    command = "9 processes of root, one instruction each"
    return {"command": command, "output": lines, "signals": ends}


def crossing() -> dict[str, Any]:
    best = measure(1_000_000, TRIES)
    call, function = round(best.system_call, 1), round(best.function_call, 1)
    return {
        "command": "1,000,000 times syscall (getppid), 1,000,000 times call and ret",
        "output": [f"syscall {call} ns", f"call    {function} ns"],
        "system_call": call,
        "function_call": function,
    }


def copies() -> dict[str, Any]:
    """dd for every buffer: the CPU time of the run that took least of it.

    Not the time by the clock: that depends on what else the machine has to do.
    """
    rows, lines = [], []
    for size in BUFFERS:
        command = [
            "dd", "if=/dev/zero", "of=/dev/null", f"bs={size}", f"count={TOTAL // size}",
            "status=none",
        ]  # fmt: skip
        row = min((_run(command) for _ in range(TRIES)), key=lambda run: run["cpu"])
        rows.append({"buffer": size, **row})
        lines.append(
            f"bs={size:<6} count={TOTAL // size:<8} user {row['user']:.4f} sys {row['system']:.4f}"
            f" together {row['cpu']:.4f} s"
        )
    return {
        "command": "dd if=/dev/zero of=/dev/null bs=... count=...",
        "output": lines,
        "total": TOTAL,
        "rows": rows,
    }


def _run(command: list[str]) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=ENVIRONMENT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return {"user": round(user, 4), "system": round(system, 4), "cpu": round(user + system, 4)}


def protections() -> dict[str, Any]:
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("flags")[1].splitlines()[0]
    words = flags.split()
    meltdown = Path("/sys/devices/system/cpu/vulnerabilities/meltdown").read_text(encoding="utf-8")
    return {
        "command": "grep -owE 'smep|smap|umip|pti' /proc/cpuinfo; "
        "cat /sys/devices/system/cpu/vulnerabilities/meltdown",
        "output": [*(flag for flag in FLAGS if flag in words), meltdown.strip()],
    }


def record() -> dict[str, Any]:
    """The snapshot as it is stored."""
    entries = [
        {"name": name, **made()}
        for name, made in (
            ("faults", faults),
            ("crossing", crossing),
            ("copies", copies),
            ("protections", protections),
        )
    ]
    described = metadata(
        "modes",
        "what the border between the modes does and costs",
        remark=f"best of {TRIES} tries, in a virtual machine: its processor may take longer for "
        "a system call than a bare one",
    )
    return {"metadata": described, "entries": entries}


if __name__ == "__main__":
    keep("modes", record())
