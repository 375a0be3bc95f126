"""The explorables of the chapter on control groups: what they draw is what the machine does."""

from __future__ import annotations

import re

from lab_kernel import host
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "containers/cgroups/"
    declared = ("appetite", "kubernetes", "neighbour", "recorded", "shares", "throttle")
    refused = (
        ("shares", "groups", ""),
        ("shares", "groups", "a"),
        ("shares", "groups", "a=0:1"),
        ("shares", "groups", "a=10001:1"),
        ("shares", "groups", "a=1:10"),
        ("shares", "groups", "a/x=1:1"),
        ("shares", "groups", "a=1:1 a=1:1"),
        ("shares", "groups", "a=1:1 a/x=1:1"),
        ("shares", "groups", " ".join(f"g{n}=1:1" for n in range(9))),
        ("shares", "policy", "none"),
        ("throttle", "quota", 9),
        ("throttle", "threads", 9),
        ("appetite", "swap", "lots"),
        ("neighbour", "jobs", 13),
        ("recorded", "groups", "none"),
        ("kubernetes", "limit", -1),
    )


view = TestEveryOne.view


def test_what_one_does_not_want_the_others_share() -> None:
    """cgroup-v2.rst: only active children take part, and the distribution is work-conserving."""
    says = view("shares", groups="a=100:1 b=200:1 c=700:0").says
    assert says.startswith("a 33.") and "c 0%" in says and "Together 100%" in says
    assert "a 0%. Together 0%" in view("shares", groups="a=100:0").says
    for policy in ("eevdf", "rr", "fcfs"):
        assert "a 25%" in view("shares", groups="a=100:1 b=300:1", policy=policy).says


def test_the_page_may_count_on_these_sentences() -> None:
    assert "after 710 ms instead of 150" in view("throttle").says
    assert "after 130 ms instead of 80" in view("throttle", work=80, quota=50).says
    assert "after 125 ms instead of 50" in view("throttle", work=400, quota=200, threads=8).says
    assert "never met the quota" in view("throttle", work=20).says
    says = view("appetite").says
    assert "memory.max: killed" in says and "exit code 137, while 156 of the machine's 256" in says
    assert "memory.high: done after 20," in view("appetite", wanted=120).says
    assert "with 20 pages in swap" in view("appetite", swap="100").says
    assert view("kubernetes").says.startswith("cpu.weight 35, cpu.max 50000 100000,")


def test_a_throttled_stretch_is_drawn_where_it_was() -> None:
    """The pictures hold a bar for each of seven stretches, and the table cpu.stat's counters."""
    picture, counters = view("throttle").figures
    assert picture.svg.count("<title>") >= 7 + 8
    assert "nr_throttled 7, throttled_usec 560000" in counters.description


def test_the_recording_stands_beside_the_simulation() -> None:
    drawn = view("recorded", groups="nested")
    assert host.recording("cgroups").source.date in drawn.says
    points = re.search(r"differ by (\d\.\d\d)", drawn.says)
    assert points and float(points[1]) < 0.5
    assert drawn.figures[0].description.count("a/x") == 3


def test_the_neighbour_is_named() -> None:
    assert view("neighbour", jobs=4).says.endswith("Fastest: weights 900 and 100.")
    assert "slowest request takes 10 ms without groups" in view("neighbour", jobs=0).says
