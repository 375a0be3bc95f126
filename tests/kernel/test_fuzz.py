"""User programs never break the kernel; a kernel that is broken on purpose is noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from lab_kernel.kernel import lifecycle
from lab_kernel.kernel.fuzz import fuzz
from lab_kernel.kernel.invariants import Broken
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.namespaces.pid import PidNamespace
from lab_kernel.kernel.open_file import OpenFile
from lab_kernel.kernel.paging import Space
from lab_kernel.kernel.scheduler.dispatch import Dispatcher
from lab_kernel.kernel.security import ROOT, Credentials
from lab_kernel.kernel.syscalls import TABLE, Dup


@pytest.mark.parametrize("block", range(4))
def test_random_programs_break_nothing(block: int) -> None:
    assert sum(fuzz(seed, most=120) for seed in range(block * 12, block * 12 + 12)) > 200


def test_a_seed_is_a_run() -> None:
    assert fuzz(3) == fuzz(3)


def forgets_files(machine: Any, process: Any, fd: int) -> None:
    process.files.pop(fd)


def loses_sleepers(machine: Machine, channel: Any) -> None:
    machine.sleepers.pop(channel, None)


def miscounts(file: OpenFile) -> OpenFile:
    return file


def keeps_memory(space: Space) -> None:
    return None


def makes_root(credentials: Credentials, uid: int) -> Credentials:
    return replace(ROOT, uid=uid)


def gives_time_away(dispatcher: Dispatcher, task: Any) -> int:
    left, task.remaining = task.remaining, 0
    return max(0, left - 1)


def keeps_numbers(here: PidNamespace, process: Any) -> None:
    return None


def kills_nobody(machine: Machine, process: Any, number: Any, sender: Any = None) -> None:
    return None


def fails(*_anything: Any) -> None:
    raise IndexError("off by one")


@pytest.mark.parametrize(
    ("where", "name", "bug", "words"),
    [
        (lifecycle, "close", forgets_files, r"descriptors|holders=\d"),
        (OpenFile, "hold", miscounts, "descriptors|miscounted"),
        (Space, "exit", keeps_memory, "frame"),
        (Machine, "wake", loses_sleepers, "no one place"),
        (Credentials, "setuid", makes_root, "is root|capabilities"),
        (Dispatcher, "cut", gives_time_away, "CPU time|time"),
        (PidNamespace, "leave", keeps_numbers, "still a number"),
        (lifecycle, "signal", kills_nobody, "outlives its number 1"),
    ],
)
def test_a_broken_kernel_is_noticed(
    monkeypatch: pytest.MonkeyPatch, where: Any, name: str, bug: Any, words: str
) -> None:
    monkeypatch.setattr(where, name, bug)
    with pytest.raises(Exception, match=words) as noticed:
        for seed in range(60):
            fuzz(seed)
    assert isinstance(noticed.value, Broken | AssertionError)


def test_an_error_in_a_handler_is_a_panic_and_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, Dup.number, (Dup, fails))
    with pytest.raises(Broken, match="panic: Dup: IndexError: off by one"):
        for seed in range(60):
            fuzz(seed)
