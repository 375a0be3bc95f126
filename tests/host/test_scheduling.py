"""What a real scheduler did: shares by nice value, and what perf saw."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lab_kernel import host
from lab_kernel.errors import BadInput
from lab_kernel.host import nice, proc
from lab_kernel.host.perf import read_perf
from lab_kernel.kernel.scheduler import WEIGHTS
from lab_kernel.trace import Event
from tools.record.nice import SETS
from tools.record.sched import nameless, waited

SWITCH = "sched:sched_switch: prev_comm={} prev_pid=5 prev_prio=120 prev_state={} ==> {}"
NEXT = "next_comm={} next_pid={} next_prio=120"


def line(micros: int, last: str, state: str, following: str, pid: int = 7) -> str:
    return f"[001] 12.{micros:06}: " + SWITCH.format(last, state, NEXT.format(following, pid))


# Shares by nice value.


@pytest.mark.parametrize("nices", SETS)
def test_the_recorded_shares_are_those_of_the_weights(nices: tuple[int, ...]) -> None:
    """kernel/sched/core.c, sched_prio_to_weight; a recording, so it does not change."""
    measured = nice.recorded_shares(nices)
    assert measured.nices == nices and sum(measured.cpu_ns) > 5e9
    total = sum(WEIGHTS[value] for value in nices)
    for value, share in zip(nices, measured.shares, strict=True):
        assert share == pytest.approx(WEIGHTS[value] / total, abs=0.01)


def test_elsewhere_it_is_the_recording_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")
    measured = host.nice_shares((0, 5, 10, 19))
    assert measured.source.kind == "recording" and measured.nices == (0, 5, 10, 19)
    assert measured.why == "this is no Linux"
    assert host.nice_shares((3, 4)).nices == (0, 1, 5)  # not recorded: another set, and it says so


@pytest.mark.skipif(not proc.live(), reason="no live /proc here")
def test_what_is_not_permitted_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.setpriority", refuse)
    measured = host.nice_shares((0, 1, 5), 0.1)
    assert not measured.source.live and measured.why == "permission denied"


@pytest.mark.skipif(not proc.live(), reason="no live /proc here")
def test_live_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what holds at any speed: each has run, and none is left behind."""
    measured = host.nice_shares((0, 19), 0.1)
    if not measured.source.live:
        pytest.skip(measured.why)
    assert measured.nices == (0, 19) and measured.why == ""
    assert sum(measured.shares) == pytest.approx(1)


@pytest.mark.parametrize(
    ("nices", "seconds"), [((0,), 1), ((0, 20), 1), ((0,) * 9, 1), ((0, 1), 0), ((0, 1), 60)]
)
def test_senseless_measurements_are_bad_input(nices: tuple[int, ...], seconds: float) -> None:
    with pytest.raises(BadInput, match=r"to 19|to 10"):
        host.nice_shares(nices, seconds)


# What perf saw.


def test_perf_by_hand() -> None:
    trace = read_perf(
        [
            line(10, "a b", "S", "c"),
            "[001] 12.000014: sched:sched_wakeup: comm=a b pid=5 prio=120 target_cpu=001",
            line(20, "c", "R+", "a b"),
            "[001] 12.000025: sched:sched_waking: nonsense",
            line(26, "a b", "S", "swapper/1", 0),
            line(40, "swapper/1", "R", "c"),
            line(50, "c", "Z", "swapper/1", 0),
            "not a line of perf",
        ]
    )
    assert list(trace) == [
        Event(0, 10, "CPU 1", "run", "c", {"then": "ready"}),
        Event(4, 0, "CPU 1", "wakeup", "a b"),
        Event(10, 6, "CPU 1", "run", "a b", {"then": "blocked"}),
        Event(30, 10, "CPU 1", "run", "c", {"then": "ended"}),
    ]
    assert waited(trace, "a b") == [6]


@pytest.mark.parametrize("text", ["", "nonsense", "[001] 12.000014: sched:sched_wakeup: x"])
def test_no_switch_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput, match="perf"):
        read_perf(text.splitlines())


def test_the_recorded_run() -> None:
    text: str = host.recording("sched").data["run"]["output"]
    trace = read_perf(text.splitlines())
    runs = trace.where(kind="run")
    assert trace.tracks() == ["CPU 1"] and len(runs) > 50
    ends = 0
    for event in runs:  # one CPU runs one task at a time
        assert event.time >= ends
        ends = event.time + event.duration
    assert {"nice 0", "nice 1", "nice 5", "sleeper"} <= set(runs.counts("name"))
    assert runs.where(name="sleeper", keep=lambda e: e.details["then"] == "blocked")
    assert not runs.where(name="nice 0", keep=lambda e: e.details["then"] == "blocked")


def test_the_recorded_slices() -> None:
    """At the same share the shorter slice waits less: EEVDF on a real kernel."""
    entry = host.recording("sched").data["slices"]
    waits = {name: list(map(int, text.split())) for name, text in entry["waits_us"].items()}
    mean = {name: sum(found) / len(found) for name, found in waits.items()}
    assert 2 * mean["short"] < mean["long"]
    assert entry["cpu_ns"]["short"] == pytest.approx(entry["cpu_ns"]["long"], rel=0.1)
    assert entry["slice_ns"]["short"] < entry["slice_ns"]["long"]


def test_other_processes_have_no_name() -> None:
    said = nameless(line(10, "secret", "S", "nice 1"), {"nice 1"})
    assert "secret" not in said and "prev_comm=other prev_pid=1 " in said
    assert "next_comm=nice 1 next_pid=7" in said
    assert "swapper/1" in nameless(line(10, "nice 1", "S", "swapper/1", 0), {"nice 1"})


def test_a_zombie_was_recorded() -> None:
    text: str = host.recording("processes").data["zombie"]["output"]
    head, parent, child = (row.split() for row in text.splitlines())
    assert head[:3] == ["PID", "PPID", "STAT"]
    assert (parent[2], child[2], child[1]) == ("S", "Z", parent[0])


def test_nothing_of_ours_is_left_running() -> None:
    if not proc.live():
        pytest.skip("no live /proc here")
    from lab_kernel.host.busy import SPIN, busy

    with busy([("nice 0", SPIN)], 0, 5) as started:
        (pid,) = started.pids
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}").exists()
