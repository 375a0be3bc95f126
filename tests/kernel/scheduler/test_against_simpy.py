"""Another simulator, written by others, lets every job finish at the same tick."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.kernel.scheduler import Job
from tools.bench.against_simpy import arriving, our_finishes, simpy_finishes


@pytest.mark.parametrize("cpus", [1, 2])
@pytest.mark.parametrize("quantum", [None, 4], ids=["fcfs", "rr"])
def test_every_job_ends_when_simpy_says(cpus: int, quantum: int | None) -> None:
    jobs = arriving(150, cpus)
    assert our_finishes(jobs, cpus, quantum) == simpy_finishes(jobs, cpus, quantum)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=9),
    st.integers(1, 3),
    st.sampled_from([None, 1, 2, 3]),
)
def test_ties_too(shapes: list[tuple[int, int]], cpus: int, quantum: int | None) -> None:
    """Many arrive and end at the same tick, which is where two simulators come apart."""
    jobs = [Job(f"J{n}", arrival, burst) for n, (arrival, burst) in enumerate(shapes)]
    assert our_finishes(jobs, cpus, quantum) == simpy_finishes(jobs, cpus, quantum)
