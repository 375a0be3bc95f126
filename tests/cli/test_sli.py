"""``lab-kernel sli``: what it says of a log, and wrong ways to ask."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from lab_kernel.cli import files, sli
from lab_kernel.language import LANGUAGES
from lab_kernel.sre.sli import recorded

from .conftest import Run

LINE = (
    '192.0.2.7 - - [29/Nov/2026:00:{minute:02}:30 +0000] "GET {path} HTTP/1.1" {status} 9 "-" "x"'
    " {time}\n"
)


def line(minute: int = 0, path: str = "/", status: int = 200, time: str = "0.100") -> str:
    return LINE.format(minute=minute, path=path, status=status, time=time)


SOME = [
    line(), line(status=500), line(path="/healthz"), "GET / HTTP/1.1\n", "\n",
    line(minute=7, time="0.400"), line(minute=8, time="1.2s"),
]  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text("".join(SOME))
    return path


def test_the_whole(run: Run, log: Path) -> None:
    told = run(
        "sli", str(log), "--good", "status<500 and seconds<0.3", "--capacity", "4", "--json"
    ).json()
    assert (told["lines"], told["empty"], told["malformed"], told["excluded"]) == (7, 1, 2, 1)
    assert [each["line"] for each in told["examples"]] == [4, 7]
    whole = told["whole"]
    assert (whole["valid"], whole["good"], whole["bad"]) == (3, 1, 2)
    assert whole["ratio"] + whole["error_rate"] == 1
    assert whole["mean"] == pytest.approx(0.2) and whole["max"] == 0.4
    assert told["end"] - told["start"] == 7 * 60 + 1 and told["silence"] == 420
    assert whole["throughput"] == pytest.approx(3 / 421)
    assert whole["concurrency"] == pytest.approx(0.6 / 421)
    assert whole["saturation"] == pytest.approx(0.6 / 421 / 4)
    assert told["windows"] == []


def test_windows_and_the_gap_between_them(run: Run, log: Path) -> None:
    told = run("sli", str(log), "--window", "1m", "--json").json()
    start = told["start"] // 60 * 60
    assert [(w["start"] - start, w["end"] - start, w.get("valid")) for w in told["windows"]] == [
        (0, 60, 2), (60, 420, None), (420, 480, 1),
    ]  # fmt: skip
    # the first window and the last have as many seconds as the log has of them
    assert told["windows"][0]["throughput"] == pytest.approx(2 / 30)
    assert told["windows"][2]["throughput"] == pytest.approx(1 / 31)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["malformed  2", "33.333%", "no requests", "line 4, column 15:", "00:07:00"]),
        (
            "ko",
            ["형식이 틀림", "33.333%", "요청 없음", "4번째 줄 15번째 칸(와야", "00:07:00"],
        ),
    ],
)
def test_the_text(run: Run, log: Path, lang: str, words: Sequence[str]) -> None:
    condition = "status<500 and seconds<0.3"
    done = run("sli", str(log), "--window", "1m", "--good", condition, "--lang", lang)
    assert done.code == 0 and done.err == ""
    assert all(word in done.out for word in words), done.out
    assert condition in done.out and 'path!="/healthz"' in done.out


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_valid_is_said(run: Run, log: Path, lang: str) -> None:
    done = run("sli", str(log), "--valid", 'path=="/nowhere"', "--lang", lang)
    assert done.code == 0
    assert ("No request was valid" if lang == "en" else "유효한 요청이 없어서") in done.out
    assert "%" not in done.out


def test_packed_piped_and_recorded_are_the_same(
    run: Run, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run("sli", str(log), "--json").out
    packed = log.with_suffix(".gz")
    packed.write_bytes(gzip.compress(log.read_bytes()))
    assert run("sli", str(packed), "--json").out == plain
    for raw in (log.read_bytes(), packed.read_bytes()):
        stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(raw)))  # type: ignore[arg-type]
        monkeypatch.setattr("sys.stdin", stream)
        assert run("sli", "-", "--json").out == plain
    monkeypatch.setattr("sys.stdin", io.StringIO(log.read_text()))
    assert run("sli", "-", "--json").out == plain
    told = run("sli", "access-server", "--json").json()
    assert told["lines"] == recorded.told()["lines"]["access-server"] and not told["malformed"]


def test_a_line_without_an_end_is_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(line() + "x" * 200_000 + "\n" + line())
    told = run("sli", str(path), "--json").json()
    assert (told["lines"], told["malformed"], told["whole"]["valid"]) == (3, 1, 2)


def test_late_lines_are_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(line(0) + line(9) + line(0))
    done = run("sli", str(path), "--window", "1m", "--lang", "en")
    assert "in the whole alone: 1\n" in done.out
    told = run("sli", str(path), "--window", "1m", "--json").json()
    assert told["late"] == 1 and told["whole"]["valid"] == 3


def test_a_word_when_it_takes_long(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SLOW", -1)
    path = tmp_path / "a.log"
    path.write_text(line() * 5000)
    done = run("sli", str(path), "--lang", "en")
    assert done.err == "4,096 lines read\n" and done.code == 0


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        (["--good", "status<"], "--good: column 8"),
        (["--valid", "nothing"], "--valid: column 1"),
        (["--window", "soon"], "--window"),
        (["--capacity", "0"], "--capacity"),
    ],
)
def test_refused(run: Run, log: Path, words: list[str], argument: str) -> None:
    assert run("sli", str(log), *words).refusal().startswith(argument)


def test_too_many_windows(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.log"
    path.write_text("".join(line(minute) for minute in range(50)) * 2)
    monkeypatch.setattr(sli, "MOST_WINDOWS", 20)
    assert run("sli", str(path), "--window", "30s").refusal().startswith("--window")


def test_files_that_are_no_logs(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"")
    assert run("sli", str(path)).refusal() == "LOG: no line could be read: it is empty"
    path.write_text("hello\n")
    assert "line 1, column 1:" in run("sli", str(path)).refusal()
    path.write_bytes(bytes(range(256)) * 10)
    assert run("sli", str(path)).refusal().startswith("LOG: ")
    path.write_bytes(gzip.compress(line().encode())[:-6])
    assert run("sli", str(path)).refusal() == "LOG: a damaged gzip file"
    damaged = bytearray(gzip.compress("".join(line(n % 60) for n in range(999)).encode()))
    damaged[40:60] = bytes(20)
    path.write_bytes(damaged)
    assert run("sli", str(path)).refusal() == "LOG: a damaged gzip file"
    assert "there is no such file" in run("sli", str(tmp_path / "b")).refusal()
    assert "directory" in run("sli", str(tmp_path)).refusal()
