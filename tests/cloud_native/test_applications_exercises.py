"""The problems on cloud-native applications: right, wrong with the reason, worked out again."""

from __future__ import annotations

import re

import pytest

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.cloud_native.applications.factor import read_factor
from tests.graded import Graded

NAMES = [
    "cloud-native/applications/carts",
    "cloud-native/applications/chain",
    "cloud-native/applications/dora",
    "cloud-native/applications/factor",
    "cloud-native/applications/spread",
]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("factor"):
        return [number for number in range(1, 13) if number != problem.answer]
    return [problem.answer + off for off in (-2, -1, 1, 2, 10)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.split("/")[-1]: draw(name, 1).answer for name in NAMES} == FIRST


FIRST: dict[str, object] = {
    "carts": 1,
    "chain": 43047,
    "dora": 6,
    "factor": 1,
    "spread": 4,
}


def test_a_factor_is_read_as_number_or_roman() -> None:
    assert (read_factor("iv"), read_factor(" XII "), read_factor(7), read_factor("3")) == (
        4,
        12,
        7,
        3,
    )
    for wrong in ("0", "13", "IIII", "config", "²"):
        with pytest.raises(BadInput, match="1 to 12"):
            read_factor(wrong)


def test_every_factor_that_has_a_line_occurs() -> None:
    found = {draw("cloud-native/applications/factor", seed).answer for seed in range(100)}
    assert found == {1, 2, 3, 5, 6, 9, 10, 11, 12}


def test_a_chain_multiplied_step_by_step() -> None:
    for seed in range(30):
        problem = draw("cloud-native/applications/chain", seed)
        needed = int(re.search(r"calls (\d+) services", problem.prompt)[1])  # type: ignore[index]
        each = float(re.search(r"available ([\d.]+)%", problem.prompt)[1]) / 100  # type: ignore[index]
        left = 100_000.0
        for _n in range(needed):
            left *= each
        assert round(left) == problem.answer
        assert problem.check(100_000 - problem.answer).status == "wrong"


def test_the_spread_climbed_again() -> None:
    for seed in range(60):
        problem = draw("cloud-native/applications/spread", seed)
        calls = re.findall(r"^(\w+) → (\w+): (waits|has|uses)", problem.prompt, re.M)
        dead = re.search(r"The service (\w+) hangs", problem.prompt)[1]  # type: ignore[index]
        failing = {dead}
        for _round in calls:
            failing |= {a for a, b, how in calls if how == "waits" and b in failing}
        assert len(failing) - 1 == problem.answer


def test_a_cart_remembered_by_hand() -> None:
    for seed in range(60):
        problem = draw("cloud-native/applications/carts", seed)
        told = re.findall(r"(\d+) (alice|bob) → replica (\d)", problem.prompt)
        dies = int(re.search(r"Before request (\d+)", problem.prompt)[1])  # type: ignore[index]
        _last, customer, replica = told[-1]
        if "backing service" in problem.prompt:
            mine = [one for one in told if one[1] == customer]
        else:
            mine = [one for one in told if one[1:] == (customer, replica) and
                    (replica != "1" or int(one[0]) >= dies)]  # fmt: skip
        assert len(mine) == problem.answer


def test_a_log_counted_by_hand() -> None:
    for seed in range(60):
        problem = draw("cloud-native/applications/dora", seed)
        lines = problem.prompt.splitlines()[1:-1]
        question = problem.prompt.splitlines()[-1]
        share = {"fail rate": "failed", "rework rate": "unplanned"}
        for name, word in share.items():
            if name in question:
                assert problem.answer == 100 * sum(word in line for line in lines) // len(lines)
        if "frequency" in question:
            assert problem.answer == len(lines)
        if "lead time" in question:
            stayed = [re.findall(r"\d+", line) for line in lines if "failed" not in line]
            leads = sorted(int(at) - int(committed) for at, committed in stayed)
            middle = (leads[(len(leads) - 1) // 2] + leads[len(leads) // 2]) / 2
            assert middle == problem.answer
