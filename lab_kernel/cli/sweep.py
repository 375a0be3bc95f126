"""``lab-kernel sweep``: an explorable over a grid of its controls, in as many processes as told."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from lab_kernel.cli.output import columns, print_json
from lab_kernel.cli.parsing import Parser, whole
from lab_kernel.errors import BadInput
from lab_kernel.language import N_, _, current_language, language
from lab_kernel.sweep import MOST, PointFailed, Sweep, sweep

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from lab_kernel.explore import Control

summary = N_("Sweep: an explorable over a grid of its controls, as a table.")
example = "sweep kernel/memory/replacement policy=fifo,lru frames=1-8"


def arguments(parser: Parser, words: Sequence[str]) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help=_("which explorable"))
    parser.add_argument(
        "controls",
        nargs="*",
        metavar="CONTROL=VALUES",
        help=_(
            "values divided by commas, whole numbers also as 1-8; a text is one value, so name its"
            " control again for another"
        ),
    )
    parser.add_argument(
        "--jobs",
        type=whole(1, 64),
        default=1,
        metavar="N",
        help=_("how many processes share the work (default: 1)"),
    )


def run(args: argparse.Namespace) -> int:
    from lab_kernel import explore  # only here: the other commands need no pictures

    if args.name is None:
        allowed = ", ".join(explore.names())
        raise BadInput("NAME", _("choose one of: {allowed}").format(allowed=allowed))
    chosen = explore.load(args.name)
    grid = _grid(args.controls, {control.name: control for control in chosen.controls})
    point = partial(measure, chosen.name, current_language())
    failed: PointFailed | None = None
    with _executor(args.jobs) as executor:
        try:
            done = sweep(point, grid, executor=executor)
        except PointFailed as error:
            failed, done = error, error.done
    if args.json:
        print_json({"explorable": chosen.name, "points": [*_told(done)]})
    elif any(outcome.error is None for outcome in done):
        print(columns(_table(done, list(grid)), indent=""))
    if failed is not None:
        if isinstance(failed.first.error, BadInput):
            raise BadInput(_typed(failed.first.parameters), failed.first.error.message)
        raise failed
    return 0


def measure(name: str, spoken: str, /, **values: Any) -> dict[str, Any]:
    """One state of an explorable in figures and words; run in whichever process."""
    from lab_kernel import explore

    with language(spoken):
        view = explore.load(name).view(**values)
    return {"numbers": dict(view.numbers), "says": view.says}


@contextmanager
def _executor(jobs: int) -> Iterator[Executor | None]:
    """Fresh processes, which leave an interrupt to this one."""
    if jobs == 1:
        yield None
        return
    try:
        import multiprocessing
        import signal
        from concurrent.futures import ProcessPoolExecutor

        executor = ProcessPoolExecutor(
            jobs,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=signal.signal,
            initargs=(signal.SIGINT, signal.SIG_IGN),
        )
    except (ImportError, OSError, ValueError):  # in a browser, for one
        raise BadInput("jobs", _("there are no processes here; leave it out")) from None
    with executor:
        yield executor


def _grid(words: Iterable[str], controls: dict[str, Control]) -> dict[str, list[Any]]:
    """The values of each control named, every one read by the control itself."""
    grid: dict[str, list[Any]] = {}
    for word in words:
        name, equals, values = word.partition("=")
        if not equals:
            raise BadInput(word, _("write it as CONTROL=VALUES"))
        if name not in controls:
            allowed = ", ".join(controls) or "-"
            message = _("there is no such control; choose one of: {allowed}")
            raise BadInput(name, message.format(allowed=allowed))
        for value in _values(values, controls[name]):
            controls[name].read(value)
            if value not in grid.setdefault(name, []):
                grid[name].append(value)
    return grid


def _values(text: str, control: Control) -> Iterator[Any]:
    from lab_kernel.explore import Whole, Words

    for part in [text] if isinstance(control, Words) else text.split(","):
        span = re.fullmatch(r"(-?\d{1,9})-(-?\d{1,9})", part)
        if isinstance(control, Whole) and span:
            low, high = int(span[1]), int(span[2])
            if not 0 <= high - low < MOST:
                raise control.refuse(_("“{value}” is no range").format(value=part))
            yield from range(low, high + 1)
        else:
            yield control.read(part) if isinstance(control, Whole) else part


def _told(done: Sweep) -> Iterator[dict[str, Any]]:
    for outcome in done:
        values = {"values": dict(outcome.parameters)}
        if outcome.error is None:
            yield values | outcome.value
        elif isinstance(outcome.error, BadInput):
            yield values | {"error": outcome.error.message}
        else:
            yield values | {"error": f"{type(outcome.error).__name__}: {outcome.error}"}


def _table(done: Sweep, names: list[str]) -> Iterator[list[object]]:
    """A column for each control and each number; the sentence where there are no numbers."""
    found = [outcome.value for outcome in done if outcome.error is None]
    measured = list(dict.fromkeys(name for value in found for name in value["numbers"]))
    yield [*names, *(measured or [_("result")])]
    for outcome in done:
        value = outcome.value or {"numbers": {}, "says": "-"}
        cells = [value["numbers"].get(name, "-") for name in measured] or [value["says"]]
        yield [*(outcome.parameters[name] for name in names), *cells]


def _typed(parameters: Any) -> str:
    return " ".join(f"{name}={value}" for name, value in parameters.items()) or "NAME"
