"""Asking again and again, or being told: which is cheaper depends on how much there is to tell."""

from __future__ import annotations

from collections import deque
from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.kernel.drivers.board import Board
from lab_kernel.kernel.drivers.hardware.device import HARDWARE
from lab_kernel.kernel.drivers.hardware.serial import Serial
from lab_kernel.kernel.drivers.line_driver import LineDriver
from lab_kernel.kernel.machine import Machine
from lab_kernel.language import N_, _

WINDOW, FEWEST = 4000, 20  # ticks that are watched, or longer, until so many bytes have come
GAPS = (1000, 400, 200, 100, 50, 25, 16, 10)  # mean ticks from one byte to the next
GOLDEN = 0.618_034  # its multiples, without their whole part, fall evenly between 0 and 1


class Cost(NamedTuple):
    """Percent of the CPU's time, mean ticks from a byte's arrival to its reading, bytes lost."""

    cpu: float
    latency: float
    lost: int


def times(gap: int) -> list[int]:
    """When bytes come: one in each ``gap`` ticks, but off the beat.

    On the beat each would meet the same moment between two looks, and the mean wait would say
    more about that accident than about the interval.
    """
    return [int((n + n * GOLDEN % 1) * gap) for n in range(max(FEWEST, WINDOW // gap))]


@cache
def listen(gap: int, interval: int | None, entry: int) -> Cost:
    """A byte in each ``gap`` ticks; looked for every ``interval`` ticks, or told by interrupts."""
    machine = Machine()
    board = Board(machine, entry=entry, lockup=None)
    device = Serial("ttyS0", machine.clock, machine.trace)
    driver = LineDriver(board, device, interval=interval)
    window = len(times(gap)) * gap
    arrived: deque[int] = deque()  # of those in the FIFO
    waits: list[int] = []
    used = 0

    def come() -> None:
        lost = device.lost
        arrived.append(machine.clock.now)
        device.receive(ord("."))
        if device.lost > lost:
            arrived.pop()

    def drain() -> int:
        taken = LineDriver.drain(driver)
        waits.extend(machine.clock.now - arrived.popleft() for _byte in range(taken))
        return taken

    def look() -> None:
        nonlocal used
        drain()
        used += board.bus.take()
        if machine.clock.now < window:
            machine.clock.after(interval or window, look)

    for time in times(gap):
        machine.clock.at(time, come, HARDWARE)
    driver.drain = drain  # type: ignore[method-assign]
    if interval is not None:
        look()
    machine.run()
    used += board.interrupts.stolen
    mean = sum(waits) / len(waits) if waits else 0.0
    return Cost(min(100.0, 100 * used / window), mean, device.lost)


@explorable(
    "kernel/drivers/polling",
    title=N_("Polling against interrupts"),
    predict=N_(
        "A look costs little and is made even when nothing has come; an interrupt costs more and"
        " comes only when something has. At which rate of bytes does polling win?"
    ),
    controls=(
        Whole(name="interval", label=N_("Ticks between two looks"), default=20, low=5, high=400),
        Whole(name="entry", label=N_("Ticks to enter and leave a half"), default=4, low=1, high=20),
    ),
)
def polling(interval: int, entry: int) -> View:
    """CPU time and latency of both at eight rates, from the same simulated serial line."""
    both = {
        _("polling"): [listen(gap, interval, entry) for gap in GAPS],
        _("interrupts"): [listen(gap, None, entry) for gap in GAPS],
    }
    rates = [1000 / gap for gap in GAPS]
    polls, interrupts = both.values()
    cheaper = next(
        (r for r, p, i in zip(rates, polls, interrupts, strict=True) if p.cpu < i.cpu), None
    )
    verdict = (
        _("interrupts are cheaper at every rate")
        if cheaper is None
        else _("polling is cheaper from {rate} bytes per 1,000 ticks on").format(
            rate=f"{cheaper:g}"
        )
    )
    lost = sum(cost.lost for cost in polls)
    says = _(
        "A look every {interval} ticks, {entry} ticks for each half: {verdict}; at the highest rate"
        " polling takes {polling}% of the CPU and interrupts {interrupts}%; polling loses {lost}"
        " bytes in all."
    ).format(
        interval=interval,
        entry=entry,
        verdict=verdict,
        polling=f"{polls[-1].cpu:.0f}",
        interrupts=f"{interrupts[-1].cpu:.0f}",
        lost=lost,
    )
    pictures = [
        fig.line_chart(
            [
                fig.Series(name, [(r, getattr(c, what)) for r, c in zip(rates, costs, strict=True)])
                for name, costs in both.items()
            ],
            title=title,
            description="; ".join(
                f"{name}: "
                + ", ".join(
                    f"{r:g}: {getattr(c, what):.1f}" for r, c in zip(rates, costs, strict=True)
                )
                for name, costs in both.items()
            )
            + ".",
            x_label=_("bytes per 1,000 ticks"),
            y_label=unit,
        )
        for what, title, unit in (
            ("cpu", _("What the CPU spends"), _("% of its time")),
            ("latency", _("How long a byte waits to be read"), _("ticks")),
        )
    ]
    return View(tuple(pictures), says)
