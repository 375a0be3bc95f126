"""strace's text, held against strace's own summary of the same run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.host.strace import counts, read_strace
from tools.record.lackey import ENVIRONMENT, Failed
from tools.record.strace import main, record

PIPELINE = Path(__file__).with_name("pipeline.strace")

can_strace = pytest.mark.skipif(
    not shutil.which("strace", path=ENVIRONMENT["PATH"]), reason="strace is not installed"
)


def own_summary(text: str) -> dict[str, tuple[int, int]]:
    """What ``-C`` counted: name -> calls and errors."""
    _head, rows = text.rsplit("% time", 1)
    found = {}
    for words in map(str.split, rows.splitlines()[2:]):
        if words and words[-1] != "total" and not words[0].startswith("--"):
            found[words[-1]] = int(words[3]), int(words[4]) if len(words) == 6 else 0
    return found


def ours(text: str) -> dict[str, tuple[int, int]]:
    read = read_strace(text.splitlines())
    assert (read.unread, read.unfinished) == (0, 0)
    return {row.name: (row.calls, row.errors) for row in counts(read.trace)}


def test_the_recorded_pipeline_counts_as_strace_counted() -> None:
    text = PIPELINE.read_text()
    found = ours(text)
    assert found.pop("exit_group") == (4, 0)  # never comes back, so strace does not count it
    assert found == own_summary(text)


def test_processes_signals_and_ends() -> None:
    trace = read_strace(PIPELINE.read_text().splitlines()).trace
    assert len(trace.tracks()) == 5
    assert trace.where(kind="signal").counts("name") == {"SIGCHLD": 4, "SIGTERM": 1}
    ends = trace.where(kind="exit").counts("name")
    assert ends["killed by SIGTERM"] == 1
    assert ends["exited with 1"] == 1  # cat, which did not find its file
    missing = trace.where(
        kind="error", name="openat", keep=lambda e: "/nonexist" in e.details["args"]
    )
    assert [event.details["errno"] for event in missing] == ["ENOENT"]
    times = [event.time for event in trace]
    assert times == sorted(times)
    assert times[0] == 0


@can_strace
def test_a_run_here(tmp_path: Path) -> None:
    output = tmp_path / "echo.strace"
    try:
        record(["true"])
    except Failed as error:
        pytest.skip(str(error))
    assert main(["-o", str(output), "--", "sh", "-c", "echo a | cat; ls /none"]) == 0
    text = output.read_text()
    found = ours(text)
    found.pop("exit_group")
    assert found == own_summary(text)


def test_lines_of_every_kind() -> None:
    lines = [
        'read(3, "a) = 5 <0.1>", 13) = 13',
        "[pid    7] 100.000001 close(3) = -1 EBADF (Bad file descriptor) <0.000012>",
        "8 100.000010 futex(0x7f, FUTEX_WAIT, 2, NULL <unfinished ...>",
        "7 100.000020 getpid() = 7 <0.000001>",
        "8 100.000030 <... futex resumed>) = 0 <0.000020>",
        "8 100.000040 poll([{fd=0}], 1, 10) = 0 (Timeout) <0.000009>",
        "8 100.000050 mmap(NULL, 8192) = 0x7f0000000000 <0.000003>",
        "8 100.000060 read(0,  <unfinished ...>",
        "8 100.000070 --- SIGINT {si_signo=SIGINT} ---",
        "what is this",
        "",
    ]
    read = read_strace(lines)
    assert (read.unread, read.unfinished) == (1, 1)
    told = {(e.track, e.kind, e.name): e for e in read.trace}
    assert told["", "call", "read"].details["args"] == '3, "a) = 5 <0.1>", 13'
    assert told["7", "error", "close"].details["errno"] == "EBADF"
    assert told["8", "call", "futex"].duration == 20
    assert told["8", "call", "poll"].details["result"] == "0"
    assert ("8", "signal", "SIGINT") in told


@given(st.lists(st.text(max_size=60), max_size=20))
def test_any_text_is_read_or_refused(lines: list[str]) -> None:
    try:
        read_strace(lines)
    except BadInput as error:
        assert "system call" in error.message or "시스템" in error.message


@given(st.integers(0, 600), st.integers(1, 30))
def test_a_file_that_ends_anywhere_loses_nothing_else(start: int, length: int) -> None:
    lines = PIPELINE.read_text().splitlines()[3:]
    part = lines[start : start + length]
    try:
        read = read_strace(part)
    except BadInput:
        return
    began = sum("resumed>" not in line and "(" in line and "---" not in line for line in part)
    found = sum(row.calls for row in counts(read.trace))
    assert found <= began + read.unread
