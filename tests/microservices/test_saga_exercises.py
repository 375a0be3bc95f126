"""The graded problems of the chapter on sagas."""

from __future__ import annotations

import re

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

ROOM = "microservices/saga/"
NAMES = [ROOM + kind for kind in ("charges", "ends", "half", "next", "votes")]


def wrong_ones(problem: Problem) -> list[object]:
    kind = problem.name.removeprefix(ROOM)
    if kind == "ends":
        rows = ["T1", "T1 T2 C1", "T1 T2 T3 C3 C2 C1", "C2 C1", "T1, T2, T3, C1, C2"]
        return [one for one in rows if one.replace(",", "") != problem.answer]
    if kind == "next":
        return [
            one
            for one in ("T1", "T2", "T9", "c1", "C3", "end")
            if one.upper() != problem.answer.upper()
        ]
    if kind == "votes":
        return [one for one in ("commit", "abort", "Wait") if one.lower() != problem.answer]
    return [problem.answer + off for off in (-2, -1, 1, 2, 10)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def numbers(text: str) -> list[int]:
    return [int(word) for word in re.findall(r"\d+", text)]


def test_there_are_many_of_each() -> None:
    for name in NAMES:
        assert len({draw(name, seed).prompt for seed in range(100)}) > 20, name


def test_ends_by_the_papers_definition() -> None:
    """Garcia-Molina and Salem 1987: T1 ... Tj Cj ... C1; a step that only reads has no C."""
    for seed in range(60):
        problem = draw(ROOM + "ends", seed)
        count, idle, refused = (int(re.search(p, problem.prompt)[1]) for p in (
            r"T1 to T(\d)", r"T(\d) only reads", r"T(\d) is refused"
        ))  # type: ignore[index]  # fmt: skip
        assert refused <= count
        row = [f"T{n}" for n in range(1, refused)]
        row += [f"C{n}" for n in range(refused - 1, 0, -1) if n != idle]
        assert problem.answer == " ".join(row)
        assert problem.check(row).status == "right"


def test_next_by_its_log() -> None:
    seen = set()
    for seed in range(80):
        problem = draw(ROOM + "next", seed)
        lines = re.findall(r"^([TC])(\d) (done|refused)$", problem.prompt, re.M)
        count = int(re.search(r"T1 to T(\d)", problem.prompt)[1])  # type: ignore[index]
        letter, number, said = lines[-1]
        if letter == "T" and said == "done":
            expected = "end" if int(number) == count else f"T{int(number) + 1}"
        else:
            expected = f"C{int(number) - 1}" if number != "1" else "end"
        assert problem.answer == expected
        seen.add(expected[0])
    assert seen == set("TCe")


def test_charges_by_counting() -> None:
    for seed in range(80):
        problem = draw(ROOM + "charges", seed)
        price = numbers(problem.prompt)[0]
        tries = re.findall(r"^Try \d (.*)\.$", problem.prompt, re.M)
        reached = [one for one in tries if "lost on its way" not in one]
        again = "twice" in tries[-1] or "once more" in tries[-1]
        if "no idempotency key" in problem.prompt:
            times = len(reached) + again
        else:
            times = 1 if "same idempotency key" in problem.prompt else len(reached)
        assert problem.answer == times * price


def test_half_by_adding_up() -> None:
    for seed in range(80):
        problem = draw(ROOM + "half", seed)
        units = numbers(problem.prompt)[0]
        one = "Each order is one transaction" in problem.prompt
        left, till = units, 0
        for _n, some, price, what in re.findall(
            r"^Order (\d), of (\d) units for (\d+) in all, (.*)\.$", problem.prompt, re.M
        ):
            through = what == "gets through"
            took = through or (
                not one and what in ("dies before it charges", "dies before it confirms")
            )
            paid = through or (not one and what == "dies before it confirms")
            left, till = left - int(some) * took, till + int(price) * paid
        assert problem.answer == (left if "units are in stock" in problem.prompt else till)


def test_votes_by_the_rule() -> None:
    """Gray 1978: only who has voted yes and heard nothing is in doubt."""
    seen = set()
    for seed in range(80):
        problem = draw(ROOM + "votes", seed)
        order = ["orders", "stock", "payment"]
        name = re.search(r"What does (\w+) do", problem.prompt)[1]  # type: ignore[index]
        voted = re.search(r"(\w+) has voted yes", problem.prompt)
        told = re.search(r"told (\w+) the decision", problem.prompt)
        decided = not voted
        if told and order.index(name) <= order.index(told[1]):
            expected = "commit"
        elif voted and order.index(name) > order.index(voted[1]):
            expected = "abort"
        elif "has been started again" in problem.prompt:
            expected = "commit" if decided else "abort"
        else:
            expected = "wait"
        assert problem.answer == expected, problem.prompt
        seen.add(expected)
    assert len(seen) == 3
