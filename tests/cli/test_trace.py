"""lab-kernel trace."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_kernel.kernel.replacement import simulate
from lab_kernel.trace import Event, Trace


@pytest.fixture
def events(tmp_path: Path) -> Path:
    trace = Trace()
    simulate("lru", 3, [7, 0, 1, 2, 0], trace=trace)
    path = tmp_path / "events.jsonl"
    path.write_text(trace.to_json_lines(), encoding="utf-8")
    return path


def test_a_trace_becomes_chrome_s_format(run: Callable[..., Any], events: Path) -> None:
    report = run("trace", str(events), "--to", "chrome").json()
    assert report == Trace.from_json_lines(events.read_text(encoding="utf-8")).to_chrome()
    assert sum(event["ph"] == "X" for event in report["traceEvents"]) == 5


def test_into_a_file(run: Callable[..., Any], events: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    words = ("trace", str(events), "--to", "chrome", "--out", str(out))
    assert run(*words).out == f"{out}: events: 5\n"
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written == run(*words[:4]).json()
    assert run(*words, "--json").json() == {"file": str(out), "events": 5}


def test_page_references_become_events(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "lackey.out"
    path.write_text("I  04000000,3\n L 1ffe,8\n", encoding="utf-8")
    report = run("trace", str(path), "--to", "chrome").json()
    names = [event["name"] for event in report["traceEvents"] if event["ph"] != "M"]
    assert names == ["page 16384", "page 1", "page 2"]
    report = run("trace", str(path), "--to", "chrome", "--page-size", "65536").json()
    names = [event["name"] for event in report["traceEvents"] if event["ph"] != "M"]
    assert names == ["page 1024", "page 0"]


def test_names_with_odd_line_ends(run: Callable[..., Any], tmp_path: Path) -> None:
    trace = Trace([Event(1, 0, "one\u2028two", "kind", "three\x85four", {"time": 2})])
    path, out = tmp_path / "events.jsonl", tmp_path / "out.json"
    for content in (trace.to_json_lines().encode(), gzip.compress(trace.to_json_lines().encode())):
        path.write_bytes(content)
        assert run("trace", str(path), "--to", "chrome").json() == trace.to_chrome()
    path.write_text('[1,0,"a","b","half a pair: \\ud800",{}]\n', encoding="utf-8")
    assert run("trace", str(path), "--to", "chrome", "--out", str(out)).code == 0
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["traceEvents"][1]["name"] == "half a pair: \ud800"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "FILE: "),
        (b"\x7fELF\x00\xff", "FILE: line 1 "),
        (b"[1, 2]\n", "FILE: line 1 is not an event"),
        (b'[1,0,"a","b","c",{}]\n[1]\n', "FILE: line 2 is not an event"),
        (b'[1e999,0,"a","b","c",{}]\n', "FILE: line 1 is not an event"),
        (b"[" * 100_000, "FILE: line 1 is not an event"),
        (b"[\xff\xfe", "FILE: "),
        (b'["5","1",null,true,[1],{}]\n', "FILE: line 1 is not an event"),
        (b'[1,0,"a","b","c",{"x":NaN}]\n', "FILE: line 1 is not an event"),
        (b'[1,0,"a","b","c",{}]\n[1,-1,"a","b","c",{}]', "FILE: line 2 is not an event"),
        (b'{"kept": Infinity}\n', "FILE: line 1 "),
        (b'{"a":' * 100_000, "FILE: line 1 "),
    ],
)
def test_files_that_are_no_trace(
    run: Callable[..., Any], tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "trace"
    path.write_bytes(content)
    assert run("trace", str(path), "--to", "chrome").refusal().startswith(says)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "the following arguments are required: FILE, --to"),
        (["x"], "the following arguments are required: --to"),
        (["x", "--to", "html"], "--to: “html” is not one of: chrome"),
        (["/nowhere", "--to", "chrome"], "FILE: /nowhere: there is no such file"),
        (["/", "--to", "chrome"], "FILE: / is a directory"),
        (["", "--to", "chrome"], "FILE: the name is empty"),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert run("trace", *words).refusal().startswith(says)


def test_out_that_cannot_be_written(run: Callable[..., Any], events: Path) -> None:
    done = run("trace", str(events), "--to", "chrome", "--out", "/nowhere/out.json")
    assert done.refusal().startswith("--out: /nowhere/out.json: there is no such directory")
    done = run("trace", str(events), "--to", "chrome", "--out", "")
    assert done.refusal() == "--out: the name is empty"


def test_an_strace_file_is_sent_to_its_own_command(run: Callable[..., Any]) -> None:
    pipeline = str(Path(__file__).parents[1] / "host" / "pipeline.strace")
    assert "lab-kernel strace FILE" in run("trace", pipeline, "--to", "chrome").refusal()
