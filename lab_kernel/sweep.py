"""One function over a grid of parameters, on any executor.

    def faults(policy, frames): ...

    done = sweep(faults, {"policy": ("fifo", "lru"), "frames": (3, 4)})
    done.values()                                  # four results, in the order of the grid

``executor`` is anything with the interface of ``concurrent.futures``: a ``ProcessPoolExecutor``
for the cores of this machine, ``distributed.Client(...).get_executor()`` for those of a cluster
(where lab_kernel must be installed, too).
Without one the points are run here, one after the other, which is what a browser can do. The
results are the same on each of them: their order is the grid's, whatever is finished first, and
a seed depends on the point alone.

A point that fails does not stop the others. When all are done, ``PointFailed`` names its
parameters, and its ``done`` holds every result there is. An interrupt cancels what has not begun.

Left out: retries, and time limits for a point. The executor stays its owner's: nothing here
shuts it down.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

__all__ = ["MOST", "Outcome", "PointFailed", "Progress", "Sweep", "points", "seed_of", "sweep"]

MOST = 100_000  # points of a grid; more is a mistake in the making of it
SHOWN_AFTER = 2.0  # seconds, as everything that takes longer than that tells where it is

Tell = Callable[[int, int], object]


@dataclass(frozen=True)
class Outcome:
    """What came of one point. ``error`` is what the function raised, else None."""

    parameters: Mapping[str, Any]
    value: Any = None
    error: BaseException | None = None

    def __str__(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.parameters.items())


class Sweep(Sequence[Outcome]):
    """The outcomes in the order of the grid."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._outcomes = tuple(outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def __getitem__(self, place: Any) -> Any:
        return self._outcomes[place]

    def __repr__(self) -> str:
        return f"<Sweep of {len(self)} points, {len(self.failures())} failed>"

    def values(self) -> list[Any]:
        """What the function returned; None for a point that failed."""
        return [outcome.value for outcome in self]

    def failures(self) -> list[Outcome]:
        return [outcome for outcome in self if outcome.error is not None]


class PointFailed(Exception):
    """A point's function raised; the cause is what it raised, ``done`` the whole Sweep.

    The text names the first such point in the order of the grid, and how many more there are.
    """

    def __init__(self, done: Sweep) -> None:
        self.done = done
        self.first, *more = done.failures()
        message = _("the point {point} failed: {error}").format(
            point=self.first, error=f"{type(self.first.error).__name__}: {self.first.error}"
        )
        if more:
            message += " " + _("(so did {count} more of {all})").format(
                count=len(more), all=len(done)
            )
        super().__init__(message)


class Progress:
    """Writes ``40 of 1,000`` on one line of ``stream``, but not before two seconds have passed.

    ``clock`` tells seconds. No result depends on it.
    """

    def __init__(self, stream: Any = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._began = clock()
        self._shown = 0.0
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        now = self._clock()
        stream = sys.stderr if self._stream is None else self._stream
        if stream is None or now - self._began < SHOWN_AFTER:
            return
        if done == total:
            if self._width:  # the line is wiped: what follows is the result
                stream.write("\r" + " " * self._width + "\r")
        elif now - self._shown >= 0.1:
            line = _("{done} of {total}").format(done=f"{done:,}", total=f"{total:,}")
            stream.write("\r" + line)
            self._shown, self._width = now, 2 * len(line)  # a Hangul syllable takes two columns
        stream.flush()


def points(grid: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Every combination, the last name of the grid turning fastest; BadInput for an empty axis."""
    total = 1
    for name, values in grid.items():
        if isinstance(values, (str, bytes)) or not len(values):
            raise BadInput(name, _("give a list with at least one value"))
        total *= len(values)
    if total > MOST:
        message = _("{count} points are more than {most}")
        raise BadInput("grid", message.format(count=f"{total:,}", most=f"{MOST:,}"))
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def seed_of(seed: int, parameters: Mapping[str, Any]) -> int:
    """The seed of one point, 63 bits; it stays the same when the grid around it grows.

    It is derived from what the values look like in Python, so they must be plain ones (numbers,
    text, truth, None and tuples of them); anything else is BadInput.
    """
    for name, value in parameters.items():
        if not _plain(value):
            message = _("a seed can be derived from numbers and text, not from {kind}")
            raise BadInput(name, message.format(kind=type(value).__name__))
    text = repr((seed, sorted(parameters.items())))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1


def _plain(value: Any) -> bool:
    if type(value) is tuple:
        return all(map(_plain, value))
    return value is None or type(value) in (bool, int, float, str)


def sweep(
    function: Callable[..., Any],
    grid: Mapping[str, Sequence[Any]],
    *,
    executor: Executor | None = None,
    seed: int | None = None,
    progress: Tell | None = None,
) -> Sweep:
    """Call ``function(**parameters)`` for every point of ``grid``.

    With a ``seed`` each call gets its own as ``seed=``, derived by ``seed_of``. ``progress`` is
    called here, in the caller's thread, with how many points are done and how many there are;
    without one a line appears on standard error after two seconds.
    """
    asked = points(grid)
    seeds = [{} if seed is None else {"seed": seed_of(seed, point)} for point in asked]
    calls = [point | extra for point, extra in zip(asked, seeds, strict=True)]
    tell = progress if progress is not None else Progress()
    if executor is not None:
        _can_travel(function, asked, executor)
        found = _there(function, calls, tell, executor)
    else:
        found = _here(function, calls, tell)
    done = Sweep([Outcome(point, *found[place]) for place, point in enumerate(asked)])
    if done.failures():
        failed = PointFailed(done)
        raise failed from failed.first.error
    return done


Found = tuple[Any, Exception | None]


def _here(
    function: Callable[..., Any], calls: Sequence[dict[str, Any]], tell: Tell
) -> dict[int, Found]:
    found: dict[int, Found] = {}
    for place, parameters in enumerate(calls):
        try:
            found[place] = function(**parameters), None
        except Exception as error:  # an interrupt is none, and ends the sweep
            found[place] = None, error
        tell(place + 1, len(calls))
    return found


def _there(
    function: Callable[..., Any], calls: Sequence[dict[str, Any]], tell: Tell, executor: Executor
) -> dict[int, Found]:
    from concurrent.futures import as_completed

    places: dict[Future[Found], int] = {}
    found: dict[int, Found] = {}
    try:
        for place, parameters in enumerate(calls):
            try:
                places[executor.submit(_call, function, parameters)] = place
            except (pickle.PicklingError, TypeError) as error:  # Dask serialises at once
                raise _refused(function, str(error.args[0])) from None
        for number, future in enumerate(as_completed(places), 1):
            try:
                found[places[future]] = future.result()
            except Exception as error:  # its process died, or what it returned cannot travel
                found[places[future]] = None, error
            tell(number, len(calls))
    finally:  # nothing is left when all went well
        for future in places:
            future.cancel()
    return found


def _call(function: Callable[..., Any], parameters: dict[str, Any]) -> Found:
    """Run on the other side.

    An exception that cannot be unpickled would break a process pool and take the other points
    with it, so such a one is told in words. A traceback never travels: it goes as a note.
    """
    try:
        return function(**parameters), None
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)).rstrip())
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            return None, RuntimeError(f"{type(error).__name__}: {error}")
        return None, error


def _can_travel(
    function: Callable[..., Any], asked: Sequence[dict[str, Any]], executor: Executor
) -> None:
    """BadInput when processes are to run what cannot reach them.

    A function travels by its name: the other process imports the module and looks it up. It
    cannot import a notebook. (Dask sends the code itself, so there a notebook's function will do.)
    """
    context = getattr(executor, "_mp_context", None)
    if context is None:
        return
    try:
        pickle.dumps((function, asked))
    except Exception as error:
        raise _refused(function, str(error)) from None
    main = sys.modules["__main__"]
    forked = context.get_start_method() == "fork"
    if function.__module__ == "__main__" and not hasattr(main, "__file__") and not forked:
        raise _refused(function, _("it is defined in a notebook or at the prompt"))


def _refused(function: Callable[..., Any], why: str) -> BadInput:
    message = _(
        "{name} cannot be sent to another process: {why}. Define it with def at the top of a"
        " module, or leave the executor out"
    )
    return BadInput("function", message.format(name=_name(function), why=why.rstrip(".")))


def _name(function: Callable[..., Any]) -> str:
    return getattr(function, "__qualname__", None) or type(function).__name__
