"""Readers of page references: three kinds of file, every malformed line, the round trip."""

from __future__ import annotations

import errno
import gzip
import os
import re
import threading
import tracemalloc
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
    read_pages,
    read_trace,
    references,
)
from lab_kernel.host.reasons import reason
from lab_kernel.kernel.replacement import Clock, simulate
from lab_kernel.language import language
from lab_kernel.trace import Event, Trace

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
    assert list(references(LACKEY.splitlines())) == [
        ("I", 0x401A),
        ("I", 0x401A),
        ("S", 0x1FFF000),
        ("L", 0x402F),
        ("M", 0x4030),
    ]
    assert read_pages(path) == [0x401A, 0x401A, 0x1FFF000, 0x402F, 0x4030]
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


def test_collapsing_is_not_exact_where_loading_leaves_the_bit_clear() -> None:
    every = [0, 0, 1, 2, 0]  # the second 0 sets the bit that saves it from 2
    kept = [page for _, page, _ in collapse(("L", page) for page in every)]
    faults = [simulate(Clock(referenced_on_load=False), 2, pages).faults for pages in (every, kept)]
    assert faults == [3, 4]


@pytest.mark.parametrize(
    "head",
    [
        '{"kept": Infinity}',
        '{"kept": 1e999}',
        '{"kept": 1.0}',
        '{"kept": "1"}',
        '{"kept": true}',
        '{"kept": ' + "[" * 100_000,
        '{"kept": 1, "regions": 5}',
        '{"kept": 1, "regions": {"heap": 5}}',
        '{"kept": 1, "regions": {"heap": "a-b"}}',
    ],
)
def test_a_wrong_head_is_named(tmp_path: Path, head: str) -> None:
    for read in (read_pages, read_trace):
        with pytest.raises(BadInput, match="line 1 ") as caught:
            read(written(tmp_path, head + "\nI 0\n"))
        assert caught.value.argument == "trace"


def test_reading_holds_little_more_than_the_page_numbers(tmp_path: Path) -> None:
    count = 20_000
    text = "".join(f" L {0x4000_0000 + 64 * n:08x},8\n" for n in range(count))
    for content in (text.encode(), gzip.compress(text.encode(), 1)):
        path = written(tmp_path, content)
        tracemalloc.start()
        try:
            pages = read_pages(path)
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert len(pages) == count
        assert peak < 40 * count


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero here")
def test_a_file_without_line_ends_is_refused_early() -> None:
    for read in (read_pages, read_trace):
        with pytest.raises(BadInput, match="line 1 is longer") as caught:
            read("/dev/zero")
        assert caught.value.argument == "trace"


def test_a_long_line_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, b"1\n" + b" " * (1 << 20) + b"2\n")
    with pytest.raises(BadInput, match="line 2 is longer"):
        read_pages(path)
    assert read_pages(written(tmp_path, b"1\n" + b" " * 900_000 + b"2"), 1) == [1, 2]


TRACE = Trace(
    [
        Event(0, 0, "cpu\u20280", "run", "a\x85b", {"time": 1}),
        Event(5, 2, "cpu\u20280", "run", "b"),
    ]
)


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_are_read_back(tmp_path: Path, packed: bool) -> None:
    content = TRACE.to_json_lines().encode()
    path = written(tmp_path, gzip.compress(content) if packed else content)
    assert read_trace(path) == TRACE
    with pytest.raises(BadInput, match="line 1 "):
        read_pages(path)
    with pytest.raises(BadInput, match="not a text file"):
        read_trace(written(tmp_path, b"[\xff\n"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe_is_read_once(tmp_path: Path, packed: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for content, read, expected in (
        (TRACE.to_json_lines().encode(), read_trace, TRACE),
        (b"0x1000\n0x2000\n", read_pages, [1, 2]),
        (made([("I", 0), ("S", 1)]).to_bytes(), read_pages, [0, 1]),
    ):
        sent = gzip.compress(content) if packed and content[:1] != b"\x1f" else content
        writer = threading.Thread(target=pipe.write_bytes, args=(sent,))
        writer.start()
        assert read(pipe) == expected
        writer.join()


def test_half_a_gzip_is_damaged(tmp_path: Path) -> None:
    packed = gzip.compress(LACKEY.encode() * 100)
    for content in (packed[:-20], packed[:-8] + b"\0" * 8, b"\x1f", b"\x1fx"):
        with pytest.raises(BadInput, match="damaged gzip"):
            read_pages(written(tmp_path, content))


@pytest.mark.parametrize(
    "number",
    ["EACCES", "ENOENT", "ENOTDIR", "EISDIR", "EIO", "ENOSPC", "EROFS", "ELOOP", "ENAMETOOLONG"],
)
def test_reasons_are_in_the_reader_s_language(number: str) -> None:
    error = OSError(getattr(errno, number), "as the system says it")
    with language("ko"):
        assert re.search("[가-힣]", reason(error))
    assert "system says" not in reason(error)


def test_a_reason_without_translation_is_the_system_s() -> None:
    assert reason(OSError(errno.EXDEV, "Invalid cross-device link")) == (
        "Invalid cross-device link"
    )
    assert reason(PermissionError()) == "PermissionError"


def test_an_empty_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the name is empty"):
        read_pages("")
    with language("ko"), pytest.raises(BadInput, match=r"[가-힣]"):
        read_pages(tmp_path)


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
