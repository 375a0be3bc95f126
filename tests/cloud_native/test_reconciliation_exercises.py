"""The problems of reconciliation: right, wrong with the reason, worked out again."""

from __future__ import annotations

import re

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.exercises import Problem, draw
from lab_kernel.exercises.cloud_native.reconciliation import failure, restarts
from lab_kernel.exercises.cloud_native.reconciliation.stopped import PARTS
from tests.graded import Graded

HERE = "cloud-native/reconciliation/"
NAMES = [HERE + name for name in ("failure", "levels", "partition", "restarts", "stopped")]
MANIFEST = """
apiVersion: v1
kind: Pod
metadata: {name: a, annotations: {lab-kernel/crash-after: "RUNS", lab-kernel/start-seconds: "0"}}
spec: {containers: [{name: a, image: a}]}
"""

ANSWERS = {"failure": 241, "levels": 9, "partition": 3, "restarts": 210, "stopped": "endpoints"}


def wrong_ones(problem: Problem) -> list[object]:
    if problem.name.endswith("stopped"):
        return [word for word in PARTS if word != problem.answer]
    return [problem.answer + off for off in (-5, -3, -1, 1, 2, 300)]


class TestEveryOne(Graded):
    names = NAMES
    wrong_ones = staticmethod(wrong_ones)


def test_the_page_and_lab_may_count_on_these() -> None:
    """The first problem of each kind, so that a change of the drawing is noticed."""
    assert {name.removeprefix(HERE): draw(name, 1).answer for name in NAMES} == ANSWERS


def test_the_kubelet_starts_a_program_again_when_the_problem_says() -> None:
    for runs, number in ((3, 8), (17, 5)):
        cluster = Cluster(1)
        cluster.apply(MANIFEST.replace("RUNS", str(runs)))
        cluster.run(2000)
        begun = [event.time for event in cluster.record.events() if event.name == "Started"]
        seconds = [round((time - begun[0]) / 1000) for time in begun]
        assert seconds[:number] == restarts.starts(runs, number)


def test_a_node_is_missed_by_counting_seconds_one_by_one() -> None:
    for seed in range(30):
        problem = draw(HERE + "failure", seed)
        beat, look, grace, bears, fails = (
            int(n) for n in re.search(
                r"end in (\d+)\..*leave (\d) when.*heartbeat is (\d+) s.*taint for (\d+) s.*"
                r"fails in second (\d+)", problem.prompt, re.DOTALL,
            ).groups()  # type: ignore[union-attr]
        )  # fmt: skip
        last = max(second for second in range(fails) if second % 10 == beat)
        now = next(
            second for second in range(fails, 1000)
            if second % failure.LOOK == look and second - last >= grace
        )  # fmt: skip
        assert now + bears == problem.answer


def test_wrong_ideas_are_recognised() -> None:
    told = {
        name: {
            draw(HERE + name, seed).check(given).message
            for seed in range(30)
            for given in wrong_ones(draw(HERE + name, seed))
        }
        for name in ("stopped", "levels")
    }
    assert any("has been done" in message for message in told["stopped"])
    assert any("acted on twice" in message for message in told["levels"])
