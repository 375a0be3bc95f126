"""The shop on the simulated cluster against the same shop as real processes.

Oracle: the recording, made by ``tools/record/loopback.py`` on a real Linux. Nothing in the
simulation was fitted to it.
"""

from __future__ import annotations

import pytest

from lab_kernel.host.loopback import RATE, SHOP, STAGES, SlowDependency, recorded_slow_dependency
from lab_kernel.microservices.loopback import shop, slow_dependency

RUNS = {"forever": (None, False), "timeout": (100, False), "optional": (100, True)}
# ms by which the real one may differ: TCP, HTTP and Python's own time for three calls in a row
CLOSE = 12


@pytest.fixture(scope="module", params=RUNS)
def pair(request: pytest.FixtureRequest) -> tuple[SlowDependency, SlowDependency]:
    timeout, optional = RUNS[request.param]
    return (
        slow_dependency(timeout, optional=optional),
        recorded_slow_dependency(timeout, optional=optional),
    )


def test_the_same_requests_came(pair: tuple[SlowDependency, SlowDependency]) -> None:
    simulated, real = pair
    assert len(simulated.asked) == len(real.asked) > 400
    for one, other in zip(simulated.asked, real.asked, strict=True):
        assert one.due == pytest.approx(other.due, abs=0.1)


def test_the_median_of_each_stage_was_predicted(
    pair: tuple[SlowDependency, SlowDependency],
) -> None:
    for stage in STAGES:
        one, other = (run.stage(stage).percentile(50) for run in pair)
        assert one == pytest.approx(other, rel=0.02, abs=CLOSE), stage


def test_so_was_the_slow_tail(pair: tuple[SlowDependency, SlowDependency]) -> None:
    one, other = (run.stage("slow").percentile(99) for run in pair)
    assert one == pytest.approx(other, rel=0.02, abs=2 * CLOSE)


def test_and_who_gets_an_answer(pair: tuple[SlowDependency, SlowDependency]) -> None:
    for stage in STAGES:
        one, other = (run.stage(stage).answered for run in pair)
        assert one == pytest.approx(other, abs=0.06), stage


def test_a_slow_service_that_has_enough_workers_is_only_slow() -> None:
    """Four workers at 80 ms do 50 a second, which is more than come."""
    found = slow_dependency(slow=80).stage("slow")
    assert 1000 * SHOP["stock"].workers / 80 > RATE
    assert found.percentile(50) < 200


def test_the_backlog_is_what_comes_less_what_is_answered() -> None:
    """The fluid model, within two standard deviations of a Poisson count."""
    found = slow_dependency(slow=400, seconds=8)
    end = 2 * found.seconds * 1000
    waiting = sum(each.due < end <= each.due + each.took for each in found.asked)
    arrived = len(found.stage("slow").asked)
    assert waiting == pytest.approx(arrived - 10 * found.seconds, abs=8)


def test_only_stock_is_optional() -> None:
    gateway = {each.name: each for each in shop(100, optional=True)}["gateway"]
    assert [(call.service, call.optional, call.timeout) for call in gateway.asks()] == [
        ("catalog", False, 100),
        ("stock", True, 100),
        ("price", False, 100),
    ]
