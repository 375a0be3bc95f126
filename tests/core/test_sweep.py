"""sweep(): the same results on every executor, in the order of the grid.

The executors are those of concurrent.futures and of dask.distributed; the interface is described
in the Python documentation, "concurrent.futures", Executor Objects.
"""

from __future__ import annotations

import io
import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.language import language
from lab_kernel.sweep import MOST, PointFailed, Progress, points, seed_of, sweep


@pytest.fixture(scope="module")
def swept() -> Iterator[Any]:
    """Their module, found by other processes, too: they start with this one's path."""
    here = str(Path(__file__).parent)
    sys.path.insert(0, here)
    try:
        import swept

        yield swept
    finally:
        sys.path.remove(here)


@pytest.fixture(scope="module")
def processes(swept: Any) -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


@pytest.fixture(scope="module")
def dask(swept: Any) -> Iterator[Executor]:
    """A cluster of one process on the loopback interface, without its web page."""
    distributed = pytest.importorskip("distributed")
    local = {"host": "127.0.0.1", "scheduler_port": 0, "dashboard_address": None}
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, memory_limit="1GiB", silence_logs=50, **local
        ) as cluster,
        distributed.Client(cluster) as client,
        client.get_executor() as executor,
    ):
        yield executor


class Reversed(Executor):
    """Finishes what was handed in last first, when the result of any is asked for."""

    def __init__(self, finish: int | None = None) -> None:
        self.futures: list[Future[Any]] = []
        self._calls: list[Callable[[], Any]] = []
        self._finish = finish

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.futures.append(future)
        self._calls.append(lambda: fn(*args, **kwargs))
        if len(self.futures) == self._finish:
            for each, call in list(zip(self.futures, self._calls, strict=True))[::-1]:
                each.set_result(call())
        return future


GRIDS = st.fixed_dictionaries(
    {
        "x": st.lists(st.integers(-9, 9), min_size=1, max_size=3),
        "word": st.lists(st.text("ab가", max_size=2), min_size=1, max_size=2),
    }
)


@settings(max_examples=12)
@given(grid=GRIDS, seed=st.integers(0, 3) | st.none())
def test_identical_on_every_executor(
    swept: Any, processes: Executor, dask: Executor, grid: dict[str, list[Any]], seed: int | None
) -> None:
    here = sweep(swept.mixed, grid, seed=seed)
    assert [dict(each.parameters) for each in here] == points(grid)
    with ThreadPoolExecutor(2) as threads:
        for executor in (Reversed(len(here)), threads, processes, dask):
            there = sweep(swept.mixed, grid, seed=seed, executor=executor)
            assert there.values() == here.values()
            assert list(there) == list(here)


def test_the_last_name_turns_fastest(swept: Any) -> None:
    done = sweep(swept.mixed, {"x": (1, 2), "word": ("a", "b")})
    assert [str(each) for each in done] == [
        "x=1, word='a'",
        "x=1, word='b'",
        "x=2, word='a'",
        "x=2, word='b'",
    ]
    assert points({}) == [{}]


def test_a_seed_belongs_to_the_point(swept: Any) -> None:
    """It is that of the point alone: the same in a larger grid, in another order of names."""
    small = sweep(swept.mixed, {"x": (1, 2), "word": ("a",)}, seed=7)
    large = sweep(swept.mixed, {"word": ("b", "a"), "x": (0, 1, 2)}, seed=7)
    assert small.values() == large.values()[-2:]
    assert len({seed_of(7, each.parameters) for each in large}) == len(large)
    assert seed_of(7, {"x": 1}) != seed_of(8, {"x": 1}) != seed_of(8, {"x": 1.0})
    assert seed_of(1, {}) == 3713028616834507289  # for ever: a page may quote a seeded result


def test_one_failing_point_takes_no_other_with_it(
    swept: Any, processes: Executor, dask: Executor
) -> None:
    for executor in (None, processes, dask):
        with pytest.raises(PointFailed) as caught:
            sweep(swept.inverse, {"x": (1, 0, 4)}, executor=executor)
        assert str(caught.value) == "the point x=0 failed: ZeroDivisionError: division by zero"
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
        assert caught.value.done.values() == [1, None, 0.25]
        assert [str(each) for each in caught.value.done.failures()] == ["x=0"]
    with pytest.raises(PointFailed, match=r"x=0 .* \(so did 1 more of 3\)"):
        sweep(swept.inverse, {"x": (0, 0, 1)})


def test_an_exception_that_cannot_travel_is_told_in_words(swept: Any, processes: Executor) -> None:
    """Unpickled in the pool's own thread, it would break the pool."""
    with pytest.raises(PointFailed, match="x=2 failed: RuntimeError: Stubborn: not two") as caught:
        sweep(swept.stubborn, {"x": (1, 2, 3)}, executor=processes)
    assert caught.value.done.values() == [1, None, 3]


def test_bad_input_comes_back_whole(processes: Executor) -> None:
    with pytest.raises(PointFailed) as caught:
        sweep(points, {"grid": ({"x": [1]}, {"x": []})}, executor=processes)
    cause = caught.value.__cause__
    assert isinstance(cause, BadInput) and cause.argument == "x"
    assert "in points" in "".join(cause.__notes__)  # where it was raised, over there


def test_what_cannot_be_sent_is_refused(
    swept: Any, processes: Executor, dask: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = threading.Lock()
    here = [lambda x: x, type("Local", (), {"__call__": lambda self, x: x})()]
    for function, executor in ((here[0], processes), (here[1], processes)):
        with pytest.raises(BadInput, match=r"^function: .* cannot be sent to another process"):
            sweep(function, {"x": (1,)}, executor=executor)
    with pytest.raises(BadInput, match="cannot be sent to another process"):
        sweep(lambda x: lock, {"x": (1,)}, executor=dask)
    assert sweep(here[0], {"x": (1,)}, executor=dask).values() == [1]  # Dask sends the code
    with ThreadPoolExecutor(1) as threads:
        assert sweep(here[0], {"x": (1,)}, executor=threads).values() == [1]
    # as in a notebook, whose functions a fresh process looks for in vain
    main = type(sys)("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    monkeypatch.setattr(swept.inverse, "__module__", "__main__")
    main.inverse = swept.inverse  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match="in a notebook or at the prompt"):
        sweep(swept.inverse, {"x": (1,)}, executor=processes)


def test_an_interrupt_cancels_what_has_not_begun(swept: Any) -> None:
    executor = Reversed()

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    class First(Reversed):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            future = super().submit(fn, *args, **kwargs)
            if len(self.futures) == 1:
                future.set_result(fn(*args, **kwargs))
            return future

    executor = First()
    with pytest.raises(KeyboardInterrupt):
        sweep(swept.inverse, {"x": (1, 2, 3)}, executor=executor, progress=interrupt)
    assert [future.cancelled() for future in executor.futures] == [False, True, True]
    ran: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        sweep(lambda x: ran.append(x), {"x": (1, 2, 3)}, progress=interrupt)
    assert ran == [1]


def test_progress_is_told_after_each_point(swept: Any) -> None:
    for executor in (None, Reversed(3)):
        told: list[tuple[int, int]] = []
        sweep(
            swept.inverse,
            {"x": (1, 2, 3)},
            executor=executor,
            progress=lambda done, total, told=told: told.append((done, total)),
        )
        assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_line_appears_after_two_seconds_and_goes() -> None:
    stream, now = io.StringIO(), [0.0]
    tell = Progress(stream, lambda: now[0])
    for second, done in ((1.9, 1), (2.0, 2), (2.05, 3), (2.2, 4), (2.3, 5)):
        now[0] = second
        tell(done, 5)
    shown = stream.getvalue().split("\r")
    assert [line.strip() for line in shown] == ["", "2 of 5", "4 of 5", "", ""]
    quick = io.StringIO()
    tell = Progress(quick, lambda: 0.0)
    tell(5, 5)
    assert quick.getvalue() == ""
    with language("ko"):
        now[0] = 0.0
        tell = Progress(stream, lambda: now[0])
        now[0] = 3.0
        tell(1, 5)
    assert "5개 가운데 1개" in stream.getvalue()


@pytest.mark.parametrize(
    ("grid", "seed", "named"),
    [
        ({"x": []}, None, "x"),
        ({"x": "abc"}, None, "x"),
        ({"x": range(1000), "y": range(MOST)}, None, "grid"),
        ({"x": [object()]}, 1, "x"),
        ({"x": [(1, [2])]}, 1, "x"),
    ],
)
def test_bad_grids(grid: dict[str, Any], seed: int | None, named: str) -> None:
    with pytest.raises(BadInput) as caught:
        sweep(dict, grid, seed=seed)
    assert caught.value.argument == named
