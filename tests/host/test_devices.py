"""What /proc counts of devices: the recording, the parsers, and the live machine where there is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lab_kernel.errors import BadInput
from lab_kernel.host import devices, proc
from lab_kernel.language import language


def test_the_recording_says_what_the_page_says() -> None:
    work = devices.recorded_work()
    assert work.source.kind == "recording" and work.size == 32 << 20 and work.disk == "vda"
    assert work.sectors("read") == (work.size // devices.SECTOR, 0)
    assert work.sectors("written") == (0, work.size // devices.SECTOR + 8)
    assert work.requests("read") == (15, 0) and work.requests("written") == (0, 10)
    assert next(work.grown("read")) == ("36", 6) and next(work.grown("written")) == ("36", 3)
    assert work.softirqs("BLOCK", "read") == 6
    line = work.counts["read"].interrupts["36"]
    assert line.about.split() == ["PCI-MSIX-0000:00:02.0", "1-edge", "virtio1-req.0"]
    assert len(line.counts) == 2 and work.counts["read"].interrupts["ERR"].total == 0


def test_lines_by_hand() -> None:
    found = devices.interrupts("      CPU0  CPU1\n 8:  1  2  IO-APIC  8-edge  rtc0\nERR:  0\n")
    assert found["8"] == devices.Line("8", (1, 2), "IO-APIC  8-edge  rtc0")
    assert found["ERR"].total == 0
    (disk,) = devices.diskstats("8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12\n").values()
    assert disk == devices.Disk("sda", 1, 2, 3, 5, 6, 7, 9, 10, 11)


def test_malformed_text_is_bad_input() -> None:
    for text in ("", "no heads\n", "   CPU0\nnonsense\n", "  CPU0\n1: x\n"):
        with pytest.raises(BadInput, match="interrupts"):
            devices.interrupts(text)
    with pytest.raises(BadInput, match="diskstats: line 1"):
        devices.diskstats("8 0 sda 1 2\n")


def test_a_step_that_is_none_and_a_size_that_is_none() -> None:
    work = devices.recorded_work()
    for step in ("before", "later"):
        with pytest.raises(BadInput, match="written, read"):
            list(work.grown(step))
    for size in (0, 300):
        with pytest.raises(BadInput, match="1 to 256"), language("en"):
            devices.device_work(size)


def test_elsewhere_it_is_the_recording(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert devices.device_work(1).source.kind == "recording"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(proc, "PROC", tmp_path)
    assert devices.device_work(1).source.kind == "recording"


@pytest.mark.skipif(not proc.live(), reason="no live /proc here")
def test_live() -> None:
    work = devices.device_work(1)
    if not work.source.live:
        pytest.skip("this machine does not tell of its devices")
    assert work.size == 1 << 20
    if work.disk in work.counts["before"].disks:
        assert work.sectors("written")[1] >= 2048
