"""A system call beside a function call: measured where it can be, recorded elsewhere."""

from __future__ import annotations

import platform
import sys

import pytest

from lab_kernel import host
from lab_kernel.host import mode_switch

CAN = sys.platform == "linux" and platform.machine() == "x86_64"


@pytest.mark.parametrize(("system", "machine"), [("darwin", "x86_64"), ("linux", "aarch64")])
def test_elsewhere_the_recording_answers(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    found = host.crossing(10)
    entry = host.recording("modes").data["crossing"]
    assert not found.source.live
    assert (found.system_call, found.function_call) == (
        entry["system_call"], entry["function_call"],
    )  # fmt: skip


@pytest.mark.skipif(not CAN, reason="machine code of x86-64, system calls of Linux")
def test_here_it_is_measured() -> None:
    found = host.crossing(20_000)
    assert found.source.live
    assert found.system_call > found.function_call > 0


@pytest.mark.skipif(not CAN, reason="machine code of x86-64")
def test_bytes_are_executed_and_given_back() -> None:
    with mode_switch.MachineCode("4889f8 c3") as same:  # mov rax, rdi; ret
        assert same(42) == 42
