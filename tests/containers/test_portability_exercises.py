"""The problems on portability and duties: right, wrong with the reason, worked out again."""

from __future__ import annotations

import re

from lab_kernel.containers.portability import INTRODUCED
from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.containers.portability import agree, missing, receipts
from tests.graded import Graded

NAMES = [
    "containers/portability/agree",
    "containers/portability/fleet",
    "containers/portability/missing",
    "containers/portability/platform",
    "containers/portability/receipts",
]


def wrong_ones(problem: Problem) -> list[object]:
    kind = problem.name.rsplit("/", 1)[-1]
    words: dict[str, list[str]] = {"agree": [*agree.ANSWERS], "missing": [*missing.ANSWERS]}
    if kind == "platform":
        words[kind] = [*re.findall(r"^([0-9a-f]{8}):", problem.prompt, re.M), "none"]
    if kind in words:
        return [word for word in words[kind] if word != problem.answer]
    return [problem.answer + off for off in (-2, -1, 1, 2, 3)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.split("/")[-1]: draw(name, 1).answer for name in NAMES} == FIRST


FIRST: dict[str, object] = {
    "agree": "refused",
    "fleet": 1,
    "missing": "call",
    "platform": "34f72028",
    "receipts": 6,
}


def versions(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_a_fleet_counted_by_hand() -> None:
    for seed in range(40):
        problem = draw("containers/portability/fleet", seed)
        asked = re.search(r"GLIBC_2\.(\d+) and the call (\w+),", problem.prompt)
        assert asked is not None
        image = "in an image" in problem.prompt
        good = 0
        for kernel, release in re.findall(r"Linux ([\d.]+), glibc 2\.(\d+)", problem.prompt):
            fits = image or int(release) >= int(asked[1])
            good += fits and versions(kernel) >= INTRODUCED[asked[2]]
        assert good == problem.answer


def test_the_rule_that_draws_is_the_simulator_s() -> None:
    for seed in range(60):
        problem = draw("containers/portability/missing", seed)
        host, program = problem.prompt.splitlines()[:2]
        release = int(re.search(r"glibc 2\.(\d+)", host)[1])  # type: ignore[index]
        needed = int(re.search(r"GLIBC_2\.(\d+)", program)[1])  # type: ignore[index]
        kernel = versions(re.search(r"Linux ([\d.]+)", host)[1])  # type: ignore[index]
        call = re.search(r"the call (\w+)", program)[1]  # type: ignore[index]
        there = {
            "architecture": "amd64" in host,
            "version": "in an image" in program or release >= needed,
            "setting": "TAX, DB_PASSWORD" in host,
            "call": kernel >= INTRODUCED[call],
            "service": "reachable: db" in host,
        }
        assert problem.answer == next((one for one, is_ in there.items() if not is_), "starts")


def test_receipts_by_the_rule_and_by_the_hosts() -> None:
    runs = [("dev", "new"), ("dev", "again"), ("prod", "new"), ("dev", "new"), ("dev", "again")]
    assert [receipts.numbers(runs, store) for store in receipts.STORE_WORDS] == [
        [1, 2, 1, 1, 2],
        [1, 2, 1, 3, 4],
        [1, 2, 3, 4, 5],
    ]


def test_confusions_are_told_apart() -> None:
    told = {
        problem.check(wrong).message
        for seed in range(60)
        for name in NAMES
        for problem in [draw(name, seed)]
        for wrong in wrong_ones(problem)
    }
    for part in (
        "part by part",
        "The image brings its own library",
        "are the same architecture",
        "That is the count of this host",
        "does the build still fit",
        "belongs to both",
    ):
        assert any(part in message for message in told), part
