"""Record what control groups do on a real Linux: shares, quotas, memory and process limits.

    python -m tools.record.cgroups        (as root)

writes ``lab_kernel/recordings/cgroups.json``. It makes groups of its own at the root of the tree,
puts only processes into them that it started itself, and removes them. Version 2 is used where it
has the controllers, else version 1, whose cpu.shares, cpu.cfs_quota_us, memory.limit_in_bytes and
pids.max are the same mechanisms in the same kernel code; ``metadata`` says which it was.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from lab_kernel.host.busy import SPIN, busy
from lab_kernel.host.cgroups import CONTROLLERS, Mount, mounts, own_limits, tree_of
from tools.record.shelf import keep, metadata

PREFIX = "lab-kernel-record"
SECONDS = 6.0
SHARES: dict[str, dict[str, tuple[int, int]]] = {  # path: (weight, busy processes)
    "two": {"a": (100, 1), "b": (300, 1)},
    "three": {"a": (100, 1), "b": (200, 1), "c": (700, 1)},
    "one sleeps": {"a": (100, 1), "b": (200, 1), "c": (700, 0)},
    "groups, not processes": {"a": (100, 1), "b": (100, 3)},
    "nested": {"a": (200, 0), "a/x": (100, 1), "a/y": (300, 1), "b": (100, 1)},
}
QUOTA, PERIOD = 20_000, 100_000
HEAVIEST = 10_000
BURST = 0.150
LIMIT = 32 << 20
MOST = 5

REQUEST = (
    "import sys, time\n"
    "sys.stdin.readline()\n"
    "start = time.monotonic()\n"
    "end = time.process_time() + float(sys.argv[1])\n"
    "while time.process_time() < end: pass\n"
    "print(time.monotonic() - start)\n"
)
EAT = (
    "import sys\n"
    "sys.stdin.readline()\n"
    "held = []\n"
    "for step in range(int(sys.argv[1])):\n"
    "    held.append(bytearray(b'x') * (1 << 20))\n"
    "    print(step + 1, flush=True)\n"
    "sys.stdin.readline()\n"
)
FORKS = (
    "import os, sys, time\n"
    "sys.stdin.readline()\n"
    "children = []\n"
    "for turn in range(int(sys.argv[1])):\n"
    "    try:\n"
    "        pid = os.fork()\n"
    "    except OSError as error:\n"
    "        print('fork', turn + 1, error.errno, error.strerror, flush=True)\n"
    "        break\n"
    "    if pid == 0:\n"
    "        time.sleep(1); os._exit(0)\n"
    "    children.append(pid)\n"
    "    print('fork', turn + 1, 'ok', flush=True)\n"
    "for pid in children: os.waitpid(pid, 0)\n"
)


class Hierarchy:
    """Groups below one of our own, in the trees that have the controllers."""

    def __init__(self, stack: ExitStack) -> None:
        known = mounts(Path("/proc/self/mounts").read_text())
        self.trees: dict[str, Mount] = {}
        for name in CONTROLLERS:
            tree = tree_of(name, known)
            if tree is None:
                raise OSError(f"no tree has the {name} controller")
            self.trees[name] = tree
        self.version = min(tree.version for tree in self.trees.values())
        self._stack = stack
        self.make("")

    def directory(self, controller: str, path: str) -> Path:
        return Path(self.trees[controller].point, PREFIX, path)

    def make(self, path: str) -> None:
        """A group, in each tree; it is removed on the way out."""
        for directory in {self.directory(name, path) for name in CONTROLLERS}:
            if self.version == 2:
                enabled = " ".join(f"+{name}" for name in CONTROLLERS)
                (directory.parent / "cgroup.subtree_control").write_text(enabled)
            directory.mkdir()
            self._stack.callback(_remove, directory)

    def enter(self, path: str, pid: int) -> None:
        for directory in {self.directory(name, path) for name in CONTROLLERS}:
            (directory / "cgroup.procs").write_text(str(pid))

    def weigh(self, path: str, weight: int) -> None:
        group = self.directory("cpu", path)
        if self.version == 2:
            (group / "cpu.weight").write_text(str(weight))
        else:
            (group / "cpu.shares").write_text(str(weight * 1024 // 100))

    def limit_cpu(self, path: str, quota: int, period: int) -> None:
        group = self.directory("cpu", path)
        if self.version == 2:
            (group / "cpu.max").write_text(f"{quota} {period}")
        else:
            (group / "cpu.cfs_period_us").write_text(str(period))
            (group / "cpu.cfs_quota_us").write_text(str(quota))

    def limit_memory(self, path: str, size: int) -> None:
        group = self.directory("memory", path)
        if self.version == 2:
            (group / "memory.max").write_text(str(size))
            with suppress(OSError):
                (group / "memory.swap.max").write_text("0")
        else:
            (group / "memory.limit_in_bytes").write_text(str(size))
            with suppress(OSError):
                (group / "memory.memsw.limit_in_bytes").write_text(str(size))

    def limit_pids(self, path: str, most: int) -> None:
        (self.directory("pids", path) / "pids.max").write_text(str(most))

    def cpu_stat(self, path: str) -> dict[str, int]:
        """nr_periods, nr_throttled and throttled_usec."""
        stat = _keyed(self.directory("cpu", path) / "cpu.stat")
        if "throttled_time" in stat:  # version 1 counts nanoseconds
            stat["throttled_usec"] = stat.pop("throttled_time") // 1000
        return {key: stat[key] for key in ("nr_periods", "nr_throttled", "throttled_usec")}

    def oom_kills(self, path: str) -> int:
        file = "memory.events" if self.version == 2 else "memory.oom_control"
        return _keyed(self.directory("memory", path) / file)["oom_kill"]

    def pids_refused(self, path: str) -> int:
        return _keyed(self.directory("pids", path) / "pids.events")["max"]


def _keyed(file: Path) -> dict[str, int]:
    return {key: int(value) for key, value in map(str.split, file.read_text().splitlines())}


def _remove(directory: Path) -> None:
    for _attempt in range(50):  # who has ended may be in it for a moment yet
        with suppress(OSError):
            directory.rmdir()
            return
        time.sleep(0.05)
    directory.rmdir()


@contextmanager
def started(program: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A small process that waits for a line before it begins."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def shares(groups: dict[str, tuple[int, int]], seconds: float) -> dict[str, Any]:
    """Busy processes in groups of these weights, tied to one CPU."""
    cpu = max(os.sched_getaffinity(0))
    with ExitStack() as stack:
        tree = Hierarchy(stack)
        for path, (weight, _processes) in groups.items():
            tree.make(path)
            tree.weigh(path, weight)
        homes = [path for path, (_weight, count) in groups.items() for _process in range(count)]
        with busy([(path[-9:], SPIN) for path in homes], cpu, int(seconds) + 10) as running:
            for pid, path in zip(running.pids, homes, strict=True):
                tree.enter(path, pid)
            running.go()
            time.sleep(0.3)
            before = [_ran(pid) for pid in running.pids]
            time.sleep(seconds)
            after = [_ran(pid) for pid in running.pids]
    ran = dict.fromkeys(groups, 0)
    for path, start, end in zip(homes, before, after, strict=True):
        ran[path] += end - start
    total = sum(ran.values())
    return {
        "groups": [
            {"path": path, "weight": weight, "processes": count, "cpu_ns": ran[path]}
            for path, (weight, count) in groups.items()
        ],
        "output": [
            f"{path:4} weight {weight:4}, {count} busy: {ran[path] / 1e6:8.1f} ms, "
            f"{ran[path] / total:6.2%}"
            for path, (weight, count) in groups.items()
        ],
    }


def _ran(pid: int) -> int:
    return int(Path("/proc", str(pid), "schedstat").read_text().split()[0])


def throttled_loop(seconds: float) -> dict[str, Any]:
    """A busy loop under a quota. Nothing but the quota should keep it from the CPU."""
    with ExitStack() as stack:
        tree = Hierarchy(stack)
        tree.weigh("", HEAVIEST)
        tree.make("web")
        tree.limit_cpu("web", QUOTA, PERIOD)
        with busy([("loop", SPIN)], max(os.sched_getaffinity(0)), int(seconds) + 10) as running:
            [pid] = running.pids
            tree.enter("web", pid)
            running.go()
            time.sleep(0.3)
            before, ran = tree.cpu_stat("web"), _ran(pid)
            time.sleep(seconds)
            after, ran = tree.cpu_stat("web"), _ran(pid) - ran
    found = {key: after[key] - before[key] for key in after}
    return {
        "quota": QUOTA, "period": PERIOD, "seconds": seconds, "cpu_ns": ran, **found,
        "output": [f"{key} {value}" for key, value in found.items()],
    }  # fmt: skip


def requests(count: int) -> dict[str, Any]:
    """A request of 150 ms of CPU, alone in its group, without a quota and with one."""
    cpu = max(os.sched_getaffinity(0))
    seconds: dict[str, list[float]] = {"max": [], f"{QUOTA} {PERIOD}": []}
    for limit, found in seconds.items():
        for _request in range(count):
            with ExitStack() as stack:
                tree = Hierarchy(stack)
                tree.weigh("", HEAVIEST)
                tree.make("web")
                with started(REQUEST, str(BURST)) as process:
                    os.sched_setaffinity(process.pid, {cpu})
                    time.sleep(0.2)  # Python itself has started before the quota begins
                    if limit != "max":
                        tree.limit_cpu("web", QUOTA, PERIOD)
                    tree.enter("web", process.pid)
                    time.sleep(0.3)
                    output, _none = process.communicate("go\n", timeout=20)
            found.append(float(output))
    return {
        "burst_s": BURST, "seconds": seconds,
        "output": [
            f"cpu.max {limit:12}: {' '.join(f'{each * 1000:.0f}' for each in found)} ms"
            for limit, found in seconds.items()
        ],
    }  # fmt: skip


def out_of_memory() -> dict[str, Any]:
    """One process eats memory in a group of 32 MiB, another in a group beside it."""
    size = LIMIT >> 20
    with ExitStack() as stack:
        tree = Hierarchy(stack)
        for path in ("small", "beside"):
            tree.make(path)
        tree.limit_memory("small", LIMIT)
        victim = stack.enter_context(started(EAT, str(2 * size)))
        neighbour = stack.enter_context(started(EAT, str(2 * size)))
        for path, process in (("small", victim), ("beside", neighbour)):
            tree.enter(path, process.pid)
        assert neighbour.stdin and neighbour.stdout and victim.stdin and victim.stdout
        neighbour.stdin.write("go\n")
        neighbour.stdin.flush()
        beside = 0
        while beside < 2 * size:
            beside = int(neighbour.stdout.readline())
        available = _meminfo("MemAvailable")
        victim.stdin.write("go\n")
        victim.stdin.flush()
        eaten = [int(line) for line in victim.stdout]
        signal = -victim.wait()
        kills = tree.oom_kills("small"), tree.oom_kills("beside")
        alive = neighbour.poll() is None
        log = _kernel_log(victim.pid)
    found = {
        "limit_mib": size, "eaten_mib": eaten[-1], "signal": signal, "status": 128 + signal,
        "oom_kills": kills[0], "oom_kills_beside": kills[1],
        "beside_mib": beside, "beside_alive": alive,
        "machine_mib": _meminfo("MemTotal") >> 10, "available_mib": available >> 10,
    }  # fmt: skip
    return {**found, "log": log, "output": [f"{key} {value}" for key, value in found.items()]}


def _meminfo(name: str) -> int:
    text = Path("/proc/meminfo").read_text()
    match = re.search(rf"^{name}: +(\d+) kB", text, re.MULTILINE)
    return int(match[1]) if match else 0


def _kernel_log(pid: int) -> list[str]:
    """What the kernel wrote about it, without the time and with a number for the process."""
    shown = subprocess.run(["dmesg"], capture_output=True, text=True, check=False).stdout
    lines = [re.sub(r"^\[[ .\d]+\] ", "", line) for line in shown.splitlines()]
    wanted = [line for line in lines if f"rocess {pid} (" in line and "out of memory" in line]
    return [re.sub(rf"\b{pid}\b", "4242", line) for line in wanted[-1:]]


def too_many() -> dict[str, Any]:
    """A process forks in a group of at most five."""
    with ExitStack() as stack:
        tree = Hierarchy(stack)
        tree.make("few")
        tree.limit_pids("few", MOST)
        with started(FORKS, "9") as process:
            tree.enter("few", process.pid)
            output, _none = process.communicate("go\n", timeout=20)
            refused = tree.pids_refused("few")
    lines = output.splitlines()
    return {"max": MOST, "refused": refused, "output": lines}


def record(seconds: float = SECONDS) -> dict[str, Any]:
    """The recording as it is stored; OSError where it cannot be made."""
    with ExitStack() as stack:
        version = Hierarchy(stack).version
    entries: list[dict[str, Any]] = []

    def entry(name: str, command: str, found: dict[str, Any]) -> None:
        print(f"{name}: {found['output']}", file=sys.stderr)
        entries.append({"name": name, "command": command, **found})

    own = asdict(own_limits()) | {"path": "/"}
    del own["source"]
    found = {"version": own.pop("version"), "limits": own, "output": [f"cgroup v{version}: /"]}
    entry("own limits", "own_limits()", found)
    for name, groups in SHARES.items():
        entry(f"shares: {name}", f"shares({groups})", shares(groups, seconds))
    limit = f"{QUOTA} {PERIOD}"
    entry(
        "throttled", f"cat cpu.stat   # {seconds:g} s of a busy loop under cpu.max {limit}",
        throttled_loop(seconds),
    )  # fmt: skip
    entry("request", "requests(5)", requests(5))
    eaten = out_of_memory()
    log = {"output": eaten.pop("log")}
    entry("oom", "out_of_memory()", eaten)
    entry("oom-log", "dmesg | tail -1", log)
    entry("pids", f"python forks.py   # in a group with pids.max {MOST}", too_many())
    about = "control groups on one CPU; nanoseconds from /proc/PID/schedstat"
    return {"metadata": metadata("cgroups", about, version=version), "entries": entries}


def main(arguments: Sequence[str] = ()) -> None:
    keep("cgroups", record(*map(float, arguments)))


if __name__ == "__main__":
    main(sys.argv[1:])
