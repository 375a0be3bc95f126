"""The explorables of the chapter: what they draw is what is worked out here again."""

from __future__ import annotations

import re

import pytest

from lab_kernel.explore.kernel.drivers import faulty, journey, mediator, moving, overrun, waiting
from lab_kernel.language import language
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "kernel/drivers/"
    declared = (
        "dma",
        "elevator",
        "faulty",
        "journey",
        "mediator",
        "overrun",
        "polling",
        "recorded",
    )
    refused = (
        ("elevator", "requests", "200"),
        ("elevator", "requests", "1,,2"),
        ("elevator", "requests", ",".join(["1"] * 17)),
        ("elevator", "head", 200),
        ("elevator", "policy", "lift"),
        ("elevator", "direction", "left"),
    )
    makes_room = ("overrun",)


view = TestEveryOne.view


@pytest.mark.parametrize(
    ("policy", "direction", "distance"),
    [
        # Silberschatz, Galvin, Gagne, "Operating System Concepts", "Mass-Storage Structure"
        ("fcfs", "up", 640), ("sstf", "up", 236), ("scan", "down", 236), ("look", "down", 208),
        ("c-scan", "up", 382), ("c-look", "up", 322),
    ],
)  # fmt: skip
def test_the_textbooks_queue(policy: str, direction: str, distance: int) -> None:
    drawn = view("elevator", policy=policy, direction=direction)
    assert f"; {distance} cylinders" in drawn.says
    assert f"{policy.upper()} {distance}" in drawn.figures[1].description


@pytest.mark.parametrize("program", mediator.PROGRAMS)
def test_the_programs_output_does_not_depend_on_the_disk(program: str) -> None:
    """Fact K04."""
    outputs = {mediator.run(program, model)[1] for model in ("pio", "dma")}
    assert len(outputs) == 1 and outputs != {""}
    drawn = view("mediator", program=program)
    assert "byte for byte the same" in drawn.says
    assert "doorbell" in drawn.figures[1].description
    assert "doorbell" not in drawn.figures[0].description


@pytest.mark.parametrize("model", ["pio", "dma"])
def test_while_the_reader_sleeps_the_other_runs_and_polling_leaves_it_no_sleep(model: str) -> None:
    slept = {}
    for way in ("interrupts", "polling"):
        machine, board = journey.run(model, way, False)
        slept[way] = sum(e.duration for e in machine.trace.where(kind="blocked"))
        assert (board.interrupts.stolen > 0) == (way == "interrupts")
        assert machine.console.text == ""
    assert slept["polling"] == 0 < slept["interrupts"]


def test_polling_costs_by_arithmetic() -> None:
    """A look reads the status: 1 tick; each byte 2 more. 4,000 ticks, from 0 to 4,000 included."""
    cost = waiting.listen(100, 20, 4)
    assert cost.cpu == 100 * (201 + 2 * 40) / 4000 and cost.lost == 0
    # Two halves of 4 ticks; status, data and status again in the top half.
    assert waiting.listen(100, None, 4).cpu == 100 * 40 * (4 + 3 + 4) / 4000
    assert waiting.listen(1000, None, 4).cpu < waiting.listen(1000, 20, 4).cpu
    assert waiting.listen(10, None, 4).cpu > waiting.listen(10, 20, 4).cpu


@pytest.mark.parametrize("interval", [20, 37, 100])
@pytest.mark.parametrize("gap", [waiting.GAPS[0], waiting.GAPS[3], waiting.GAPS[-1]])
def test_a_byte_waits_for_half_an_interval_at_every_rate(interval: int, gap: int) -> None:
    assert waiting.listen(gap, interval, 4).latency == pytest.approx(interval / 2, rel=0.15)


def test_bytes_come_once_in_each_gap_and_off_the_beat() -> None:
    for gap in waiting.GAPS:
        assert [time // gap for time in waiting.times(gap)] == list(range(len(waiting.times(gap))))
    assert len({time % 20 for time in waiting.times(1000)}) == 10  # every second place


def test_seldom_looking_loses_bytes_and_the_control_goes_so_far() -> None:
    """16 bytes wait in the FIFO; at one in 10 ticks they have come after about 160."""
    assert waiting.listen(10, 150, 4).lost == 0 < waiting.listen(10, 200, 4).lost
    assert "loses 0 bytes" not in view("polling", interval=400).says


def test_the_second_picture_of_the_journey_enlarges_the_interrupt() -> None:
    with language("en"):
        drawn = view("journey")
        assert len(drawn.figures) == 2 and len(view("journey", way="polling").figures) == 1
    near = drawn.figures[1]
    words = re.findall(r"<text[^>]*>([^<]*)", near.svg)
    assert words.count("top half") == words.count("bottom half") == 2  # in the legend, on the bar
    assert "top half" in near.description and "reader runs" not in near.description


@pytest.mark.parametrize("what", faulty.PANICS)
def test_a_panic_is_told_in_the_readers_words(what: str) -> None:
    machine, *_others = faulty.run(what, False, False)
    with language("ko"):
        says = view("faulty", what=what).says
    assert machine.panicked and machine.panicked not in says and "Error" not in says


@pytest.mark.parametrize("blocks", [1, 5, 16])
def test_pio_moves_256_words_a_block_and_dma_none(blocks: int) -> None:
    assert moving.spent("pio", blocks, 3, 7) == (4 * blocks * 3, 14 * blocks, 256 * blocks * 3)
    assert moving.spent("dma", blocks, 3, 7) == (blocks * (3 + 2), 14 * blocks, 0)


@pytest.mark.parametrize(("fifo", "delay"), [(16, 0), (16, 150), (16, 200), (4, 200), (64, 600)])
def test_what_finds_the_fifo_full_is_lost(fifo: int, delay: int) -> None:
    levels, read, lost = overrun.fill(fifo, 10, delay)
    assert read + lost == overrun.BYTES and max(level for _time, level in levels) <= fifo
    # Bytes come at 0, 10, 20 ...; the half holds the CPU from START on, its 2 ticks included.
    came = len([n for n in range(overrun.BYTES) if overrun.START <= n * 10 < overrun.START + delay])
    assert abs(lost - max(0, came - fifo)) <= 1


@pytest.mark.parametrize(
    ("what", "options", "expected"),
    [
        ("none", {}, "gets its data"),
        ("unplugged", {}, "gets EIO"),
        ("null-pointer", {"timeout": True, "iommu": True}, "panics"),
        ("never-quiets", {}, "watchdog"),
        ("not-mine", {}, "sleeps for ever"),
        ("not-mine", {"timeout": True}, "gets EIO"),
        ("forgets", {}, "sleeps for ever"),
        ("forgets", {"timeout": True}, "gets EIO"),
        ("wild-address", {}, "overwritten"),
        ("wild-address", {"iommu": True}, "gets EIO"),
    ],
)
def test_what_it_takes_down(what: str, options: dict[str, bool], expected: str) -> None:
    says = view("faulty", what=what, **options).says
    assert expected in says
    assert ("never finishes" in says) == ("panics" in says)
    assert set(faulty.WHAT) >= {what}
