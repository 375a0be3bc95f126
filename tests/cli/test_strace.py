"""``lab-kernel strace``: what it prints and writes, and wrong ways to ask."""

from __future__ import annotations

import gzip
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


def replayed(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    assert main(["strace", "strace-refused", "--json", *options]) == 0
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told["replay"], dict)
    return told["replay"]


def test_a_filter_and_the_first_call_that_it_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    told = replayed(capsys, "--deny", "openat:ENOENT,socket")
    assert told["refused"] == [{"name": "openat", "number": 257, "calls": 4}]
    first = told["first"]
    assert isinstance(first, dict)
    assert (first["name"], first["action"], first["errno"]) == ("openat", "ERRNO", "ENOENT")
    assert "/etc/ld.so.cache" in first["args"]


def test_filters_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    told = replayed(capsys, "--profile", "read-only")
    assert (told["first"], told["refused"]) == (None, [])
    told = replayed(capsys, "--profile", "read-only", "--deny", "write:kill_process")
    assert told["refused"] == [{"name": "write", "number": 1, "calls": 1}]
    assert told["after_kill"]


def test_the_replay_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "a.svg"
    asked = ["strace", PIPELINE, "--lang", "en", "--timeline", str(picture)]
    assert main([*asked, "--allow", "read,write"]) == 0
    out = capsys.readouterr().out
    assert "First refused: brk(NULL), EPERM" in out
    assert "refused" in picture.read_text(encoding="utf-8")
    assert main([*asked, "--profile", "no-network"]) == 0
    assert "calls pass" in capsys.readouterr().out
    assert main([*asked, "--profile", "strict"]) == 0
    assert "or never made" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--deny", "opne"], "--deny: there is no system call"),
        (["--allow", "read,opne"], "--allow: there is no system call"),
        (["--deny", "open:nothing"], "--deny"),
        (["--allow", "read:EPERM"], "--allow"),
        (["--allow", " ,"], "--allow"),
        (["--profile", "tight"], "--profile"),
    ],
)
def test_bad_filters(options: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strace", PIPELINE, "--lang", "en", *options]) == 2
    error = capsys.readouterr().err
    assert named in error
    assert len(error.strip().splitlines()) == 1


def test_a_gzipped_file_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(Path(PIPELINE).read_bytes()))
    assert main(["strace", str(packed), "--json"]) == 0
    whole = packed.read_bytes()
    for damaged in (whole[:300], whole[:40] + bytes(20) + whole[60:]):
        packed.write_bytes(damaged)
        capsys.readouterr()
        assert main(["strace", str(packed), "--lang", "en"]) == 2
        assert "gzip" in capsys.readouterr().err
