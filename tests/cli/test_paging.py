"""lab-kernel paging."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_kernel.host import PageRecording
from lab_kernel.kernel.replacement import POLICIES

BELADY = "1,2,3,4,1,2,5,1,2,3,4,5"
SILBERSCHATZ = "7,0,1,2,0,3,0,4,2,3,0,3,2,1,2,0,1,7,0,1"
KEYS = ["policy", "frames", "references", "hits", "faults", "evictions", "hit_ratio"]

# An access to 0xffe of 4 bytes is on pages 0 and 1; the others are on pages 4, 4, 2 and 1.
LACKEY = """==77== Lackey, an example Valgrind tool
I  00004000,3
 L 4ffc,4
 S 2008,8
 M 1000,4
 L ffe,4
==77==
"""


@pytest.mark.parametrize(
    ("refs", "policy", "frames", "faults"),
    [
        # Belady, Nelson, Shedler 1969: FIFO gets worse with a fourth frame.
        (BELADY, "fifo", 3, 9),
        (BELADY, "fifo", 4, 10),
        (BELADY, "lru", 3, 10),
        (BELADY, "opt", 4, 6),
        # Silberschatz, Galvin, Gagne, "Operating System Concepts", chapter 10.
        (SILBERSCHATZ, "fifo", 3, 15),
        (SILBERSCHATZ, "lru", 3, 12),
        (SILBERSCHATZ, "opt", 3, 9),
    ],
)
def test_textbook_figures(
    run: Callable[..., Any], refs: str, policy: str, frames: int, faults: int
) -> None:
    done = run("paging", "--policy", policy, "--frames", str(frames), "--refs", refs, "--json")
    report = done.json()
    assert list(report) == KEYS
    total = len(refs.split(","))
    assert (report["policy"], report["frames"], report["references"]) == (policy, frames, total)
    assert (report["faults"], report["hits"]) == (faults, total - faults)
    assert report["evictions"] == faults - frames
    assert report["hit_ratio"] == (total - faults) / total


def test_every_policy_has_a_curve(run: Callable[..., Any]) -> None:
    for policy in POLICIES:
        words = ("paging", "--policy", policy, "--frames", "8", "--refs", BELADY, "--json")
        report = run(*words, "--curve").json()
        assert list(report) == [*KEYS, "curve"]
        assert [frames for frames, _faults in report["curve"]] == list(range(1, 9))
        for frames, faults in report["curve"]:
            again = run(*words[:4], str(frames), *words[5:]).json()
            assert again["faults"] == faults, (policy, frames)


def test_a_long_curve_is_quick(run: Callable[..., Any]) -> None:
    words = ("paging", "--policy", "fifo", "--frames", "200000", "--refs", "1,2,3", "--curve")
    assert run(*words, "--json").json()["curve"][-1] == [200000, 3]


def test_the_seed_makes_random_repeatable(run: Callable[..., Any]) -> None:
    refs = ",".join(str(number * number % 17) for number in range(200))
    words = ("paging", "--policy", "random", "--frames", "4", "--refs", refs, "--json", "--seed")
    runs = [run(*words, str(seed)).json() for seed in (1, 1, 2, 3, 4, 5)]
    assert runs[0] == runs[1]
    assert len({report["faults"] for report in runs}) > 1


def test_plain_text(run: Callable[..., Any]) -> None:
    done = run("paging", "--frames", "3", "--refs", SILBERSCHATZ, "--curve")
    assert done.code == 0
    assert "faults      12\n" in done.out
    assert "hit ratio   0.4000\n" in done.out
    assert done.out.endswith("frames  faults\n     1      20\n     2      17\n     3      12\n")


@pytest.mark.parametrize(
    ("content", "page_size", "references", "pages"),
    [
        (LACKEY, "4096", 6, 4),
        (LACKEY, "65536", 5, 1),
        ("0x1000\n8191\n\n0x2000\n", "4096", 3, 2),
        ("0\n1\n2\n1\n", "1", 4, 3),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_traces(
    run: Callable[..., Any],
    tmp_path: Path,
    content: str,
    page_size: str,
    references: int,
    pages: int,
    packed: bool,
) -> None:
    path = tmp_path / "trace"
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    words = ("paging", "--frames", "9", "--trace", str(path), "--page-size", page_size, "--json")
    report = run(*words).json()
    assert (report["references"], report["faults"]) == (references, pages)


def test_the_hit_ratio_of_a_recording_counts_runs(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "made.pages.gz"
    metadata = {"kept": 3, "page_size": 4096}
    path.write_bytes(PageRecording("made", metadata, [0, 1, 0], "ILI").to_bytes())
    words = ("paging", "--frames", "2", "--trace", str(path))
    assert sum("hit ratio counts runs" in line for line in run(*words).out.splitlines()) == 1
    assert re.search("적중률.*구간", run(*words, "--lang", "ko").out.splitlines()[-1])
    assert list(run(*words, "--json").json()) == KEYS
    path.write_text("0x1000\n", encoding="utf-8")
    assert "runs" not in run(*words).out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--frames", "0", "--refs", "1"], "--frames: “0” is not a whole number from 1 to"),
        (["--frames", "-1", "--refs", "1"], "--frames: “-1”"),
        (["--frames", "1.5", "--refs", "1"], "--frames: “1.5”"),
        (["--frames", "1_0", "--refs", "1"], "--frames: “1_0”"),
        (["--frames", "9" * 5000, "--refs", "1"], "--frames: “999"),
        (["--frames", "3", "--refs", ""], "--refs: "),
        (["--frames", "3", "--refs", "1,,2"], "--refs: ''"),
        (["--frames", "3", "--refs", "1,2,"], "--refs: ''"),
        (["--frames", "3", "--refs", "1,b"], "--refs: 'b'"),
        (["--frames", "3", "--refs", "-1"], "--refs: '-1'"),
        (["--frames", "3", "--refs", "1", "--page-size", "8"], "--page-size: "),
        (["--frames", "3", "--refs", "1", "--seed", "x"], "--seed: “x”"),
        (["--frames", "3", "--trace", "/nowhere/at/all"], "--trace: /nowhere/at/all"),
        (["--frames", "3", "--trace", "x" * 5000], "--trace: xxx"),
        (["--frames", "3", "--trace", "/"], "--trace: / is a directory"),
        (["--frames", "3", "--trace", ""], "--trace: the name is empty"),
        (["--frames", "3", "--trace", "/dev/null/x"], "--trace: /dev/null/x: "),
        (["--frames", "3", "--trace", "x", "--page-size", "0"], "--page-size: “0”"),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert run("paging", *words).refusal().startswith(says)


@pytest.mark.parametrize(
    "content",
    [
        b'{"kept": Infinity}',
        b"[" * 9999,
        b"",
        b"\n\n",
        b"\x7fELF\x02\x01\x00\xff\xfe",
        b"\x1f\x8bnot gzip",
        b"hello\n",
        b"{}",
        b"\x00",
    ],
)
def test_files_that_are_no_trace(run: Callable[..., Any], tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "trace"
    path.write_bytes(content)
    assert run("paging", "--frames", "3", "--trace", str(path)).refusal().startswith("--trace: ")
