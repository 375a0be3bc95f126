"""The problems about the two modes: right, wrong with the reason, and worked out a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab_kernel.exercises import Problem, draw
from lab_kernel.language import language
from tests.graded import Graded

SEEDS = range(100)
NAMES = [
    "kernel/modes/buffering",
    "kernel/modes/double-fetch",
    "kernel/modes/messages",
    "kernel/modes/outcome",
    "kernel/modes/pieces",
    "kernel/modes/returned",
    "kernel/modes/status",
]


def drawn(name: str) -> Iterator[tuple[Problem, list[int]]]:
    for seed in SEEDS:
        problem = draw(f"kernel/modes/{name}", seed)
        yield problem, [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", problem.prompt)]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("outcome"):
        return [word for word in ("nothing", "process", "machine") if word != problem.answer]
    return [problem.answer + off for off in (-8, -1, 1, 4, 100)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_outcomes_by_the_rule() -> None:
    """What is wrong anywhere ends the process or the machine; what is forbidden, nothing at all."""
    seen = set()
    for problem, _numbers in drawn("outcome"):
        kernel, catches = "in kernel mode" in problem.prompt, "catches" in problem.prompt
        wrong = "address 0" in problem.prompt or "by zero" in problem.prompt
        if "pointer" in problem.prompt or catches:
            expected = "nothing"
        elif kernel:
            expected = "machine" if wrong else "nothing"
        else:
            expected = "process"
        assert problem.answer == expected, problem.prompt
        seen.add((kernel, catches, expected))
    assert len(seen) == 5 or len(seen) == 4
    with language("ko"):
        assert draw("kernel/modes/outcome", 1).read(" 프로세스 ") == "process"


def test_statuses_are_128_and_the_signal() -> None:
    signals = {"by zero": 8, "ud2": 4}
    for problem, numbers in drawn("status"):
        if "exit(" in problem.prompt:
            code = numbers[-1]
            assert problem.answer == code % 256
            assert "only for a signal" in problem.check(128 + code).message
            assert code < 256 or "8 bits" in problem.check(code).message
            continue
        number = next((n for word, n in signals.items() if word in problem.prompt), 11)
        assert problem.answer == 128 + number
        assert "shell adds 128" in problem.check(number).message
        assert "subprocess" in problem.check(-number).message


def test_frames_counted_again() -> None:
    for problem, (pages, written, own, _address) in drawn("returned"):
        assert problem.answer == pages + own
        assert "in use before" in problem.check(pages + own + written).message
        assert "took for itself" in problem.check(pages).message
        assert "init's child" in problem.check(0).message


def test_pieces_counted_byte_by_byte() -> None:
    for problem, _numbers in drawn("pieces"):
        address, count = (int(n, 16) for n in re.findall(r"0x\w+", problem.prompt))
        assert problem.answer == len({byte // 4096 for byte in range(address, address + count)})
        assert "begins" in problem.check(-(-count // 4096)).message


def test_lengths_followed_by_hand() -> None:
    overflows = 0
    for problem, _numbers in drawn("double-fetch"):
        head, *lines, _question = problem.prompt.splitlines()
        length, read, refused = numbers_of(head)[0], 0, False
        for line in lines:
            if "another thread" in line:
                length = numbers_of(line)[1]
            elif "reads" in line:
                read = length
            elif "checks" in line:
                refused = read > 16
            elif "copies" in line:
                break
        assert problem.answer == (0 if refused else read)
        overflows += problem.answer > 16
    assert overflows > 10


def numbers_of(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def test_times_added_up_again() -> None:
    for problem, (kib, buffer, call, per, *_rest) in drawn("buffering"):
        assert problem.answer == 2 * (kib // buffer) * call + kib * per
        assert "Each buffer" in problem.check(kib // buffer * call + kib * per).message
        assert "price" in problem.check(2 * (kib // buffer) * call).message


def test_crossings_counted_again() -> None:
    for problem, (requests, readings) in drawn("messages"):
        assert problem.answer == 2 * requests * (readings + 3)
        assert "in and comes out" in problem.check(problem.answer // 2).message
        assert "monolithic" in problem.check(2 * requests).message
