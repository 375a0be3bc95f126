"""The shop of real HTTP services: it runs, it is measured as a client sees it, and it ends."""

from __future__ import annotations

import os

import pytest

from lab_kernel.errors import BadInput
from lab_kernel.host import loopback
from lab_kernel.host.loopback import Asked, SlowDependency, due, recorded_slow_dependency
from lab_kernel.host.recorded import LIVE


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture(scope="module")
def short() -> SlowDependency:
    return loopback.slow_dependency(100, optional=True, seconds=0.5)


def test_it_is_measured_here(short: SlowDependency) -> None:
    assert short.source.live and not short.why
    assert [each.due for each in short.asked] == [round(1000 * t, 1) for t in due(40, 1.5, 0)]
    assert {each.status for each in short.asked} == {200}


def test_no_request_is_answered_before_its_work_is_done(short: SlowDependency) -> None:
    """The gateway's 2 ms, catalog's 5, and stock's 8 beside price's 5: work is a sleep at least."""
    assert min(each.took for each in short.stage("before").asked) >= 15


def test_a_slow_service_that_is_optional_costs_its_timeout(short: SlowDependency) -> None:
    assert short.stage("slow").percentile(50) > 100 > short.stage("before").percentile(50)


def test_without_it_there_is_no_answer() -> None:
    with loopback.running(20, optional=False) as services:
        services.change("stock", 400)
        statuses = [loopback.ask(services.port, 0, 0).status for _number in range(6)]
    assert statuses[-1] == 503


def test_every_process_ends_also_after_an_error() -> None:
    with (
        pytest.raises(RuntimeError, match="stop"),
        loopback.running(None, optional=False) as services,
    ):
        pids = [process.pid for process in services.processes.values()]
        assert len(pids) == 4 and all(map(alive, pids))
        raise RuntimeError("stop")
    assert not any(map(alive, pids))


def test_a_service_that_does_not_start_is_an_error() -> None:
    services = loopback.Services()
    broken = loopback.Part(work=1, workers=None)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="gateway"):
        services.start("gateway", broken, None, False)
    services.processes["gateway"].communicate()


def test_percentiles_are_of_the_nearest_rank() -> None:
    asked = tuple(Asked(10 * n, n, 200 if n % 4 else 0) for n in range(1, 101))
    found = SlowDependency(LIVE, None, False, 0.4, asked)
    assert (found.percentile(50), found.percentile(99), found.percentile(100)) == (50, 99, 100)
    assert found.answered == 0.75
    assert [len(found.stage(name).asked) for name in loopback.STAGES] == [39, 40, 21]


@pytest.mark.parametrize(
    ("given", "names"),
    [({"seconds": 0}, "seconds"), ({"rate": 1000}, "rate"), ({"timeout_ms": 0}, "timeout_ms")],
)
def test_bad_input_is_refused_before_anything_starts(given: dict[str, float], names: str) -> None:
    with pytest.raises(BadInput) as refused:
        loopback.slow_dependency(**given)
    assert refused.value.argument == names


def test_elsewhere_there_is_a_recording(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    found = loopback.slow_dependency(100)
    assert not found.source.live and found.why
    assert found.asked == recorded_slow_dependency(100).asked


def test_the_recording_shows_what_the_page_says() -> None:
    """Waiting for ever: seconds for everybody. A timeout: fast, and no answer. Optional: both."""
    forever, timeout = recorded_slow_dependency(), recorded_slow_dependency(100)
    optional = recorded_slow_dependency(100, optional=True)
    slow = [each.stage("slow") for each in (forever, timeout, optional)]
    assert [each.answered for each in slow] == [1, 0, 1]
    assert slow[0].percentile(50) > 1000
    assert all(100 < each.percentile(50) < 150 for each in slow[1:])
