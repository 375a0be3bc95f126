"""The memory chapter's problems: right, wrong with the reason, and worked out a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lab_kernel.exercises import Problem, draw
from lab_kernel.language import language
from tests.graded import Graded

SEEDS = range(100)
NAMES = [
    "kernel/memory/allocate",
    "kernel/memory/buddy",
    "kernel/memory/commit",
    "kernel/memory/effective-access",
    "kernel/memory/faults",
    "kernel/memory/oom",
    "kernel/memory/translate",
    "kernel/memory/victim",
]


def drawn(name: str) -> Iterator[tuple[Problem, list[int]]]:
    """A hundred problems, each with the whole numbers of its prompt (decimal)."""
    for seed in SEEDS:
        problem = draw(f"kernel/memory/{name}", seed)
        yield problem, [int(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*", problem.prompt)]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("commit"):
        return ["no" if problem.answer == "yes" else "yes"]
    if problem.name.endswith("oom"):
        tasks = re.findall(r"^(\w+): mapped", problem.prompt, re.M)
        return [name for name in tasks if name != problem.answer]
    near = 1 if problem.answer == "fault" else problem.answer
    return [near + off for off in (-8, -4, -1, 1, 4, 100) if near + off != problem.answer]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.split("/")[-1]: draw(name, 1).answer for name in NAMES} == {
        "allocate": 1200,
        "buddy": 8,
        "commit": "yes",
        "effective-access": 330,
        "faults": 6,
        "oom": "browser",
        "translate": 0x452D,
        "victim": 1,
    }


# Replacement


def count(policy: str, references: list[int]) -> tuple[int, int]:
    """(faults, the page thrown out last), with lists and nothing else."""
    resident: list[int] = []  # FIFO: order of arrival; LRU: order of use
    faults, out = 0, -1
    for now, page in enumerate(references):
        if page in resident:
            if policy == "LRU":
                resident.remove(page)
                resident.append(page)
            continue
        faults += 1
        if len(resident) == 3:
            ahead = references[now + 1 :]
            future = {p: ahead.index(p) if p in ahead else 99 for p in resident}
            out = max(resident, key=lambda p: future[p]) if policy == "OPT" else resident[0]
            resident.remove(out)
        resident.append(page)
    return faults, out


def policy_of(problem: Problem) -> str:
    return problem.prompt.splitlines()[1].split(":")[0]


def test_faults_counted_again_by_hand() -> None:
    seen = set()
    for problem, (frames, *references) in drawn("faults"):
        seen.add(policy_of(problem))
        assert frames == 3 and len(references) == 11
        if policy_of(problem) != "CLOCK":
            assert problem.answer == count(policy_of(problem), references)[0]
    assert seen == {"FIFO", "LRU", "CLOCK", "OPT"}


def test_the_usual_mistakes_in_counting_faults_are_recognised() -> None:
    told = set()
    for problem, (_frames, *references) in drawn("faults"):
        faults = problem.answer
        assert "number of hits" in problem.check(11 - faults).message
        if faults - 3 != 11 - faults:
            assert "faults too" in problem.check(faults - 3).message
        if policy_of(problem) == "LRU":
            told.add("FIFO" in problem.check(count("FIFO", references)[0]).message)
    assert True in told


def history(problem: Problem) -> tuple[list[int], int, list[int]]:
    """(pages used, the page that faults, what OPT is told of the future) out of the prompt."""
    said = re.fullmatch(
        r".* uses the pages ([\d ]+), .* uses page (\d), [^:]*:[^:]*(?:: ([\d ]+)\.)?",
        problem.prompt.replace("\n", " "),
    )
    assert said is not None
    past, page, ahead = (list(map(int, (part or "").split())) for part in said.groups())
    return past, page[0], ahead


def test_the_victim_found_again_by_hand() -> None:
    for problem, _numbers in drawn("victim"):
        policy = policy_of(problem)
        if policy == "CLOCK":
            assert "hand" in problem.prompt
            continue
        past, page, ahead = history(problem)
        if policy == "OPT":
            assert len(set(past)) == 3 and page not in past
            rank = {p: ahead.index(p) if p in ahead else 99 for p in set(past)}
            assert len(set(rank.values())) == 3  # no tie
            assert problem.answer == max(rank, key=lambda p: rank[p])
            assert "keep" in problem.check(min(rank, key=lambda p: rank[p])).message
        else:
            assert problem.answer == count(policy, [*past, page])[1]
        assert "coming in" in problem.check(page).message
        assert "not in memory" in problem.check(9).message


def test_the_victim_of_another_policy_is_explained() -> None:
    said = {"FIFO": "", "LRU": ""}
    for problem, _numbers in drawn("victim"):
        if policy_of(problem) in said:
            for other in {1, 2, 3, 4, 5} - {problem.answer}:
                said[policy_of(problem)] += problem.check(other).message
    assert "loaded first" in said["LRU"] and "least recently used one" not in said["LRU"]
    assert (
        "least recently used one" in said["FIFO"] and "was loaded first. Read" not in said["FIFO"]
    )
    assert "used last of all" in said["LRU"]


# Translation


def tables(prompt: str) -> dict[tuple[int, int], tuple[int, str]]:
    directory = re.findall(r"(0x\w+) is table", prompt)
    found = {}
    for which, line in zip(directory, re.findall(r"^Table .*", prompt, re.M), strict=True):
        for index, frame, rights in re.findall(r"(0x\w+) is frame (0x\w+) \(([\w ]+)\)", line):
            found[int(which, 16), int(index, 16)] = int(frame, 16), rights
    return found


def test_translated_again_with_nothing_but_the_prompt() -> None:
    faults = 0
    for problem, _numbers in drawn("translate"):
        address = int(re.findall(r"address (0x\w+)", problem.prompt)[0], 16)
        bits = int(re.findall(r"(\d+) bits of offset", problem.prompt)[0])
        frame, rights = tables(problem.prompt).get(
            (address >> bits + 4, address >> bits & 0xF), (None, "")
        )
        fine = rights == "read and write" or (rights == "read only" and "reads" in problem.prompt)
        offset = address % (1 << bits)
        if not fine:
            faults += 1
            assert problem.answer == "fault"
            if frame is not None:
                there = frame << bits | offset
                assert "if the rights allowed it" in problem.check(there).message
            continue
        assert frame is not None
        assert problem.answer == frame << bits | offset
        assert problem.check(f"{problem.answer:#x}")
        assert "rights allow this access" in problem.check("fault").message
        assert "offset within the page is missing" in problem.check(frame).message
        assert "offset is missing" in problem.check(frame << bits).message
        assert "virtual address" in problem.check(hex(address)).message
        assert "must move left" in problem.check(frame + offset).message
    assert 20 < faults < 60


def test_the_word_fault_is_read_in_both_languages() -> None:
    seed = next(s for s in SEEDS if draw("translate", s).answer == "fault")
    assert draw("translate", seed).check(" FAULT ")
    with language("ko"):
        problem = draw("translate", seed)
        assert problem.check("폴트") and problem.check("fault")


def test_mean_times_worked_out_again() -> None:
    for problem, numbers in drawn("effective-access"):
        if "TLB" in problem.prompt:
            tlb, memory, levels, _hundred, hits = numbers
            assert 100 * problem.answer == hits * (tlb + memory) + (100 - hits) * (
                tlb + memory + levels * memory
            )
            assert "itself still has to be made" in problem.check(problem.answer - memory).message
            assert "Its time is missing" in problem.check(problem.answer - tlb).message
        else:
            memory, every, service = numbers
            assert every * problem.answer == every * memory + service * 10**6
            assert "memory's own time" in problem.check(problem.answer - memory).message
            assert "Only one in" in problem.check(memory + service * 10**6).message


# Allocation


def test_the_block_found_again_with_a_list() -> None:
    for problem, _numbers in drawn("allocate"):
        free = [[int(a), int(s)] for a, s in re.findall(r"(\d+) \((\d+) bytes\)", problem.prompt)]
        requests = [int(n) for n in re.findall(r"for (\d+) bytes", problem.prompt)]
        rule = problem.prompt.splitlines()[1]
        at = 0
        for request in requests:
            size = (request + 3) // 4 * 4 + 4
            fits = [block for block in free if block[1] >= size]
            if not rule.startswith("First"):
                fits.sort(key=lambda block: block[1], reverse=rule.startswith("Worst"))
            at = fits[0][0]
            fits[0][0] += size
            fits[0][1] -= size
        assert problem.answer == at
        assert "header" in problem.check(at + 4).message


def test_another_strategy_is_named() -> None:
    said = "".join(
        problem.check(other).message
        for problem, _numbers in drawn("allocate")
        for other in range(1000, 1400, 100)
        if other != problem.answer
    )
    for name in ("first", "best", "worst"):
        assert f"{name.capitalize()} fit:" in said
    assert "has not come" in said or "first request" in said


def test_buddies_flip_one_bit() -> None:
    below = 0
    for problem, (order, size, pfn) in drawn("buddy"):
        buddy = problem.answer
        assert size == 2**order
        assert buddy % size == 0 and abs(buddy - pfn) == size
        assert min(buddy, pfn) % (2 * size) == 0  # together they are one block of twice the size
        below += buddy < pfn
        added = pfn + size if buddy < pfn else pfn - size
        assert "not always the buddy" in problem.check(added).message
        if pfn ^ order not in (buddy, pfn + size, pfn - size, pfn & ~size):
            assert "order itself" in problem.check(pfn ^ order).message
        assert "the block itself" in problem.check(pfn).message
    assert 20 < below < 80


# Limits


def test_points_added_up_again() -> None:
    for problem, _numbers in drawn("oom"):
        points, resident = {}, {}
        for line in problem.prompt.splitlines()[1:]:
            name, rest = line.split(":")
            _mapped, rss, swap, pte, adj = (
                int(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*\b", rest)
            )
            resident[name] = rss
            if adj != -1000:
                points[name] = rss + swap + pte + adj * 100
        best = sorted(points.values())[-2:]
        assert best[1] - best[0] >= 1000  # no tie, and none nearly
        assert problem.answer == max(points, key=lambda name: points[name])
        largest = max(resident, key=lambda name: resident[name])
        message = problem.check(largest).message
        assert largest in message and "oom_score_adj" in message


def test_exempt_is_said_of_the_exempt() -> None:
    exempt = 0
    for problem, _numbers in drawn("oom"):
        for name in re.findall(r"^(\w+):.*oom_score_adj -1000$", problem.prompt, re.M):
            exempt += 1
            assert "exempts it" in problem.check(name.upper()).message
    assert exempt > 5


def test_promises_added_up_again() -> None:
    answers = []
    for problem, (_mode, ratio, ram, swap, committed, request) in drawn("commit"):
        limit = ram * ratio // 100 + swap
        assert problem.answer == ("yes" if committed + request < limit else "no")
        answers.append(problem.answer)
        wrong = "no" if problem.answer == "yes" else "yes"
        assert "Another" not in problem.check(wrong).message
    assert 20 < answers.count("no") < 80


@pytest.mark.parametrize("given", ["y", "Yes", True, "true"])
def test_yes_is_read_in_many_spellings(given: object) -> None:
    seed = next(s for s in SEEDS if draw("kernel/memory/commit", s).answer == "yes")
    assert draw("kernel/memory/commit", seed).check(given)
    with language("ko"):
        assert draw("kernel/memory/commit", seed).check("예")
        assert not draw("kernel/memory/commit", seed).check("아니요")
