"""lab-kernel quiz."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lab_kernel import exercises
from lab_kernel.exercises.answers import whole


@pytest.fixture
def sums(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exercise of our own, so that these tests depend on no topic: add the seed to 2."""

    def draw(name: str, seed: int) -> exercises.Problem:
        return exercises.Problem(
            prompt=f"2 + {seed} = ?",
            expects="A whole number.",
            answer=2 + seed,
            read=whole,
            explain=lambda value: f"{value} is off by {abs(value - 2 - seed)}.",
            hints=("Count.", "Use your fingers.", "Begin at two."),
            solution=f"It is {2 + seed}.",
            name="test/sums",
            title="Sums",
            seed=seed,
        )

    monkeypatch.setattr(exercises, "draw", draw)


@pytest.mark.usefixtures("sums")
@pytest.mark.parametrize(
    ("words", "code", "status", "says"),
    [
        ([], 0, "unsolved", "A whole number."),
        (["--answer", "..."], 0, "unsolved", "A whole number."),
        (["--answer", ""], 0, "unsolved", "A whole number."),
        (["--answer", "9"], 0, "right", "It is 9."),
        (["--answer", "-1"], 1, "wrong", "-1 is off by 10."),
    ],
)
def test_grading(
    run: Callable[..., Any], words: list[str], code: int, status: str, says: str
) -> None:
    done = run("quiz", "sums", "--seed", "7", *words)
    assert (done.code, done.err) == (code, "")
    assert "2 + 7 = ?" in done.out and says in done.out
    done = run("quiz", "sums", "--seed", "7", "--json", *words)
    assert done.code == code
    assert f'"status": "{status}"' in done.out


@pytest.mark.usefixtures("sums")
def test_hints_and_solution_only_when_asked(run: Callable[..., Any]) -> None:
    plain = run("quiz", "sums", "--seed", "7").out
    assert "Count." not in plain and "It is 9." not in plain
    assert "Hint 2: Use your fingers." in run("quiz", "sums", "--hint", "2").out
    assert "Solution: It is 9." in run("quiz", "sums", "--seed", "7", "--solution").out
    report = run("quiz", "sums", "--hint", "3", "--solution", "--json").json()
    assert list(report) == [
        "exercise",
        "seed",
        "title",
        "prompt",
        "status",
        "message",
        "hint",
        "solution",
    ]
    assert (report["hint"], report["solution"]) == ("Begin at two.", "It is 2.")


@pytest.mark.usefixtures("sums")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--answer", "nine"], "--answer: “nine”"),
        (["--answer", "n", "i"], "--answer: “n i”"),
        (["--answer"], "--answer: expected at least one argument"),
        (["--seed", "-1"], "--seed: “-1”"),
        (["--hint", "4"], "--hint: “4” is not a whole number from 1 to 3"),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert run("quiz", "sums", *words).refusal().startswith(says)


def test_the_exercises_there_are(run: Callable[..., Any]) -> None:
    names = exercises.names()
    assert names
    for name in names:
        first = run("quiz", name, "--seed", "5")
        assert first.code == 0 and first.out == run("quiz", name, "--seed", "5").out
        assert run("quiz", name, "--json").json()["status"] == "unsolved"
        assert name in run("quiz", "--help").out
    for words in ([], ["nothing"]):
        refusal = run("quiz", *words).refusal()
        assert refusal.startswith("NAME: ") and names[0] in refusal
