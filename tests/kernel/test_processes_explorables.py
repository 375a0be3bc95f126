"""The explorables of the processes chapter: what they draw is what the oracles say."""

from __future__ import annotations

import re

import pytest

from lab_kernel import host
from lab_kernel.explore.kernel.processes import eevdf, inputs, nice, recorded, rows, states
from lab_kernel.explore.kernel.processes.rows import Stay
from lab_kernel.kernel.scheduler import WEIGHTS, parse_jobs, schedule
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "kernel/processes/"
    declared = (
        "compare",
        "cpus",
        "deadlines",
        "eevdf",
        "feedback",
        "gantt",
        "nice",
        "recorded",
        "states",
    )
    refused = (
        ("gantt", "policy", "best"),
        ("gantt", "quantum", 0),
        ("gantt", "jobs", ""),
        ("gantt", "jobs", "A:0:61"),
        ("gantt", "jobs", "A:61:1"),
        ("gantt", "jobs", "A:0:4:io=1/61"),
        ("gantt", "jobs", "A:0:1,A:0:1"),
        ("gantt", "jobs", "averylongname:0:1"),
        ("gantt", "jobs", ",".join(f"{n}:0:1" for n in range(7))),
        ("compare", "measure", "luck"),
        ("feedback", "jobs", "A:0"),
        ("nice", "nices", "0,2"),
        ("eevdf", "jobs", "A:0:1:nice=20"),
        ("eevdf", "step", 0),
        ("recorded", "who", "macos"),
        ("deadlines", "tasks", "5/4"),
        ("deadlines", "tasks", "1/4,"),
        ("deadlines", "tasks", "1/397,1/389"),
        ("deadlines", "tasks", ",".join(["1/9"] * 6)),
        ("cpus", "jobs", "A:0:4:cpu=1"),
        ("states", "parent", "sleeps"),
    )


view = TestEveryOne.view


# What they say


def test_the_textbook_means() -> None:
    """Silberschatz, Operating System Concepts, 5.3.2; OSTEP, homework of chapter 7."""
    assert "waiting 6.50" in view("gantt", policy="srtf").says
    drawn = view("gantt", jobs="A:0:5,B:0:2,C:0:3", quantum=1)
    assert "response 1.00, turnaround 7.67, waiting 4.33" in drawn.says


def test_rows_fill_a_life_without_gaps() -> None:
    done = schedule(parse_jobs("A:0:5:io=2/3,B:1:4"), "rr")
    trace = rows.of_schedule(done)
    for job in done.jobs:
        at = job.arrival
        for event in trace.where(track=job.name):
            assert event.time == at
            at += event.duration
        assert at == job.finish
        ran = sum(e.duration for e in trace.where(track=job.name, kind="running"))
        ready = sum(e.duration for e in trace.where(track=job.name, kind="ready"))
        assert (ran, ready) == (job.burst, job.waiting)


def test_a_cut_keeps_what_overlaps() -> None:
    trace = rows.by_job({"A": Stay(0, 10)}, {"A": [Stay(2, 6)]}, {})
    cut = rows.cut(trace, 4, 8)
    assert [(e.kind, e.time, e.duration) for e in cut] == [("running", 4, 2), ("ready", 6, 2)]


def test_no_policy_is_best_at_everything_here() -> None:
    said = view("compare").says
    assert "No policy is best" in said and "turnaround 24.00 (SRTF)" in said
    assert "one policy is best" in view("compare", jobs="A:0:3").says


def test_gaming_pays_only_where_io_forgives() -> None:
    cheating, fair = (view("feedback", stay=stay).says for stay in (True, False))
    assert "gamer 1" in cheating.partition("Lowest")[2]
    assert "gamer 3" in fair.partition("Lowest")[2]


@pytest.mark.parametrize("policy", ["eevdf", "cfs"])
@pytest.mark.parametrize("nices", [(0, 1, 5), (0, 5, 10, 19)])
def test_shares_follow_the_weights(policy: str, nices: tuple[int, ...]) -> None:
    """Of fact K03: how long. The recorded shares are held to the same in tests/host."""
    for share, promised in zip(nice.simulated(policy, nices, 2000), nice.parts(nices), strict=True):
        assert share == pytest.approx(promised, abs=0.005)


def test_every_decision_of_eevdf_by_its_rule() -> None:
    """Eligible means lag >= 0; of those the earliest virtual deadline runs; lags add up to 0."""
    jobs = inputs.jobs(5, 60)(eevdf.JOBS)
    _done, decisions = eevdf.run(jobs, 2)
    assert len(decisions) > 10
    for decision in decisions:
        assert sum(task.lag for task in decision.ready) == pytest.approx(0, abs=1e-3)
        eligible = [task for task in decision.ready if task.eligible]
        first = min(eligible, key=lambda task: task.deadline)
        assert decision.picked == first.name
    assert "Decision 1 of" in view("eevdf", step=1).says


def test_a_short_slice_goes_first_and_gets_no_more() -> None:
    """What the prediction of the picture asks, and what its sentence answers."""
    jobs = inputs.jobs(5, 60)(eevdf.JOBS)
    first = eevdf.first_of_several(eevdf.run(jobs, 2)[1][: eevdf.STEPS])
    assert first["short"] > 2 * first["long"]
    parts = eevdf.long_run(jobs, 2)
    assert sum(parts.values()) == pytest.approx(1)
    assert parts["short"] == pytest.approx(parts["long"], abs=0.01)
    said = view("eevdf").says
    assert "Ticks so far: short 8, long 8, nice5 3." in said
    assert "In a long run: short 43%, long 43%, nice5 14%." in said


def test_which_when_and_how_long() -> None:
    """Fact K03: one workload under four pickers, its order, first runs and shares."""
    jobs = parse_jobs("A:0:30,B:0:30,C:0:30:nice=5")
    runs = {name: schedule(jobs, name) for name in ("fcfs", "rr", "cfs", "eevdf")}
    orders = {name: [segment.job for segment in run.segments] for name, run in runs.items()}
    assert len({tuple(order) for order in orders.values()}) == 4  # which
    first = {name: run.jobs[2].first_run for name, run in runs.items()}
    assert first == {"fcfs": 60, "rr": 4, "cfs": 12, "eevdf": 4}  # when
    total = 2 * WEIGHTS[0] + WEIGHTS[5]
    for until in range(1, 70):  # how long, for as long as all three are there
        for job, weight in zip("ABC", (WEIGHTS[0], WEIGHTS[0], WEIGHTS[5]), strict=True):
            ran = sum(
                max(0, min(s.end, until) - s.start) for s in runs["eevdf"].segments if s.job == job
            )
            assert abs(ran - until * weight / total) <= 2  # a slice


def test_a_short_slice_waits_less_at_the_same_share() -> None:
    """Fact K03: lower latency at equal weight."""
    hogs = "hog1:0:600,hog2:0:600"
    waits = [
        schedule(parse_jobs(f"{hogs},it:0:40:io=1/12:slice={n}"), "eevdf", quantum=4)
        .jobs[2]
        .waiting
        for n in (1, 4, 8)
    ]
    assert waits[0] < waits[1] <= waits[2]
    run = schedule(parse_jobs("s:0:200:slice=1,l:0:200:slice=8"), "eevdf")
    ran = [
        sum(min(s.end, 200) - min(s.start, 200) for s in run.segments if s.job == j) for j in "sl"
    ]
    assert ran == [100, 100]


def test_the_recorded_cpu_is_drawn_as_a_simulated_one() -> None:
    trace, unit = recorded.seen("linux")
    assert unit == 1000 and set(trace.tracks()) == set(recorded.NAMES)
    assert host.recording("sched").metadata["date"] in view("recorded").says
    simulated, _unit = recorded.seen("eevdf")
    assert set(simulated.counts()) == set(trace.counts()) == {"running", "ready", "blocked"}
    for name in ("nice 0", "nice 1", "nice 5"):
        assert not trace.where(track=name, kind="blocked")


def test_deadlines() -> None:
    """Liu and Layland 1973: above the bound rate-monotonic may miss what EDF meets."""
    late, met = view("deadlines", policy="rm").says, view("deadlines", policy="edf").says
    assert "82.8%" in late and "B may be late" in late and "1 of 13 releases are late" in late
    assert "every deadline is met" in met
    assert "1, 3, 10" in view("deadlines", tasks="1/4,2/6,3/12").says
    assert "surely admitted" in view("deadlines", tasks="1/4,1/5").says
    assert "refused" in view("deadlines", policy="edf", tasks="3/4,2/5").says


def test_queues_of_their_own_move_fewer_jobs() -> None:
    one, each = view("cpus").says, view("cpus", queues=True).says
    moved = [int(re.findall(r"(\d+) times? a job", said)[0]) for said in (one, each)]
    assert moved[1] < moved[0]
    assert "0 times" in view("cpus", cpus=1).says


@pytest.mark.parametrize(
    ("parent", "kill", "expected"),
    [
        ("waits", False, "with 7 at tick 13. Its parent was waiting"),
        ("late", False, "A zombie for 4 ticks"),
        ("never", False, "Nobody asked"),
        ("first", False, "init took it over"),
        ("late", True, "by SIGKILL"),
    ],
)
def test_zombies(parent: str, kill: bool, expected: str) -> None:
    assert expected in view("states", parent=parent, kill=kill).says
    drawn = view("states", parent=parent, kill=kill).figures[0].svg
    assert ">parent<" in drawn and ">child<" in drawn and "parent.3" not in drawn
    machine = states.run(parent, 4, kill)
    assert not machine.processes  # the kernel has forgotten both
