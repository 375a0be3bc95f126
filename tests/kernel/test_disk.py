"""Disk scheduling against worked examples of the textbooks, and what each policy promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.disk import Run, parse_requests, serve
from lab_kernel.kernel.elevator import ELEVATORS, Deadline, Request

# Silberschatz, Galvin, Gagne, "Operating System Concepts", chapter "Mass-Storage Structure"
QUEUE = parse_requests("98,183,37,122,14,124,65,67")
DISTANCES = {
    ("fcfs", True): 640,
    ("sstf", True): 236,
    ("scan", False): 236,
    ("look", False): 208,
    ("c-scan", True): 382,
    ("c-look", True): 322,
}

requests = st.lists(
    st.builds(Request, st.integers(0, 199), st.integers(0, 300), st.booleans()),
    min_size=1,
    max_size=25,
)
policies = st.sampled_from(sorted(ELEVATORS))


@pytest.mark.parametrize(("policy", "rising"), DISTANCES)
def test_the_textbooks_queue(policy: str, rising: bool) -> None:
    done = serve(QUEUE, policy, head=53, rising=rising)
    assert done.distance == DISTANCES[policy, rising]


def test_the_way_of_the_elevators() -> None:
    def way(policy: str, rising: bool) -> list[int]:
        return serve(QUEUE, policy, head=53, rising=rising).path

    assert way("scan", False) == [53, 37, 14, 0, 65, 67, 98, 122, 124, 183]
    assert way("c-scan", True) == [53, 65, 67, 98, 122, 124, 183, 199, 0, 14, 37]
    assert way("c-look", False) == [53, 37, 14, 183, 124, 122, 98, 67, 65]


@given(requests, policies, st.integers(0, 199), st.booleans())
def test_every_request_is_served_once_and_the_head_never_idles_while_one_waits(
    asked: list[Request], policy: str, head: int, rising: bool
) -> None:
    done = serve(asked, policy, head=head, rising=rising, service=3)
    told = sorted((one.cylinder, one.arrival, one.write) for one in asked)
    assert told == sorted(
        (one.request.cylinder, one.request.arrival, one.request.write) for one in done.served
    )
    free = 0
    left = {one.request.number: one.request.arrival for one in done.served}
    for one in done.served:
        assert one.begun == max(free, min(left.values()))
        assert one.finish == one.begun + one.distance + 3
        free = one.finish
        del left[one.request.number]


@given(requests, policies)
def test_no_policy_sees_what_has_not_come(asked: list[Request], policy: str) -> None:
    assert all(one.waiting >= 0 for one in serve(asked, policy).served)


@given(st.lists(st.integers(0, 199), min_size=1, max_size=30), st.integers(0, 199))
def test_a_sweep_is_no_longer_than_the_disk(cylinders: list[int], head: int) -> None:
    asked = [Request(cylinder) for cylinder in cylinders]
    for policy, most in (("look", 2), ("scan", 2), ("c-look", 3), ("c-scan", 3)):
        assert serve(asked, policy, head=head).distance <= most * 199
    look, scan = (serve(asked, policy, head=head).distance for policy in ("look", "scan"))
    assert look <= scan


def served(done: Run) -> list[int]:
    return [one.request.cylinder for one in done.served]


def test_sstf_leaves_the_far_one_to_wait_and_look_does_not() -> None:
    near = [Request(50 + n % 3, 2 * n) for n in range(200)]
    far = Request(190, 1)
    assert served(serve([far, *near], "sstf", head=50, service=2))[-1] == 190
    assert served(serve([far, *near], "look", head=50, service=2)).index(190) < 10


def test_deadline_puts_reads_first_and_lets_no_write_starve() -> None:
    reads = [Request(10 + n, 0) for n in range(50)]
    write = Request(100, 0, write=True)
    order = served(serve([write, *reads], Deadline(batch=4, starved=2)))
    assert order.index(100) == 8  # after two batches of four reads


def test_deadline_goes_back_for_whoever_waited_too_long() -> None:
    stream = [Request(50 + n % 20, n) for n in range(200)]
    late = Request(5, 3)
    places = [
        served(serve([*stream, late], policy, head=50)).index(5)
        for policy in (Deadline(batch=4, read=30), "sstf")
    ]
    assert places[0] < 40
    assert places[1] > 100


def test_deadline_goes_on_where_the_last_batch_of_its_kind_ended() -> None:
    reads = [Request(cylinder) for cylinder in (10, 20, 30, 40)]
    writes = [Request(cylinder, write=True) for cylinder in (5, 15, 25, 35)]
    order = served(serve(reads + writes, Deadline(batch=2, starved=1)))
    assert order == [10, 20, 5, 15, 30, 40, 25, 35]
    higher, lower = Request(90, 0), [Request(60, 1), Request(30, 2)]
    assert served(serve([higher, *lower], Deadline(), head=90)) == [90, 60, 30]


def test_what_cannot_be() -> None:
    with pytest.raises(BadInput, match="0 to 199"):
        serve([Request(200)])
    with pytest.raises(BadInput, match="0 to 9"):
        serve([Request(1)], head=10, cylinders=10)
    with pytest.raises(BadInput, match="no request"):
        serve([])
    with pytest.raises(BadInput, match="fcfs"):
        serve([Request(1)], "lifo")
    for line in ("", "1,,2", "x", "1@", "-1", "1.5", "1@99999999"):
        with pytest.raises(BadInput, match="CYLINDER"):
            parse_requests(line)
    with pytest.raises(BadInput, match="at most"):
        parse_requests(",".join(["1"] * 5001))
