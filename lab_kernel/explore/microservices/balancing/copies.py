"""A second copy of a request, and what it costs."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.explore import Toggle, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing.copies import Copies
from lab_kernel.percentile import percentile

REQUESTS = 5000
KINDS = {"plain": N_("one copy"), "hedged": N_("hedged"), "tied": N_("tied")}


class Result(NamedTuple):
    """What is kept of a run."""

    half: float
    tail: float
    copies: float
    busy: float


@cache
def run(kind: str, load: int, after: int, cancel: bool, same: bool) -> Result:
    done = Copies(kind, load=load / 100, after=after, cancel=cancel, same=same).run(REQUESTS)
    stays = done.stays
    return Result(percentile(stays, 50), percentile(stays, 99), done.copies, done.busy)


@explorable(
    "microservices/balancing/copies",
    title=N_("Ask twice"),
    predict=N_(
        "Twenty servers, two answers in a hundred take twenty times as long. A request without an"
        " answer is sent a second time, to another server. What becomes of the slowest requests,"
        " and what if nobody takes back the copy that is no longer needed?"
    ),
    controls=(
        Whole(name="load", label=N_("Load, per cent"), low=5, high=80, default=40),
        Whole(
            name="after", label=N_("Second copy after … service times"), low=1, high=20, default=4
        ),
        Toggle(name="cancel", label=N_("What is not needed is taken back"), default="on"),
        Toggle(name="same", label=N_("The request is heavy, not the server"), default="off"),
    ),
)
def copies(load: int, after: int, cancel: bool, same: bool) -> View:
    """The same moments for the three kinds."""
    runs = {
        "plain": run("plain", load, 1, True, False),
        "hedged": run("hedged", load, after, cancel, same),
        "tied": run("tied", load, 1, True, same),
    }
    hedged = runs["hedged"]
    says = _(
        "One request in a hundred stays longer than {plain} service times with one copy, {hedged}"
        " hedged, {tied} tied. Of the hedged ones {more} send a second copy, and their servers are"
        " busy for {busy} of the time instead of {before}."
    ).format(
        more=percent(round(hedged.copies - 1, 3)),
        busy=percent(round(hedged.busy, 2)),
        before=percent(round(runs["plain"].busy, 2)),
        **{kind: f"{done.tail:.1f}" for kind, done in runs.items()},
    )
    tails = fig.bars(
        [fig.Bar(_(KINDS[kind]), [("p99", done.tail)]) for kind, done in runs.items()],
        title=_("99th percentile of the stay, in mean service times"),
        description=says,
        total=lambda value: f"{value:.1f}",
    )
    busy = fig.bars(
        [fig.Bar(_(KINDS[kind]), [("busy", 100 * done.busy)]) for kind, done in runs.items()],
        title=_("How busy the servers are"),
        description=", ".join(
            f"{_(KINDS[kind])}: {percent(round(done.busy, 2))}" for kind, done in runs.items()
        ),
        total=lambda value: f"{value:.0f}%",
    )
    numbers: dict[str, float] = {kind: round(done.tail, 3) for kind, done in runs.items()}
    return View((tails, busy), says, numbers | {"copies": round(hedged.copies, 3)})
