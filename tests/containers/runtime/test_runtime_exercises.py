"""The problems of the chapter on the container runtime: right, wrong with the reason, bad input."""

from __future__ import annotations

from typing import Any

import pytest

from lab_kernel import exercises
from lab_kernel.containers.runtime.config import CAPABILITIES
from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.containers.runtime.code import CODES
from lab_kernel.exercises.containers.runtime.wall import ANSWERS
from lab_kernel.kernel.security.capabilities import mask

TOPIC = "containers/runtime/"
NAMES = [TOPIC + name for name in ("capability", "code", "order", "owner", "wall")]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("/wall"):
        return [word for word in ANSWERS if word != problem.answer]
    near = [problem.answer + off for off in (-2, -1, 1, 3)]
    common = {"code": [0, 1, 9, 15, 143], "owner": [0, 65534]}.get(problem.name.split("/")[-1], [])
    return [value for value in (*near, *common) if value != problem.answer]


def test_they_are_all_there() -> None:
    assert [name for name in exercises.names() if name.startswith(TOPIC)] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_hundred_right_and_wrong_answers(name: str, graded: Any) -> None:
    graded.right_and_wrong_answers(name, wrong_ones)


@pytest.mark.parametrize("name", NAMES)
def test_unreadable_answers_are_refused_and_none_is_not_solved(name: str, graded: Any) -> None:
    graded.unreadable_answers_are_refused_and_none_is_not_solved(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_does_not_depend_on_the_language(name: str, graded: Any) -> None:
    graded.the_answer_does_not_depend_on_the_language(name, wrong_ones)


def test_codes_are_a_shells() -> None:
    """128 + n: POSIX, Shell Command Language, 2.8.2; 9 is SIGKILL, 11 SIGSEGV."""
    seen = {draw(f"{TOPIC}code", seed).answer for seed in range(60)}
    assert {137, 139} <= seen and seen - {137, 139} <= set(CODES)


def test_the_usual_mask() -> None:
    """What Docker and containerd leave, as a real container's status shows it."""
    assert mask(CAPABILITIES) == "00000000a80425fb"
