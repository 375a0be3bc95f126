"""Pieces of sentences and pictures that the rooms of this chapter share."""

from __future__ import annotations

from collections.abc import Sequence

from lab_kernel import figures as fig
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _


def requests(number: int) -> str:
    return counted(number, N_("{n} request"), N_("{n} requests"))


def tries(number: int) -> str:
    return counted(number, N_("{n} try sent"), N_("{n} tries sent"))


def whole_percent(share: float) -> str:
    """``0.987`` as ``99%``; what is not all is never 100%, nor what is something 0%."""
    number = round(100 * share)
    if number == 100 and share < 1:
        number = 99
    if number == 0 and share > 0:
        number = 1
    return f"{number}%"


def rates(
    seconds: Sequence[tuple[int, int, int]],
    capacity: Sequence[tuple[float, float]],
    title: str,
    says: str,
    every: int = 1,
) -> fig.Figure:
    """Requests, tries and answers a second, over time. ``seconds`` are those of each second, and
    ``every`` of them make a point; ``capacity`` is what can be done a second, from when on.
    """
    names = (_("new requests"), _("tries sent"), _("answered in the end"))
    points: list[list[tuple[float, float]]] = [[], [], []]
    for start in range(0, len(seconds), every):
        chosen = seconds[start : start + every]
        for line, numbers in zip(points, zip(*chosen, strict=True), strict=True):
            line.append((start, sum(numbers) / len(chosen)))
    for line in points:
        line.append((len(seconds), line[-1][1]))
    return fig.step_chart(
        [
            *(fig.Series(name, line) for name, line in zip(names, points, strict=True)),
            fig.Series(_("can be done"), [*capacity, (len(seconds), capacity[-1][1])]),
        ],
        title=title,
        description=says,
        x_label=_("seconds"),
        y_label=_("in a second"),
    )
