"""``lab-kernel strace``: what it prints and writes, and wrong ways to ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab_kernel.cli import main

PIPELINE = str(Path(__file__).parents[1] / "host" / "pipeline.strace")


def test_the_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strace", PIPELINE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["processes"] == 5
    assert told["unread"] == told["unfinished"] == 0
    first, second = told["calls"][:2]
    assert set(first) == {"name", "calls", "errors", "time"}
    assert first["time"] >= second["time"]


@pytest.mark.parametrize(("language", "words"), [("ko", "프로세스 5개"), ("en", "in 5 processes")])
def test_the_text(language: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strace", PIPELINE, "--lang", language]) == 0
    out = capsys.readouterr().out
    assert words in out
    assert "openat" in out


def test_the_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    svg, chrome = tmp_path / "a.svg", tmp_path / "a.json"
    assert main(["strace", PIPELINE, "--timeline", str(svg), "--chrome", str(chrome)]) == 0
    assert "<svg" in svg.read_text(encoding="utf-8")
    names = {event["name"] for event in json.loads(chrome.read_text())["traceEvents"]}
    assert {"execve", "SIGTERM"} <= names


def test_what_was_cut_off_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = tmp_path / "cut.txt"
    cut.write_text("1 5.000000 read(0,  <unfinished ...>\n1 5.100000 getpid() = 1\nhello\n")
    assert main(["strace", str(cut), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "without an end: 1" in out
    assert "not understood: 1" in out


@pytest.mark.parametrize(
    ("content", "named"), [(b"", "FILE"), (b"\0" * 2_000_000, "FILE"), (b"hello\n", "strace")]
)
def test_bad_input(
    content: bytes, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    assert main(["strace", str(path), "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert named in error
    assert len(error.strip().splitlines()) == 1
    assert main(["strace", str(tmp_path / "none")]) == 2
