"""The problems of the chapter on the container runtime: right, wrong with the reason, bad input."""

from __future__ import annotations

from lab_kernel.containers.runtime.config import CAPABILITIES
from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.containers.runtime.code import CODES
from lab_kernel.exercises.containers.runtime.wall import ANSWERS
from lab_kernel.kernel.security.capabilities import mask
from tests.graded import Graded

TOPIC = "containers/runtime/"
NAMES = [TOPIC + name for name in ("capability", "code", "order", "owner", "wall")]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("/wall"):
        return [word for word in ANSWERS if word != problem.answer]
    near = [problem.answer + off for off in (-2, -1, 1, 3)]
    common = {"code": [0, 1, 9, 15, 143], "owner": [0, 65534]}.get(problem.name.split("/")[-1], [])
    return [value for value in (*near, *common) if value != problem.answer]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_codes_are_a_shells() -> None:
    """128 + n: POSIX, Shell Command Language, 2.8.2; 9 is SIGKILL, 11 SIGSEGV."""
    seen = {draw(f"{TOPIC}code", seed).answer for seed in range(60)}
    assert {137, 139} <= seen and seen - {137, 139} <= set(CODES)


def test_the_usual_mask() -> None:
    """What Docker and containerd leave, as a real container's status shows it."""
    assert mask(CAPABILITIES) == "00000000a80425fb"
