"""The explorables of the chapter on the two modes: what they draw is what the machine did."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel import host
from lab_kernel.explore.kernel.modes import boot, border, entry, faults, price
from lab_kernel.kernel.drivers.pseudo import Zero
from lab_kernel.kernel.machine import Costs, Machine
from lab_kernel.kernel.subsystems import CALLS, JOBS, by_job
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "kernel/modes/"
    declared = ("boot", "copy", "crossings", "double-fetch", "entry", "fault", "microkernel")
    refused = (
        ("fault", "fault", "sneeze"),
        ("fault", "mode", "root"),
        ("entry", "cause", "luck"),
        ("copy", "call", "open"),
        ("copy", "layout", "none"),
        ("copy", "offset", -1),
        ("copy", "count", 8193),
        ("double-fetch", "handler", "lazy"),
        ("double-fetch", "when", 5),
        ("double-fetch", "then", 256),
        ("crossings", "buffer", "3"),
        ("crossings", "call", 0),
        ("microkernel", "kernel", "exokernel"),
        ("microkernel", "average", 5),
        ("boot", "skip", "everything"),
    )


view = TestEveryOne.view


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text.replace(",", ""))]


# The same mistake in both modes


@pytest.mark.parametrize("name", faults.FAULTS)
@pytest.mark.parametrize("mode", ["user", "kernel"])
def test_who_ends_and_what_is_given_back(name: str, mode: str) -> None:
    drawn = view("fault", fault=name, mode=mode)
    lines, account = (figure.description for figure in drawn.figures)
    wrong_anywhere = name in ("null", "divide")
    before = (
        "page frames: 3 before, {0} after. open files: 4 before, {1} after."
        " pipe ends: 2 before, {2} after. children: 1 before, {3} after."
    )
    if mode == "user":
        assert ("SIGFPE" if name == "divide" else "SIGSEGV") in drawn.says
        assert account == before.format(0, 0, 0, 0)
        assert "bystander: 18 in user mode" in lines
    else:
        assert ("panics" in drawn.says) == wrong_anywhere
        assert account == before.format(3, 4, 2, 1)
        assert ("bystander: 18 in user mode" in lines) != wrong_anywhere


@pytest.mark.parametrize(
    ("cause", "inside"),
    [("syscall", (4, 6)), ("page-fault", (5, 7)), ("timer", (4, 6)), ("divide", None)],
)
def test_the_way_in_and_out(cause: str, inside: tuple[int, int] | None) -> None:
    modes, survived = entry.run(cause)
    pieces = [(e.time, e.time + e.duration) for e in modes if e.kind == "kernel mode"]
    assert pieces == ([inside] if inside else [])
    assert survived == (inside is not None)
    assert modes.events[-1].time + modes.events[-1].duration == (
        4 if inside is None else inside[1] + 4
    )


def test_vectors_of_the_processor() -> None:
    """Intel SDM, volume 3, "Protected-Mode Exceptions and Interrupts": 0 #DE, 13 #GP, 14 #PF."""
    vectors = {name: cause.vector for name, cause in entry.CAUSES.items()}
    assert vectors == {"syscall": None, "page-fault": 14, "timer": 236, "divide": 0, "hlt": 13}


# The border


@given(st.integers(0, 8191), st.integers(1, 8192), st.sampled_from(["read", "write"]))
@settings(max_examples=15)
def test_the_pieces_are_the_buffer(offset: int, count: int, call: str) -> None:
    parts = border.pieces(offset, count)
    assert sum(length for _page, length in parts) == count
    assert [page for page, _length in parts] == list(
        range(offset // 4096, (offset + count - 1) // 4096 + 1)
    )
    assert border.transfer(call, "good", offset, count) == count
    touches = any(page == border.BAD for page, _length in parts)
    assert border.transfer(call, "hole", offset, count) == (-14 if touches else count)  # EFAULT
    writes = touches and call == "read"  # the kernel would write into the read-only page
    assert border.transfer(call, "read-only", offset, count) == (-14 if writes else count)


def test_the_example_of_the_question() -> None:
    assert "3 pieces are copied, 1,096 + 4,096 + 808 bytes" in view("copy").says
    assert "EFAULT: page 2" in view("copy", layout="hole").says
    assert "3 pieces" in view("copy", layout="read-only").says
    assert "EFAULT" in view("copy", layout="read-only", call="read").says


def test_the_race_is_lost_at_two_moments() -> None:
    lost = [when for when in range(5) if "overwritten" in view("double-fetch", when=when).says]
    assert lost == [1, 2]
    assert all(
        "overwritten" not in view("double-fetch", handler="careful", when=when).says
        for when in range(5)
    )
    assert "which fit" in view("double-fetch", when=1, then=12).says


# The price


@pytest.mark.parametrize("size", price.SIZES)
def test_two_calls_for_each_buffer(size: int) -> None:
    assert price.simulated(size, 3) == (2 * 4096 // size, 3 * 2 * 4096 // size)


def test_a_machine_takes_so_many_ticks() -> None:
    machine = Machine(devices={"/dev/console": Zero("zero")}, costs=Costs(call=3))
    machine.spawn(price.dd, 64, price.SIMULATED)
    assert machine.run().clock.now == 3 * price.calls_of(64) == 3 * 128


def test_the_recording_says_the_same_of_a_real_kernel() -> None:
    """Fewer calls take less time, and nearly all of it is the calls' own."""
    recorded = host.recording("modes").data
    rows = recorded["copies"]["rows"]
    times = [row["cpu"] for row in rows]
    assert times == sorted(times, reverse=True)
    assert times[0] > 100 * times[3]
    empty = 2 * recorded["copies"]["total"] * recorded["crossing"]["system_call"] / 1e9
    assert 0.3 * times[0] < empty < 1.2 * times[0]
    assert "8,192 system calls" in view("crossings", buffer="1").says


# One driver, two kernels


def test_what_the_crash_takes_down() -> None:
    monolithic = view("microkernel", kernel="monolithic", average=0)
    assert "panics (Read: divide error" in monolithic.says
    survived = view("microkernel", average=0)
    assert "EIO, 210, 214" in survived.says
    # The setting 0 is gone with the server that knew it.
    assert "212, 216, 212" in view("microkernel", average=2).says
    assert "212, 216, 212" in view("microkernel", kernel="monolithic", average=2).says


def test_the_price_in_calls() -> None:
    """Eight calls of the client; the server's are receive, a register each, answer."""
    said = view("microkernel", average=2).figures[1].description
    mono_calls, mono_switches, _ticks, micro_calls, micro_switches, _more = numbers(said)
    assert (mono_calls, mono_switches) == (8, 0)
    assert micro_calls == 8 + 2 + 2 + 3 * (1 + 2 + 1)  # fork and open; one ioctl; three reads
    assert micro_switches > 2 * 4


# One program, four jobs (fact K01)


def test_one_program_touches_all_four_subsystems() -> None:
    parts = by_job(boot.started().trace)
    assert list(parts) == list(JOBS)
    assert all(len(parts[job]) > 0 for job in JOBS)
    refused = [event for event in parts[CALLS] if "errno" in event.details]
    assert [event.details["errno"] for event in refused] == ["EACCES"]
    counts = dict(zip(JOBS, numbers(view("boot").says.partition(";")[0]), strict=True))
    assert counts == {job: len(parts[job]) for job in JOBS}


@pytest.mark.parametrize(("skip", "number"), [("memory", 0), ("device", 2), ("secret", 4)])
def test_each_job_leaves_its_trace_only_when_it_is_done(skip: str, number: int) -> None:
    counts = numbers(view("boot", skip=skip).says)
    assert counts[number] == 0  # memory's, the device's, and the refused calls
