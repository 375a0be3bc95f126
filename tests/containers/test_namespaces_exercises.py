"""The problems of the chapter on namespaces: right, wrong with the reason, worked out again."""

from __future__ import annotations

import re

from lab_kernel.exercises import Problem, draw
from tests.graded import Graded

NAMES = [
    f"containers/namespaces/{kind}" for kind in ("number", "refusal", "same", "survivors", "users")
]
OUTCOMES = ["OK", "EPERM", "EACCES", "EINVAL"]


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("refusal"):
        return [word for word in OUTCOMES if word != problem.answer]
    return [problem.answer + off for off in (-3, -2, -1, 1, 2, 5)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_numbers_are_counted_out_by_hand() -> None:
    """Each birth gives the next number in every namespace from the child's to the host."""
    for seed in range(12):
        prompt = draw("containers/namespaces/number", seed).prompt
        spaces: dict[int, list[int]] = {0: [0]}  # of each process, from the outside in
        counts, names = {0: 2}, dict[int, int]()
        for parent, call, child in re.findall(r"p(\d): (clone|fork)\S* -> p(\d)", prompt):
            number = int(child)
            own = [*spaces[int(parent)], number] if call == "clone" else spaces[int(parent)]
            spaces[number] = own
            for space in own:
                counts[space] = counts.get(space, 0) + 1
            names[number] = counts[own[-1]]
        asked = int(re.findall(r"in p(\d)\?", prompt)[0])
        assert draw("containers/namespaces/number", seed).answer == names[asked]


def test_namespaces_are_counted_out_by_hand() -> None:
    for seed in range(30):
        problem = draw("containers/namespaces/same", seed)
        kind = re.findall(r"different (\w+) namespaces", problem.prompt)[0]
        flag = "CLONE_NEW" + kind.replace("mnt", "ns").upper()
        inside, count = {"0": 0}, 0
        for line in problem.prompt.splitlines():
            found = re.match(r"p(\d): (?:clone|unshare)\((.*)\)(?: -> p(\d))?$", line)
            if found:
                who, kinds, child = found.groups()
                own = inside[who]
                if flag in kinds:
                    count += 1
                    own = count
                inside[child or who] = own
        assert problem.answer == len(set(inside.values()))


def test_the_page_and_lab_may_count_on_these() -> None:
    found = {name.split("/")[-1]: draw(name, 1).answer for name in NAMES}
    assert found == FIRST


FIRST = {"number": 4, "refusal": "EINVAL", "same": 3, "survivors": 6, "users": 232235}
