"""lab-kernel sweep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lab_kernel import explore

NAME = "kernel/memory/replacement"
BELADY = "references=1,2,3,4,1,2,5,1,2,3,4,5"


def test_the_anomaly_as_a_table(run: Callable[..., Any]) -> None:
    """Belady, Nelson and Shedler, 1969: FIFO 9 faults, then 10; LRU 10, then 8."""
    done = run("sweep", NAME, "policy=fifo,lru", "frames=3-4", BELADY, "--lang", "en")
    rows = [line.split() for line in done.out.splitlines()]
    assert rows[0] == ["policy", "frames", "references", "faults", "hits"]
    assert [row[3] for row in rows[1:]] == ["9", "10", "10", "8"]


def test_processes_give_the_same(run: Callable[..., Any]) -> None:
    words = ("sweep", NAME, "policy=fifo,lru", "frames=1,2", "--json", "--lang", "ko")
    assert run(*words, "--jobs", "2").json() == run(*words).json()


def test_json_holds_what_the_explorable_says(run: Callable[..., Any]) -> None:
    told = run("sweep", NAME, "frames=3", "frames=5", "--json").json()
    assert told["explorable"] == NAME
    assert [each["values"] for each in told["points"]] == [{"frames": 3}, {"frames": 5}]
    view = explore.load(NAME).view(frames=5)
    assert told["points"][1]["says"] == view.says
    assert told["points"][1]["numbers"] == view.numbers


def test_without_numbers_the_sentence_is_the_result(run: Callable[..., Any]) -> None:
    done = run("sweep", "kernel/syscalls/door", "call=getpid,open", "--lang", "en")
    head, first, second = done.out.splitlines()
    assert head.split() == ["call", "result"]
    assert first.startswith("getpid") and "number 39" in first
    assert second.startswith("open") and "number 2" in second


def test_a_text_with_commas_is_one_value(run: Callable[..., Any]) -> None:
    told = run("sweep", NAME, "references=1,2,3", "references=1,1", "--json").json()
    assert [each["numbers"]["faults"] for each in told["points"]] == [3, 1]


def test_no_control_at_all_is_one_point(run: Callable[..., Any]) -> None:
    assert len(run("sweep", NAME, "--json").json()["points"]) == 1


def test_a_point_that_fails_leaves_the_others(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lab_kernel.errors import BadInput

    real = explore.Explorable.view

    def view(self: explore.Explorable, **given: Any) -> explore.View:
        if given["frames"] == 2:
            raise BadInput("frames", "two is not liked")
        return real(self, **given)

    monkeypatch.setattr(explore.Explorable, "view", view)
    done = run("sweep", NAME, "frames=1-3")
    assert done.code == 2
    assert done.err == "lab-kernel: frames=2: two is not liked\n"
    assert [line.split()[1] for line in done.out.splitlines()[1:]] == ["20", "-", "12"]
    points = [*run("sweep", NAME, "frames=1-3", "--json").out.splitlines()]
    assert len(points) == 1 and "two is not liked" in points[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], f"NAME: choose one of: {explore.names()[0]}"),
        (["nothing"], "NAME: there is no “nothing”"),
        ([NAME, "frames"], "frames: write it as CONTROL=VALUES"),
        ([NAME, "colour=red"], "colour: there is no such control; choose one of: policy"),
        ([NAME, "frames=3,many"], "frames: “many”"),
        ([NAME, "frames=0-3"], "frames: “0”"),
        ([NAME, "frames=4-1"], "frames: “4-1” is no range"),
        ([NAME, "frames=1-999999999"], "frames: “1-999999999” is no range"),
        ([NAME, "frames="], "frames: “”"),
        ([NAME, "policy=best"], "policy: “best”"),
        ([NAME, "frames=3", "--jobs", "0"], "--jobs: “0”"),
        ([NAME, "frames=3", "--jobs", "many"], "--jobs: “many”"),
    ],
)
def test_refusals(run: Callable[..., Any], words: list[str], says: str) -> None:
    assert run("sweep", *words).refusal().startswith(says)
