"""The explorables of the chapter on sagas: what they draw is what its simulators did."""

from __future__ import annotations

import pytest

from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "microservices/saga/"
    declared = ("between", "crash", "duplicates", "outbox")
    refused = (
        ("crash", "method", "hope"),
        ("crash", "step", 29),
        ("between", "step", 0),
        ("duplicates", "keys", "all"),
        ("outbox", "step", 5),
    )


view = TestEveryOne.view


@pytest.mark.parametrize("declined", ["on", "off"])
def test_only_statements_for_themselves_leave_half_an_order(declined: str) -> None:
    wrong = {
        method: {
            view("crash", method=method, step=step, declined=declined).numbers["wrong"]
            for step in range(25)
        }
        for method in ("apart", "transaction", "two-phase", "saga")
    }
    assert max(wrong.pop("apart")) >= 2
    # Before its first entry in the log a saga is nothing yet; afterwards it is always finished.
    assert wrong == {"transaction": {0}, "two-phase": {0}, "saga": {0}}


def test_only_two_phase_commit_leaves_locks() -> None:
    for method, most in (("transaction", 0), ("saga", 0), ("two-phase", 4)):
        locked = [view("crash", method=method, step=n).numbers["locked"] for n in range(1, 25)]
        assert max(locked) == most, method


def test_only_a_saga_can_be_read_half_done() -> None:
    assert view("between", method="transaction").numbers["neither"] == 0
    assert view("between", method="two-phase").numbers["neither"] == 0
    assert view("between", method="saga").numbers["neither"] > 10
    assert "came to nothing" in view("between", step=10).says
    assert "perhaps later" in view("between", step=10, holds="on").says
    assert "waits" in view("between", method="two-phase", step=11).says


def test_who_is_charged_twice() -> None:
    fates, crashes = ("arrives", "lost", "unanswered", "twice", "late"), ("never", "answer")
    charged = {
        (keys, fate, crash): view("duplicates", keys=keys, fate=fate, crash=crash).numbers[
            "charged"
        ]
        for keys in ("none", "apart", "together")
        for fate in fates
        for crash in crashes
    }
    assert {n for (keys, *_), n in charged.items() if keys != "none"} == {1}
    assert charged["none", "lost", "never"] == charged["none", "arrives", "never"] == 1
    assert charged["none", "arrives", "answer"] == charged["none", "unanswered", "never"] == 2
    assert view("duplicates", keys="apart", fate="arrives", crash="write the key").numbers == {
        "charged": 2
    }
    assert view("duplicates", keys="together", crash="write the key").numbers == {"charged": 1}


def test_two_phase_commit_can_be_read_torn_across_databases() -> None:
    """Each row is right; but three databases do not commit in the same instant."""
    assert view("between", method="two-phase", declined="off").numbers["neither"] == 4
    assert view("between", method="transaction", declined="off").numbers["neither"] == 0
