"""``lab-kernel toil``: the table, the exit codes, and wrong ways to ask."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab_kernel.cli import main

HEAD = "week,person,hours,what,tags\n"
WEEK = "2026-W{week:02},ada,10,x,production manual\n2026-W{week:02},ben,30,y,project\n"
CALM = HEAD + "".join(WEEK.format(week=week) for week in range(1, 14))


@pytest.fixture
def calm(tmp_path: Path) -> str:
    path = tmp_path / "calm.csv"
    path.write_text(CALM + "2026-W01,ben,half,y,project\n", encoding="utf-8")
    return str(path)


def test_the_example_is_over_its_cap(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["toil", "team", "--lang", "en"]) == 1
    out = capsys.readouterr().out
    assert "Over the cap: 56.2%" in out and "50.0% is the ceiling" in out
    assert "counted nowhere: 3 of 931" in out and "line 930: hours" in out


@pytest.mark.parametrize(("lang", "words"), [("ko", "상한"), ("en", "Within the cap: 25.0%")])
def test_within(lang: str, words: str, calm: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["toil", calm, "--lang", lang]) == 0
    out = capsys.readouterr().out
    assert words in out and "2026-W01" in out


@pytest.mark.parametrize(("cap", "code"), [("25", 0), ("24.9", 1), ("0", 1), ("100", 0)])
def test_a_cap_is_a_ceiling(cap: str, code: int, calm: str) -> None:
    assert main(["toil", calm, "--cap", cap]) == code


def test_the_json_object(calm: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["toil", calm, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["over"] is False and told["trailing"] == 0.25 and told["cap"] == 0.5
    assert len(told["weeks"]) == 13
    assert all(sum(week["hours"].values()) == 40 for week in told["weeks"])
    assert told["weeks"][0]["trailing"] is None
    assert told["people"] == {"ada": 1.0, "ben": 0.0}
    assert [row["line"] for row in told["malformed"]] == [28]


def test_no_verdict_before_a_quarter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEAD + WEEK.format(week=1), encoding="utf-8")
    assert main(["toil", str(path), "--cap", "0", "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "No verdict yet: a quarter has 13 weeks, and the log 1." in out and " -" in out


def test_without_overhead(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CALM + "2026-W01,ben,150,z,overhead\n" * 2, encoding="utf-8")
    assert main(["toil", str(path), "--cap", "20"]) == 0
    assert main(["toil", str(path), "--cap", "20", "--without-overhead"]) == 1


def test_the_chart(calm: str, tmp_path: Path) -> None:
    svg = tmp_path / "a.svg"
    assert main(["toil", calm, "--chart", str(svg)]) == 0
    assert "<svg" in svg.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "options", "named"),
    [
        (b"", [], "LOG.csv: it is empty; the first line must name the columns week,"),
        (b"week,person\n", [], "LOG.csv"),
        (b"\xff\xfe\0", [], "LOG.csv"),
        (
            HEAD.encode() + b"x\n",
            [],
            "LOG.csv: no row of it can be read; of 1 the first is line 2:",
        ),
        (HEAD.encode(), [], "LOG.csv: there is no row below the names"),
        (CALM.encode(), ["--cap", "half"], "--cap"),
        (CALM.encode(), ["--cap", "101"], "--cap"),
    ],
)
def test_bad_input(
    content: bytes,
    options: list[str],
    named: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert main(["toil", str(path), "--lang", "en", *options]) == 2
    error = capsys.readouterr().err
    assert named in error and len(error.strip().splitlines()) == 1
    assert main(["toil", str(tmp_path / "none.csv")]) == 2
    capsys.readouterr()
    assert main(["toil", "tem", "--lang", "en"]) == 2
    assert "no such file; did you mean team?" in capsys.readouterr().err
