"""A group's files: text as the kernel shows and takes it.

Times are in microseconds, sizes in bytes and in whole pages. A write that the kernel would refuse
is BadInput with its errno.
Source: Linux, Documentation/admin-guide/cgroup-v2.rst.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from lab_kernel.errors import BadInput
from lab_kernel.kernel.cgroup.cpu import DEFAULT_PERIOD, TICK_USEC
from lab_kernel.kernel.paging import PAGE_SIZE
from lab_kernel.language import _
from lab_kernel.registry import unknown

if TYPE_CHECKING:
    from lab_kernel.kernel.cgroup.memory import Memory
    from lab_kernel.kernel.cgroup.tree import Group

CONTROLLERS = "cpu memory pids"
MEMORY_EVENTS = ("low", "high", "max", "oom", "oom_kill", "oom_group_kill")
_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
_PERIODS = (1_000, 1_000_000)  # microseconds


def named(keyword: str) -> str:
    """``memory_oom_group`` is memory.oom.group."""
    return keyword.replace("_", ".")


def listed(group: Group) -> list[str]:
    every = (*_READ, *_WRITE)
    return sorted(file for file in dict.fromkeys(every) if _has(group, file))


def read(group: Group, file: str) -> str:
    if file not in _READ or not _has(group, file):
        raise unknown("file", file, [each for each in listed(group) if each in _READ])
    return _READ[file](group)


def write(group: Group, file: str, value: str) -> None:
    if file not in _WRITE or not _has(group, file):
        raise unknown("file", file, [each for each in listed(group) if each in _WRITE])
    _WRITE[file](group, value.strip())


def _has(group: Group, file: str) -> bool:
    return group.parent is not None or file in _OF_THE_ROOT


_OF_THE_ROOT = ("cgroup.controllers", "cgroup.procs", "cgroup.subtree_control", "cpu.stat")


# Reading


def _keyed(values: Mapping[str, int]) -> str:
    return "".join(f"{key} {value}\n" for key, value in values.items())


def _procs(group: Group) -> str:
    return "".join(f"{process.pid}\n" for process in group.processes if process.alive)


def _events(group: Group) -> str:
    populated = any(p.alive for each in group.subtree() for p in each.processes)
    frozen = any(cpu.frozen for cpu in group.cpu.chain())
    return _keyed({"populated": int(populated), "frozen": int(frozen)})


def _cpu_max(group: Group) -> str:
    quota = group.cpu.quota
    shown = "max" if quota is None else quota * TICK_USEC
    return f"{shown} {group.cpu.period * TICK_USEC}\n"


def _cpu_stat(group: Group) -> str:
    cpu = group.cpu
    cpu.owner.settle()
    cpu.catch_up()
    times = {"usage": cpu.usage, "user": cpu.usage - cpu.system, "system": cpu.system}
    shown = {f"{name}_usec": ticks * TICK_USEC for name, ticks in times.items()}
    if group.parent is not None:
        still = 0 if cpu.since is None else cpu.owner.clock.now - cpu.since
        shown |= {
            "nr_periods": cpu.periods,
            "nr_throttled": cpu.throttles,
            "throttled_usec": (cpu.throttled + still) * TICK_USEC,
        }
    return _keyed(shown)


def _memory(group: Group) -> Memory:
    assert group.memory is not None  # files of the root do not come here
    return group.memory


def _pages(name: str) -> Callable[[Group], str]:
    def shown(group: Group) -> str:
        pages = getattr(_memory(group), name)
        return "max\n" if pages is None else f"{pages * PAGE_SIZE}\n"

    return shown


_READ: dict[str, Callable[[Group], str]] = {
    "cgroup.controllers": lambda group: f"{CONTROLLERS}\n",
    "cgroup.subtree_control": lambda group: f"{CONTROLLERS}\n" if group.children else "\n",
    "cgroup.procs": _procs,
    "cgroup.events": _events,
    "cgroup.freeze": lambda group: f"{int(group.cpu.frozen)}\n",
    "cpu.weight": lambda group: f"{group.cpu.weight}\n",
    "cpu.max": _cpu_max,
    "cpu.stat": _cpu_stat,
    "memory.current": _pages("current"),
    "memory.peak": _pages("peak"),
    "memory.max": _pages("max"),
    "memory.high": _pages("high"),
    "memory.low": _pages("low"),
    "memory.min": _pages("min"),
    "memory.swap.current": _pages("swap"),
    "memory.swap.max": _pages("swap_max"),
    "memory.oom.group": lambda group: f"{int(_memory(group).oom_group)}\n",
    "memory.events": lambda group: _keyed(
        {name: _memory(group).events[name] for name in MEMORY_EVENTS}
    ),
    "pids.current": lambda group: f"{group.pids.current}\n",
    "pids.max": lambda group: f"{'max' if group.pids.max is None else group.pids.max}\n",
    "pids.events": lambda group: _keyed({"max": group.pids.refused}),
}


# Writing


def _whole(file: str, value: str, low: int, high: int) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        raise _refused(file, "EINVAL", value, low, high)
    if not low <= int(value) <= high:
        raise _refused(file, "ERANGE", value, low, high)
    return int(value)


def _refused(file: str, errno: str, value: str, low: int, high: int) -> BadInput:
    message = _("{value!r} is not a whole number from {low} to {high}")
    return BadInput(file, f"{errno}: " + message.format(value=value, low=low, high=high))


def _write_weight(group: Group, value: str) -> None:
    group.cpu.weight = _whole("cpu.weight", value, 1, 10_000)


def _write_cpu_max(group: Group, value: str) -> None:
    words = value.split()
    if len(words) not in (1, 2):
        message = _("it takes a quota or max, and a period: 20000 100000")
        raise BadInput("cpu.max", f"EINVAL: {message}")
    low, high = _PERIODS
    period = DEFAULT_PERIOD if len(words) == 1 else _ticks(words[1], low, high)
    quota = None if words[0] == "max" else _ticks(words[0], 1_000, 1 << 40)
    group.cpu.limit(quota, period)


def _ticks(word: str, low: int, high: int) -> int:
    usec = _whole("cpu.max", word, low, high)
    if usec % TICK_USEC:
        message = _("{usec} is not a multiple of {tick}: a tick is 1 ms here")
        raise BadInput("cpu.max", message.format(usec=usec, tick=TICK_USEC))
    return usec // TICK_USEC


def _write_pages(name: str, *, unlimited: int | None = None) -> Callable[[Group, str], None]:
    file = "memory." + name.replace("_", ".")

    def written(group: Group, value: str) -> None:
        memory = _memory(group)
        if value == "max":
            setattr(memory, name, unlimited)
            return
        unit = _UNITS.get(value[-1:].upper(), 1)
        digits = value[:-1] if unit > 1 else value
        setattr(memory, name, _whole(file, digits, 0, 1 << 50) * unit // PAGE_SIZE)
        if name in ("max", "high"):
            for killed in group.machine.pager.shrink(memory):
                group.machine.out_of_memory(killed)

    return written


def _write_switch(file: str, done: Callable[[Group, bool], None]) -> Callable[[Group, str], None]:
    def written(group: Group, value: str) -> None:
        done(group, bool(_whole(file, value, 0, 1)))

    return written


def _write_pids(group: Group, value: str) -> None:
    group.pids.max = None if value == "max" else _whole("pids.max", value, 0, 1 << 22)


def _write_procs(group: Group, value: str) -> None:
    pid = _whole("cgroup.procs", value, 0, 1 << 22)
    process = group.machine.processes.get(pid)
    if process is None:
        message = _("there is no process {pid}").format(pid=pid)
        raise BadInput("cgroup.procs", f"ESRCH: {message}")
    group.enter(process)


def _oom_group(group: Group, on: bool) -> None:
    _memory(group).oom_group = on


def _kill(group: Group, on: bool) -> None:
    if on:
        group.kill()


_WRITE: dict[str, Callable[[Group, str], Any]] = {
    "cgroup.procs": _write_procs,
    "cgroup.freeze": _write_switch("cgroup.freeze", lambda group, on: group.freeze(on)),
    "cgroup.kill": _write_switch("cgroup.kill", _kill),
    "cpu.weight": _write_weight,
    "cpu.max": _write_cpu_max,
    "memory.max": _write_pages("max"),
    "memory.high": _write_pages("high"),
    "memory.low": _write_pages("low", unlimited=1 << 50),
    "memory.min": _write_pages("min", unlimited=1 << 50),
    "memory.swap.max": _write_pages("swap_max"),
    "memory.oom.group": _write_switch("memory.oom.group", _oom_group),
    "pids.max": _write_pids,
}
