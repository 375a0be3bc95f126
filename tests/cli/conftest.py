"""Runs the command line inside the test's own process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from lab_kernel.cli import main


class Done(NamedTuple):
    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON object that it must be."""
        assert self.code == 0, self.err
        assert self.out.endswith("\n") and self.out.count("\n") == 1
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value

    def refusal(self) -> str:
        """The one line on standard error of a command that was refused."""
        assert self.code == 2
        assert self.out == ""
        assert self.err.startswith("lab-kernel: ") and self.err.count("\n") == 1
        return self.err.removeprefix("lab-kernel: ").rstrip("\n")


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("FORCE_COLOR", raising=False)  # Python 3.14 colours its help

    def run(*words: str) -> Done:
        code = main(list(words))
        out, err = capsys.readouterr()
        return Done(code, out, err)

    return run
