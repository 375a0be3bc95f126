"""lab-kernel explore."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from lab_kernel import explore

NAME = "kernel/memory/replacement"


@pytest.mark.parametrize("name", explore.names())
def test_every_explorable_draws(run: Callable[..., Any], tmp_path: Path, name: str) -> None:
    report = run("explore", name, "--out", str(tmp_path / "picture.svg"), "--json").json()
    assert report["explorable"] == name
    assert report["says"] == explore.load(name).view().says
    assert report["files"][0] == str(tmp_path / "picture.svg")
    for path in report["files"]:
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
    assert len(list(tmp_path.iterdir())) == len(report["files"])


def test_controls_become_options(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    done = run("explore", "--frames", "4", NAME, "--policy=fifo", "--out", str(path))
    assert done.code == 0 and str(path) in done.out
    (figure, *_more) = explore.load(NAME).view(frames=4, policy="fifo").figures
    assert path.read_text(encoding="utf-8") == figure.svg


@pytest.mark.parametrize(
    "words",
    [
        ("--out", "oom", "replacement", "--frames", "4"),
        ("--policy", "clock", "--out", "oom", "--frames", "4", "replacement"),
        ("--json", "replacement", "--frames=4", "--out", "oom"),
        ("--lang", "en", "--out=oom", "--frames", "4", "replacement"),
    ],
)
def test_a_value_is_not_the_name(
    run: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("explore", *words).code == 0
    assert (tmp_path / "oom").exists()


def test_the_picture_speaks_the_language(run: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "picture.svg"
    for language in ("ko", "en"):
        run("explore", NAME, "--out", str(path), "--lang", language)
        assert f'lang="{language}"' in path.read_text(encoding="utf-8")


def test_help_knows_the_controls(run: Callable[..., Any]) -> None:
    helped = run("explore", NAME, "--help").out
    for control in explore.load(NAME).controls:
        assert f"--{control.name} " in helped
    assert all(name in run("explore", "--help").out for name in explore.names())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], f"NAME: choose one of: {explore.names()[0]}"),
        (["nothing", "--out", "x"], "NAME: there is no “nothing”"),
        ([NAME], "--out: "),
        ([NAME, "--out"], "--out: expected one argument"),
        ([NAME, "--frames"], "--frames: expected one argument"),
        ([NAME, "oom"], "unrecognized arguments: oom"),
        ([NAME, "--out", "/nowhere/x.svg"], "--out: /nowhere/x.svg: there is no such directory"),
        ([NAME, "--out", "/"], "--out: / is a directory"),
        ([NAME, "--out", ""], "--out: say which file"),
        ([NAME, "--out", "x" * 5000], "--out: xxx"),
        ([NAME, "--out", "x", "--frames", "many"], "--frames: “many”"),
        ([NAME, "--out", "x", "--policy", "best"], "--policy: “best”"),
        ([NAME, "--frames", "many"], "--frames: “many”"),
        ([NAME, "--out", "x.png"], "--out: x.png: pictures are SVG"),
        (["microservices/nope"], "NAME: there is no “microservices/nope”; choose one of: microser"),
        ([NAME, "--out", "x", "--wrong", "1"], "unrecognized arguments: --wrong 1"),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert run("explore", *words).refusal().startswith(says)


def test_a_refused_write_leaves_the_old_file_alone(
    run: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "picture.svg"
    path.write_text("old", encoding="utf-8")

    def fail(self: Path, target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "replace", fail)
    assert "no permission" in run("explore", NAME, "--out", str(path)).refusal()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(run: Callable[..., Any], tmp_path: Path) -> None:
    real, link = tmp_path / "real.svg", tmp_path / "link.svg"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    assert run("explore", NAME, "--out", str(link)).code == 0
    assert link.is_symlink() and real.read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.skipif(not Path(os.devnull).exists(), reason="no device to write to")
def test_a_device_is_written_to_not_replaced(run: Callable[..., Any]) -> None:
    assert run("explore", NAME, "--out", os.devnull).code == 0
    assert not Path(os.devnull).is_file()
