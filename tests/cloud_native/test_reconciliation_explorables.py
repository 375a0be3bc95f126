"""The explorables of reconciliation: what they draw is what the cluster does.

Figures: Kubernetes, "Nodes" (heartbeat 10 s, grace 40 s, looks every 5 s), "Taints and
Tolerations" (300 s), "Controllers".
"""

from __future__ import annotations

import pytest

from lab_kernel.cloud_native.edges import DIED, WANTED, Happening, course
from lab_kernel.explore.cloud_native.reconciliation import loop
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "cloud-native/reconciliation/"
    declared = ("levels", "loop", "node", "partition")
    refused = (
        ("levels", "lost", "5"),
        ("levels", "resync", 4),
        ("loop", "fault", "flood"),
        ("node", "back", "31"),
        ("partition", "heals", 541),
    )
    makes_room = ("levels",)


view = TestEveryOne.view


# The loop


@pytest.mark.parametrize(
    ("fault", "desired", "there"),
    [("delete", 3, 3), ("kill", 3, 3), ("more", 5, 5), ("fewer", 1, 1), ("image", 3, 3),
     ("both", 5, 5)],
)  # fmt: skip
def test_every_fault_ends_as_desired(fault: str, desired: int, there: int) -> None:
    seen = loop.looks(fault)
    assert (seen[-1].desired, seen[-1].there, seen[-1].ready) == (desired, there, there)


def test_a_deleted_pod_exists_again_at_once_and_is_ready_seconds_later() -> None:
    seen = loop.looks("delete")
    made = next(each for each in seen if ("SuccessfulCreate", 1) in each.done)
    assert made.time - 60_000 <= 50
    assert 3000 < view("loop", fault="delete").numbers["settled_ms"] < 6000


# Edges and levels


def test_one_lost_notice_is_one_pod_for_ever_or_until_the_next_look() -> None:
    died = [Happening(10, DIED)]
    found = course(3, died, lost={1}, resync=30)
    assert found.edges == ((0, 3), (10, 2))
    assert found.levels == ((0, 3), (10, 2), (30, 3))
    assert course(3, died, twice={1}).edges[-1] == (10, 4)
    assert course(3, died, twice={1}).levels == ((0, 3),)


def test_with_every_notice_once_both_do_the_same() -> None:
    happenings = [Happening(10, DIED, 2), Happening(20, WANTED, 3), Happening(30, WANTED, -1)]
    found = course(4, happenings)
    assert found.edges == found.levels == found.desired == ((0, 4), (20, 7), (30, 6))


def test_what_the_picture_says_is_counted() -> None:
    # lost at 10 s, looked at 30 s: 20 s wrong
    assert view("levels", lost="1", resync=30).numbers == {
        "wanted": 4, "edges": 3, "levels_wrong_s": 20,
    }  # fmt: skip
    assert view("levels", lost="0", twice="0").numbers["levels_wrong_s"] == 0


# A node


@pytest.mark.parametrize(("grace", "tolerates"), [(40, 300), (20, 0), (50, 60)])
def test_missed_within_the_grace_period_and_replaced_after_the_toleration(
    grace: int, tolerates: int
) -> None:
    numbers = view("node", grace=grace, tolerates=tolerates).numbers
    missed = numbers["missed_ms"]
    assert (grace - 10) * 1000 <= missed <= (grace + 5) * 1000
    assert numbers["replaced_ms"] == pytest.approx(missed + tolerates * 1000, abs=50)


def test_back_in_time_nothing_is_replaced() -> None:
    assert view("node", back="30").numbers == {"missed_ms": -1, "replaced_ms": -1}
    late = view("node", back="120").numbers
    assert late["missed_ms"] > 0 and late["replaced_ms"] == -1


# A partition


@pytest.mark.parametrize(("heals", "most"), [(60, 3), (300, 3), (450, 4)])
def test_more_run_than_desired_once_the_pods_are_given_up(heals: int, most: int) -> None:
    assert view("partition", heals=heals).numbers == {"most": most, "last": 3}
