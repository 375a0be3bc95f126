"""``lab-kernel schedule``: the shape of what it prints, and every wrong way to ask."""

from __future__ import annotations

import json

import pytest

from lab_kernel.cli import main

JOBS = "A:0:10,B:5:3:nice=5"


def test_the_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schedule", "--policy", "rr", "--jobs", JOBS, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "policy": "rr",
        "jobs": [
            {
                "name": "A",
                "arrival": 0,
                "burst": 10,
                "first_run": 0,
                "finish": 13,
                "response": 0,
                "turnaround": 13,
                "waiting": 3,
            },
            {
                "name": "B",
                "arrival": 5,
                "burst": 3,
                "first_run": 6,
                "finish": 11,
                "response": 1,
                "turnaround": 6,
                "waiting": 3,
            },
        ],
        "mean": {"response": 0.5, "turnaround": 9.5, "waiting": 3.0},
        "makespan": 13,
        "context_switches": 4,
        "segments": [
            {"cpu": 0, "job": "A", "start": 0, "end": 6},
            {"cpu": 0, "job": "B", "start": 6, "end": 8},
            {"cpu": 0, "job": "A", "start": 8, "end": 10},
            {"cpu": 0, "job": "B", "start": 10, "end": 11},
            {"cpu": 0, "job": "A", "start": 11, "end": 13},
        ],
    }


def test_a_missed_deadline_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["schedule", "--policy", "rm", "--jobs", "A:0:25:period=50,B:0:35:period=80", "--json"]
    assert main(line) == 0
    jobs = json.loads(capsys.readouterr().out)["jobs"]
    assert [job["name"] for job in jobs if job["missed"]] == ["B"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_text_shows_every_job(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["schedule", "--policy", "mlfq", "--jobs", JOBS, "--quantum", "2,4,8"]
    assert main([*line, "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert "CPU 0" in shown and "0-5" in shown
    assert ("반환" if language == "ko" else "turnaround") in shown


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--jobs", "A:0"], "--jobs"),
        (["--jobs", JOBS, "--policy", "best"], "--policy"),
        (["--jobs", JOBS, "--quantum", "0"], "--quantum"),
        (["--jobs", JOBS, "--quantum", "2,4"], "--quantum"),
        (["--jobs", JOBS, "--policy", "mlfq", "--quantum", "2,4", "--queues", "3"], "--quantum"),
        (["--jobs", JOBS, "--policy", "mlfq", "--allotment", "x"], "--allotment"),
        (["--jobs", JOBS, "--boost", "5"], "--boost"),
        (["--jobs", JOBS, "--io-bump"], "--io-bump"),
        (["--jobs", JOBS, "--aging", "5"], "--aging"),
        (["--jobs", JOBS, "--cpus", "0"], "--cpus"),
        (["--jobs", "A:0:99999,B:0:2"], "--jobs"),
        (["--jobs", "A:0:9000:period=1,B:0:1:period=500"], "--jobs"),
        (["--jobs", "A:0:1,A:0:2"], "--jobs"),
        (["--jobs", "A:0:1:period=2,A#2:0:1,B:0:1:period=4"], "--jobs"),
        (["--jobs", JOBS, "--policy", "priority", "--quantum", "x"], "--quantum"),
        (["--jobs", "A:0:1:cpu=1", "--cpus", "2"], "--jobs"),
        (["--jobs", JOBS, "--policy", "edf"], "--jobs"),
        (["--jobs", "A:0:1:deadline=4", "--policy", "rm"], "--jobs"),
    ],
)
def test_a_wrong_line_is_refused_in_a_line(
    words: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schedule", *words]) == 2
    refused = capsys.readouterr()
    assert refused.out == ""
    assert refused.err.count("\n") == 1 and f" {named}: " in refused.err


def test_a_list_of_quanta_is_sent_to_the_policy_that_takes_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schedule", "--jobs", JOBS, "--quantum", "2,4"]) == 2
    assert "--policy mlfq" in capsys.readouterr().err


@pytest.mark.parametrize("policy", ["edf", "rm"])
def test_one_period_is_enough_for_a_policy_of_deadlines(
    policy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["schedule", "--policy", policy, "--jobs", "A:0:2:period=8,B:0:3", "--json"]
    assert main(line) == 0
    jobs = json.loads(capsys.readouterr().out)["jobs"]
    assert ["due" in job for job in jobs] == [True, False]
