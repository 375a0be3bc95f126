"""The problems of the chapter on system calls: right, wrong with the reason, worked out again."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any

from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.kernel.syscalls.rights import letters
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.syscalls import Call, Close, Dup, Dup2, Open, Pipe, Read, Write
from tests.graded import Graded

SEEDS = range(100)
NAMES = [
    "kernel/syscalls/copying",
    "kernel/syscalls/descriptors",
    "kernel/syscalls/errno",
    "kernel/syscalls/rights",
    "kernel/syscalls/strace",
    "kernel/syscalls/verdict",
]
ALL_RIGHTS = [letters(bits) for bits in range(8)]
ACTIONS = ["KILL_PROCESS", "TRAP", "ERRNO", "LOG", "ALLOW"]
OUTCOMES = ["OK", "EPERM", "ENOENT", "EACCES", "EEXIST", "ENOTDIR", "EISDIR"]


def drawn(name: str) -> Iterator[Problem]:
    for seed in SEEDS:
        yield draw(f"kernel/syscalls/{name}", seed)


def wrong_ones(problem: Problem) -> list[object]:
    kind = problem.name.rsplit("/", 1)[-1]
    words = {"errno": OUTCOMES, "rights": ALL_RIGHTS, "verdict": ACTIONS}
    if kind in words:
        return [word for word in words[kind] if word != problem.answer]
    return [problem.answer + off for off in (-5, -3, -2, -1, 1, 4)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def run(calls: list[Call]) -> list[Any]:
    answers: list[Any] = []

    def program() -> Generator[Any, Any, None]:
        for call in calls:
            answers.append((yield call))

    machine = Machine()
    machine.spawn(program)
    machine.run()
    return answers


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.split("/")[-1]: draw(name, 1).answer for name in NAMES} == {
        "copying": 23,
        "descriptors": 6,
        "errno": "ENOTDIR",
        "rights": "rw",
        "strace": 548,
        "verdict": "KILL_PROCESS",
    }


def test_a_copy_is_counted_by_the_machine() -> None:
    for seed in range(5):
        problem = draw("kernel/syscalls/copying", seed)
        found = re.findall(r"[\d,]*\d", problem.prompt)
        size, buffer = (int(n.replace(",", "")) for n in found[:2])

        def copy(buffer: int = buffer) -> Generator[Any, Any, None]:
            source = yield Open("/home/user/in")
            target = yield Open("/home/user/out", 0o101)
            while data := (yield Read(source, buffer)):
                yield Write(target, data)
            yield Close(source)
            yield Close(target)

        machine = Machine(files={"/home/user/in": bytes(size)})
        machine.spawn(copy)
        machine.run()
        assert len(machine.trace.where(kind="syscall")) == problem.answer
        assert "read returns 0" in problem.check(problem.answer - 1).message


def as_call(text: str) -> Call:
    name, _bracket, rest = text.partition("(")
    numbers = [int(n) for n in re.findall(r"\d+", rest)]
    kinds: dict[str, Any] = {"close": Close, "dup": Dup, "dup2": Dup2, "pipe": Pipe}
    return Open("/etc/hostname") if name == "open" else kinds[name](*numbers)


def test_descriptors_as_the_machine_gives_them_out() -> None:
    told = set()
    for problem in drawn("descriptors"):
        calls = [as_call(line) for line in problem.prompt.splitlines()[1:-1]]
        answers = run([*calls, Open("/etc/hostname")])
        assert all(not isinstance(one, int) or one >= 0 for one in answers)
        assert answers[-1] == problem.answer
        for given in range(12):
            if given != problem.answer:
                told.add(problem.check(given).message)
    assert any("not used up" in message for message in told)
    assert any("0, 1 and 2" in message for message in told)


def test_a_listing_added_up_again() -> None:
    for problem in drawn("strace"):
        paths: dict[str, str] = {}
        total = 0
        for line in problem.prompt.splitlines():
            if opened := re.fullmatch(r'openat\(.*"(.*)", .*\) = (\d)', line):
                paths[opened[2]] = opened[1]
            elif written := re.fullmatch(r"write\((\d), .*\) = (\d+)", line):
                total += int(written[2]) * (paths[written[1]] == "/var/log/app.log")
        assert total == problem.answer


def test_the_bits_of_one_class() -> None:
    for problem in drawn("rights"):
        bits, _links, owner, group = problem.prompt.splitlines()[1].split()[:4]
        who = re.search(r"^(\w+) is in the groups (.*?), and", problem.prompt, re.M)
        assert who is not None
        place = 1 if who[1] == owner else 4 if group in who[2].split(", ") else 7
        assert problem.answer == (bits[place : place + 3].replace("-", "") or "none")
        assert problem.check(" ".join(bits[place : place + 3])).status == "right"


def test_every_outcome_occurs_and_confusions_are_told_apart() -> None:
    problems = list(drawn("errno"))
    assert {problem.answer for problem in problems} == set(OUTCOMES)
    for problem in problems:
        if problem.answer == "EACCES":
            assert "bits refuse" in problem.check("EPERM").message
        if problem.answer == "EPERM":
            assert "whose the file is" in problem.check("EACCES").message


def test_the_verdict_is_the_strictest_that_applies() -> None:
    strict = {name: n for n, name in enumerate(ACTIONS)}
    for problem in drawn("verdict"):
        asked = re.search(r"It calls (\w+) with (\d) as", problem.prompt)
        assert asked is not None
        said = []
        for line in problem.prompt.splitlines():
            if rule := re.match(
                r"filter \d: (\w+)(?: if arg0 (\S+) (\d))? → (\w+); anything else → (\w+)", line
            ):
                call, sign, value, action, default = rule.groups()
                fits = call == asked[1] and (
                    sign is None
                    or {"==": int(asked[2]) == int(value), "<=": int(asked[2]) <= int(value)}.get(
                        sign, int(asked[2]) > int(value)
                    )
                )
                said.append(action if fits else default)
        assert len(said) == 3
        assert problem.answer == min(said, key=lambda name: strict[name])
        assert "does not take back" in problem.check(said[2]).message
