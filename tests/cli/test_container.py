"""``lab-kernel container``: what it refuses before anything is started, in one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab_kernel.containers.runtime.linux import available, privileges

Run = Callable[..., Any]
ROOT_MASK = (1 << 41) - 1


@pytest.fixture
def linux(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine where nothing stands against it, so that what is refused is the words' fault."""
    monkeypatch.setattr(available, "check", lambda: None)
    monkeypatch.setattr(privileges, "mask_of", lambda field: ROOT_MASK)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--memory", "3"], "--memory: “3” is no size"),
        (["--memory", "64MB5"], "--memory"),
        (["--memory", "99999999T"], "--memory: “99999999T” is more than a machine can have"),
        (["--hostname", "a" * 80], "is longer than 64 letters"),
        (["--cpus", "none"], "--cpus"),
        (["--cpus", "0"], "--cpus"),
        (["--pids", "0"], "--pids"),
        (["--cap-add", "FLY"], "--cap-add: there is no capability “FLY”"),
        (["--cap-drop", ""], "--cap-drop"),
        (["--seccomp", "tight"], "--seccomp: there is no “tight”"),
        (["--env", "NAME"], "--env: “NAME” is not NAME=VALUE"),
        (["--hostname", "a b"], "--hostname"),
        (["--workdir", "srv"], "--workdir: “srv” does not begin with /"),
        (["--network", "bridge"], "--network"),
    ],
)
def test_options(run: Run, linux: Path, words: list[str], named: str) -> None:
    assert named in run("container", "run", str(linux), *words, "--", "true").refusal()


def test_what_to_run_and_where(run: Run, linux: Path) -> None:
    assert run("container").refusal().startswith("ACTION")
    assert "ROOT" in run("container", "run").refusal()
    assert "there is no command" in run("container", "run", str(linux)).refusal()
    assert "there is no command" in run("container", "run", str(linux), "--", "").refusal()
    assert "after --: -- sh" in run("container", "run", str(linux), "sh").refusal()
    for name in (str(linux / "none"), f"{linux}/none:v1", str(Path(__file__))):
        assert "neither" in run("container", "run", name, "--", "sh").refusal()
    assert "own root" in run("container", "run", "/", "--", "sh").refusal()
    assert "empty" in run("container", "run", "", "--", "sh").refusal()
    assert "null" in run("container", "run", str(linux), "--", "s\0h").refusal()
    (linux / "oci-layout").write_text("{}")
    (linux / "index.json").write_text("{}")
    assert run("container", "run", str(linux), "--", "sh").refusal()


@pytest.mark.parametrize(("platform", "said"), [("emscripten", "browser"), ("darwin", "darwin")])
def test_no_linux(run: Run, monkeypatch: pytest.MonkeyPatch, platform: str, said: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert said in run("container", "run", "x", "--", "sh").refusal()
    korean = run("--lang", "ko", "container", "run", "x", "--", "sh").refusal()
    assert any("가" <= letter <= "힣" for letter in korean)


def test_no_user_namespaces(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(privileges, "mask_of", lambda field: 0)
    most = tmp_path / "max_user_namespaces"
    most.write_text("0\n")
    monkeypatch.setattr(available, "_MOST", most)
    if not Path("/proc/self/ns/pid").exists():
        pytest.skip("no /proc")
    assert "no user namespace here" in run("container", "run", "x", "--", "sh").refusal()


def test_a_step_that_the_kernel_refuses_is_named(run: Run, linux: Path) -> None:
    failed = available.Failed("mount", 1, "permission denied")
    assert available.explained(failed) == "the step “mount” was refused: permission denied"
    assert "user namespace" in available.explained(available.Failed("user", 1, "no"))


def test_what_follows_the_dashes_is_the_programs(run: Run, linux: Path) -> None:
    assert "COMMAND" in run("container", "run", str(linux), "--json", "--").refusal()
    found = run("container", "run", "--help")
    assert found.code == 0 and "-- COMMAND" in found.out
