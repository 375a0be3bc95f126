"""Readers of page references: three kinds of file, every malformed line, the round trip."""

from __future__ import annotations

import gzip
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.host.lackey import (
    PageRecording,
    collapse,
    ranges,
    read,
    read_pages,
    read_trace,
    references,
)
from lab_kernel.kernel.replacement import simulate

# What valgrind 3.19.0 printed for /usr/bin/true, shortened.
LACKEY = """\
==10846== Lackey, an example Valgrind tool
==10846== Command: /usr/bin/true
==10846==
I  0401ab70,3
I  0401ab73,5
 S 1fff000768,8
 L 0402ffc8,8
 M 04030010,4
==10846==
==10846== Exit code:       0
"""
METADATA = {"command": "x", "date": "2026-01-01", "kernel": "Linux 6", "page_size": 4096}
RUNS = st.lists(st.tuples(st.sampled_from("ILS"), st.integers(0, 40)), max_size=200)


def written(directory: Path, text: str | bytes) -> Path:
    path = directory / "trace"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def made(runs: list[tuple[str, int]]) -> PageRecording:
    metadata = METADATA | {"kept": len(runs)}
    return PageRecording("made", metadata, [page for _, page in runs], "".join(k for k, _ in runs))


def test_lackey_text(tmp_path: Path) -> None:
    path = written(tmp_path, LACKEY)
    assert read(path) == [
        ("I", 0x401A),
        ("I", 0x401A),
        ("S", 0x1FFF000),
        ("L", 0x402F),
        ("M", 0x4030),
    ]
    assert read_pages(path, page_size=1 << 40) == [0] * 5


def test_gzipped_text_is_read_too(tmp_path: Path) -> None:
    assert read_pages(written(tmp_path, gzip.compress(LACKEY.encode())))[:2] == [0x401A, 0x401A]


@pytest.mark.parametrize(
    ("line", "pages"),
    [
        (" L 00000ffe,8", [0, 1]),  # two bytes on one page, six on the next
        (" L 00000ff8,8", [0]),
        (" S 00000fff,1", [0]),
        ("I  00001000,4", [1]),
        ("I  00000fff,8192", [0, 1, 2]),
    ],
)
def test_an_access_across_a_boundary_refers_to_each_page(line: str, pages: list[int]) -> None:
    assert [page for _, page in references([line])] == pages


def test_plain_addresses(tmp_path: Path) -> None:
    # Silberschatz, Galvin, Gagne, Operating System Concepts: addresses and pages of 100 bytes.
    text = "# addresses\n0100\n0432\n0101  # again\n\n0612\n0x66\r\n"
    assert read_pages(written(tmp_path, text), page_size=100) == [1, 4, 1, 6, 1]


@pytest.mark.parametrize(
    "line",
    [
        "1ffe",
        "-4",
        "I 04000000",
        "I  0400000g,3",
        "X  04000000,3",
        "1,2,3",
        "I  04,0",
        "0x",
        "\x00",
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadInput, match="line 3") as caught:
        read_pages(written(tmp_path, f"0x1000\n# fine\n{line}\n0x2000\n"))
    assert caught.value.argument == "trace"


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"\x1f\x8b damaged", b"{}\n", b'{"kept"'])
def test_a_file_without_references_is_bad_input(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(BadInput):
        read_pages(written(tmp_path, content))


def test_a_missing_file_and_a_bad_page_size_are_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="trace"):
        read_pages(tmp_path / "absent")
    with pytest.raises(BadInput, match="trace"):
        read_pages(tmp_path)
    with pytest.raises(BadInput, match="page size"):
        read_pages(written(tmp_path, "1\n"), page_size=0)


@given(RUNS)
def test_a_recording_comes_back_as_it_was(runs: list[tuple[str, int]]) -> None:
    recording = made(runs)
    packed = recording.to_bytes()
    back = PageRecording.from_bytes("made", packed)
    assert back == recording
    assert back.to_bytes() == packed


def test_a_recording_is_a_file_like_any_other(tmp_path: Path) -> None:
    path = written(tmp_path, made([("I", 0), ("S", 1), ("I", 0)]).to_bytes())
    assert read_pages(path) == [0, 1, 0]
    with pytest.raises(BadInput, match="4096"):
        read_pages(path, page_size=8192)


def test_half_a_recording_is_refused(tmp_path: Path) -> None:
    text = gzip.decompress(made([("I", 0), ("S", 1)]).to_bytes()).decode()
    with pytest.raises(BadInput, match="not whole"):
        read_pages(written(tmp_path, text.removesuffix("S 1\n")))
    with pytest.raises(BadInput, match="line 3"):
        read_pages(written(tmp_path, text.replace("S 1", "S one")))


@given(st.lists(st.tuples(st.sampled_from("ILSM-"), st.integers(0, 5)), max_size=80))
def test_collapsing_keeps_runs_and_counts(stream: list[tuple[str, int]]) -> None:
    runs = list(collapse(stream))
    expected = [(page, list(run)) for page, run in groupby(stream, key=lambda pair: pair[1])]
    assert [(page, count) for _, page, count in runs] == [(p, len(run)) for p, run in expected]
    for (letter, _, _), (_, run) in zip(runs, expected, strict=True):
        letters = {access for access, _ in run}
        assert (letter == "S") == bool(letters & {"S", "M"})
        assert (letter == "I") == (letters == {"I"})


@given(
    st.lists(st.tuples(st.just("L"), st.integers(0, 6)), min_size=1, max_size=80),
    st.sampled_from(["fifo", "lru", "mru", "clock", "second-chance", "random", "opt"]),
    st.integers(1, 5),
)
def test_collapsing_changes_no_fault(
    stream: list[tuple[str, int]], policy: str, frames: int
) -> None:
    every = [page for _, page in stream]
    kept = [page for _, page, _ in collapse(stream)]
    assert simulate(policy, frames, kept).faults == simulate(policy, frames, every).faults


def test_trace(tmp_path: Path) -> None:
    events = read_trace(written(tmp_path, LACKEY)).events
    assert [event.kind for event in events] == ["fetch", "fetch", "store", "load", "modify"]
    assert [event.time for event in events] == [0, 1, 2, 3, 4]
    assert events[0].track == events[0].name == f"page {0x401A}"


def test_the_track_is_the_kind_of_memory_where_it_is_known() -> None:
    recording = made([("I", 0), ("S", 1)])
    recording.metadata["regions"] = {"code": "0"}
    assert recording.to_trace().tracks() == ["code", "page 1"]


@given(st.sets(st.integers(0, 60)))
def test_ranges_of_pages_are_read_back(pages: set[int]) -> None:
    recording = made([])
    recording.metadata["regions"] = {"heap": ranges(pages)}
    assert recording.regions() == dict.fromkeys(pages, "heap")
