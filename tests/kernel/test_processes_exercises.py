"""The processes chapter's problems: right, wrong with the reason, and worked out a second time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lab_kernel.exercises import Problem, draw
from lab_kernel.kernel.scheduler import WEIGHTS
from tests.graded import Graded

SEEDS = range(100)
NAMES = [
    "kernel/processes/eevdf",
    "kernel/processes/feedback",
    "kernel/processes/nice",
    "kernel/processes/response",
    "kernel/processes/stride",
    "kernel/processes/waiting",
    "kernel/processes/zombies",
]


def drawn(name: str) -> Iterator[tuple[Problem, list[int]]]:
    """A hundred problems, each with the whole numbers of its prompt."""
    for seed in SEEDS:
        problem = draw(f"kernel/processes/{name}", seed)
        yield problem, [int(n) for n in re.findall(r"-?\d+", problem.prompt.replace(",", ""))]


def wrong_ones(problem: Problem) -> list[object]:
    """Readable answers that are not the right one."""
    if isinstance(problem.answer, int):
        return [problem.answer + off for off in (-3, -1, 1, 2, 10)]
    if len(problem.answer) > 1:
        return [word for word in ("ABCABC", "CCCCCC", "BACBAC") if word != problem.answer]
    names = "ABCD" if problem.name.endswith("eevdf") else "ABC"
    return [name for name in names if name != problem.answer]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.split("/")[-1]: draw(name, 1).answer for name in NAMES} == {
        "eevdf": "C",
        "feedback": "B",
        "nice": 76,
        "response": 16,
        "stride": "ABCCCA",
        "waiting": 6,
        "zombies": 2,
    }


# Worked out again, with nothing but the prompt.


def cpu(jobs: list[tuple[str, int, int]], rule: str) -> str:
    """Who has each tick, one at a time."""
    left = {name: burst for name, _arrival, burst in jobs}
    arrival = {name: at for name, at, _burst in jobs}
    line, queue, used = "", [], 0
    running = None
    for now in range(200):
        if running and (not left[running] or (rule == "rr" and used == 2)):
            queue += [running] if left[running] else []
            running = None  # it queues before one that arrives now
        queue += [name for name in arrival if arrival[name] == now]
        if rule == "srtf" and running:
            queue.append(running)
            running = None
        if running is None and queue:
            if rule in ("sjf", "srtf"):
                running = min(queue, key=lambda name: (left[name], arrival[name]))
            else:
                running = queue[0]
            queue.remove(running)
            used = 0
        if running:
            left[running] -= 1
            used += 1
        line += running or "."
    return line


def listed(problem: Problem) -> list[tuple[str, int, int]]:
    rows = re.findall(r"^(\w): arrives at (\d+), needs (\d+) ticks$", problem.prompt, re.M)
    return [(name, int(arrival), int(burst)) for name, arrival, burst in rows]


def test_waiting_counted_again_tick_by_tick() -> None:
    rules = {"FCFS": "fcfs", "SJF:": "sjf", "SRTF": "srtf", "Roun": "rr"}
    seen = set()
    for problem, _numbers in drawn("waiting"):
        jobs = listed(problem)
        rule = rules[problem.prompt.splitlines()[5][:4]]
        seen.add(rule)
        asked = re.findall(r"does (\w) wait", problem.prompt)[0]
        line = cpu(jobs, rule)
        arrival, burst = next(row[1:] for row in jobs if row[0] == asked)
        turnaround = line.rindex(asked) + 1 - arrival
        assert problem.answer == turnaround - burst
        assert "turnaround" in problem.check(turnaround).message
    assert seen == set(rules.values())


def test_mlfq_again_tick_by_tick() -> None:
    for problem, _numbers in drawn("feedback"):
        jobs = listed(problem)
        tick = int(re.findall(r"from tick (\d+) on", problem.prompt)[0])
        levels: list[list[str]] = [[], [], []]
        left = {name: burst for name, _at, burst in jobs}
        quantum = dict.fromkeys(left, 2)
        runs = ""
        for now in range(tick + 1):
            levels[0] += [name for name, at, _burst in jobs if at == now]
            level = next((n for n, queue in enumerate(levels) if queue), None)
            if level is None:
                continue
            runs = levels[level][0]
            left[runs] -= 1
            quantum[runs] -= 1
            if not left[runs]:
                levels[level].pop(0)
            elif not quantum[runs]:
                lower = min(level + 1, 2)
                quantum[runs] = 2 << lower
                levels[lower].append(levels[level].pop(0))
        assert problem.answer == runs


def test_strides_walked_again() -> None:
    for problem, numbers in drawn("stride"):
        tickets = numbers[-4:-1]
        passes, order = [0, 0, 0], ""
        for _turn in range(6):
            who = passes.index(min(passes))
            passes[who] += 10_000 // tickets[who]
            order += "ABC"[who]
        assert problem.answer == order
        if order != "ABCABC":
            assert "round robin" in problem.check("ABCABC").message


def test_shares_divided_again() -> None:
    for problem, _numbers in drawn("nice"):
        weights = dict(re.findall(r"^nice (-?\d+): weight (\d+)$", problem.prompt, re.M))
        asked = re.findall(r"at nice (-?\d+) get", problem.prompt)[0]
        assert all(WEIGHTS[int(value)] == int(weight) for value, weight in weights.items())
        total = sum(map(int, weights.values()))
        assert abs(problem.answer - 100 * int(weights[asked]) / total) <= 0.5
        assert "equal parts" in problem.check(33).message


def test_eevdf_picked_again() -> None:
    early = 0
    for problem, _numbers in drawn("eevdf"):
        rows = re.findall(r"(\w): weight (\d), vruntime (\d+), slice (\d+)", problem.prompt)
        tasks = {name: tuple(map(int, rest)) for name, *rest in rows}
        mean = sum(w * v for w, v, _s in tasks.values()) / sum(w for w, _v, _s in tasks.values())
        deadline = {name: v + s / w for name, (w, v, s) in tasks.items()}
        eligible = [name for name, (_w, v, _s) in tasks.items() if v <= mean]
        assert problem.answer == min(eligible, key=lambda name: deadline[name])
        first = min(tasks, key=lambda name: deadline[name])
        early += "not eligible" in problem.check(first).message
        least = min(tasks, key=lambda name: tasks[name][1])
        assert "CFS" in problem.check(least).message
    assert early == len(SEEDS)


def test_responses_run_again_tick_by_tick() -> None:
    for problem, _numbers in drawn("response"):
        rows = re.findall(r"cost (\d+), period (\d+)", problem.prompt)
        tasks = [(int(cost), int(period)) for cost, period in rows]
        left = [0, 0, 0]
        now = 0
        while now == 0 or left[2]:
            left = [
                left[n] + (cost if now % period == 0 else 0)
                for n, (cost, period) in enumerate(tasks)
            ]
            first = next(n for n, rest in enumerate(left) if rest)
            left[first] -= 1
            now += 1
        assert problem.answer == now
        assert "each of the others run once" in problem.check(sum(c for c, _p in tasks)).message


def test_zombies_counted_again_with_a_dictionary() -> None:
    orphans = 0
    for problem, _numbers in drawn("zombies"):
        parent, ended, read = {}, set(), 0
        for step in problem.prompt.partition(": ")[2].partition(".")[0].split("; "):
            who, verb, *whom = step.split()
            if verb == "starts":
                parent[whom[0]] = who
            elif verb == "ends":
                ended.add(who)
            else:
                read += 1
        kept = [name for name in ended if parent[name] not in ended]
        orphans += len(kept) < len(ended)
        assert problem.answer == len(kept) - read
        assert "all that have ended" in problem.check(len(ended)).message
    assert orphans > 20
