"""``lab-kernel disk``: what it prints, and wrong ways to ask."""

from __future__ import annotations

import json

import pytest

from lab_kernel.cli import main

QUEUE = "98,183,37,122,14,124,65,67"


def test_the_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["disk", "--policy", "scan", "--requests", "60w@5,40", "--direction", "down"]
    assert main([*asked, "--cylinders", "100", "--service", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "policy": "scan",
        "requests": [
            {
                "cylinder": 40,
                "write": False,
                "arrival": 0,
                "begun": 0,
                "finish": 15,
                "distance": 13,
                "waiting": 0,
            },
            {
                "cylinder": 60,
                "write": True,
                "arrival": 5,
                "begun": 15,
                "finish": 117,
                "distance": 100,
                "waiting": 10,
            },
        ],
        "path": [53, 40, 0, 60],
        "distance": 113,
        "finish": 117,
        "mean_waiting": 5.0,
    }


@pytest.mark.parametrize(("language", "word"), [("ko", "이동 거리 208"), ("en", "distance 208")])
def test_the_text(language: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["disk", "--policy", "look", "--requests", QUEUE, "--direction", "down"]
    assert main([*asked, "--lang", language]) == 0
    out = capsys.readouterr().out
    assert word in out
    assert "53 → 37 → 14 → 65" in out


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (["--requests", "98,x"], "“x”"),
        (["--requests", "300"], "0 to 199"),
        (["--requests", "1", "--head", "200"], "head"),
        (["--requests", "1", "--cylinders", "0"], "cylinders"),
        (["--requests", "1", "--policy", "lifo"], "lifo"),
        ([], "--requests"),
    ],
)
def test_bad_input(asked: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["disk", *asked, "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert named in error
    assert len(error.strip().splitlines()) == 1
