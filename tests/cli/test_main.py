"""What holds for every command: language, help, refusals, signals."""

from __future__ import annotations

import argparse
import gettext
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_kernel import cli
from lab_kernel.language import current_language

PROGRAM = [sys.executable, "-m", "lab_kernel"]
PAGING = ("paging", "--frames", "3", "--refs", "7,0,1,7")
HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize("command", ["", *cli.COMMANDS])
def test_help_in_both_languages(run: Callable[..., Any], command: str) -> None:
    for language, has_hangul, usage in (("en", False, "usage: "), ("ko", True, "사용법: ")):
        done = run(*filter(None, [command]), "--help", "--lang", language)
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(usage + "lab-kernel")
        assert bool(HANGUL.search(done.out)) is has_hangul
        for word in ("options:", "show this help", "example:", "positional"):
            assert language == "en" or word not in done.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "COMMAND: choose one of: paging, translate"),
        (["nothing"], "COMMAND: “nothing” is not one of: "),
        (["paging", "--refs", "1"], "required: --frames"),
        (["paging", "--frames", "1"], "--refs --trace"),
        ([*PAGING, "--trace", "x"], "--trace: not allowed with argument --refs"),
        ([*PAGING, "--fra", "1"], "unrecognized arguments: --fra 1"),
        ([*PAGING, "--wrong"], "unrecognized arguments: --wrong"),
        ([*PAGING, "--policy", "best"], "--policy: “best” is not one of: "),
        ([*PAGING, "--policy"], "--policy: expected one argument"),
        ([*PAGING, "--lang", "fr"], "--lang: “fr” is not one of: ko, en"),
        ([*PAGING, "--json=1"], "--json: ignored explicit argument '1'"),
        ([*PAGING, "one\ntwo\x1b[31m"], "unrecognized arguments: one two [31m"),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert says in run(*words).refusal()


def test_refusals_are_localised(run: Callable[..., Any]) -> None:
    for words in (
        [*PAGING, "--lang", "ko", "--policy", "best"],
        ["--lang", "ko", "paging"],
        ["--lang=ko"],
        ["paging", "--lang=ko", "--frames", "0", "--refs", "1"],
        ["allocate", "--lang=ko", "--ops", "x"],
    ):
        assert HANGUL.search(run(*words).refusal()), words


@pytest.mark.parametrize(
    ("environment", "korean"),
    [
        ({"LANG": "ko_KR.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8"}, False),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_MESSAGES": "ko"}, True),
        ({"LANG": "ko", "LC_ALL": ""}, True),
        ({}, False),
    ],
)
def test_the_locale_chooses(
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    korean: bool,
) -> None:
    monkeypatch.delenv("LANG")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert bool(HANGUL.search(run(*PAGING).out)) is korean
    assert not HANGUL.search(run(*PAGING, "--lang", "en").out)


def test_common_options_stand_before_or_after_the_command(run: Callable[..., Any]) -> None:
    before = run("--json", "--lang", "ko", *PAGING)
    after = run(*PAGING, "--json", "--lang", "ko")
    assert before.json() == after.json()


def test_nothing_is_left_changed(run: Callable[..., Any]) -> None:
    language = current_language()
    run(*PAGING, "--lang", "ko")
    run("--help")
    run("wrong")
    assert current_language() == language
    assert argparse.__dict__["_"] is gettext.gettext


def test_version(run: Callable[..., Any]) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\n", run("--version").out)


@pytest.mark.parametrize(
    ("error", "code"),
    [(KeyboardInterrupt, 130), (RecursionError, 2), (MemoryError, 2), (BrokenPipeError, 141)],
)
def test_ends_without_a_traceback(
    run: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    error: type[BaseException],
    code: int,
) -> None:
    def fail(args: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(cli.paging, "run", fail)
    monkeypatch.setattr(cli, "_silence_stdout", lambda: None)
    assert run(*PAGING).code == code


@pytest.mark.skipif(os.name != "posix", reason="pipes and /dev/full as POSIX has them")
def test_a_reader_that_goes_away() -> None:
    read, write = os.pipe()
    os.close(read)
    command = [*PROGRAM, *PAGING, "--curve"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_output_that_cannot_be_written() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *PAGING], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "standard output" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="the reasons of POSIX")
def test_what_the_system_says_is_translated(run: Callable[..., Any], tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (tmp_path / "file").write_text("1\n", encoding="utf-8")
    paging = ("paging", "--frames", "3", "--lang", "ko", "--trace")
    for path in (tmp_path, tmp_path / "file" / "x", loop, tmp_path / "absent", "x" * 5000):
        said = run(*paging, str(path)).refusal().removeprefix(f"--trace: {path}")
        assert HANGUL.search(said) or len(str(path)) == 5000, path
        assert not re.search("directory|link|long|file", said), said
    assert HANGUL.search(run(*paging, "").refusal())


def test_a_terminal_without_hangul() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [*PROGRAM, *PAGING, "--lang", "ko"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u" in done.stdout
