"""Clients that fail together, and what spreads them."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.backoff import Backoff
from lab_kernel.microservices.resilience.contention import SLOT, Contention, contend

NO_PAUSE = "no pause"
KINDS = {
    NO_PAUSE: N_("no pause"),
    "none": N_("no jitter"),
    "equal": N_("equal jitter"),
    "full": N_("full jitter"),
    "decorrelated": N_("decorrelated jitter"),
}
CAP = 2000
SHOWN = 1200  # ms, in the picture of arrivals


@cache
def run(clients: int, kind: str, base: int) -> Contention:
    return contend(clients, None if kind == NO_PAUSE else Backoff(base=base, cap=CAP, jitter=kind))


@explorable(
    "microservices/resilience/jitter",
    title=N_("Fifty clients, one row"),
    predict=N_(
        "Fifty clients want to change the same row of a database at the same moment. One succeeds,"
        " 49 fail, wait 10 ms, then 20, 40 and so on, and try again. How many calls does it take"
        " until all have succeeded? How many if each waits a random time up to that?"
    ),
    controls=(
        Whole(name="clients", label=N_("Clients"), low=1, high=100, default=50),
        Choice(
            name="kind", label=N_("Pauses"), default="none", options=tuple(KINDS.items())
        ),
        Whole(name="base", label=N_("First pause, milliseconds"), low=1, high=100, default=10),
    ),
)  # fmt: skip
def jitter(clients: int, kind: str, base: int) -> View:
    """When the calls of one kind arrive, and how many each kind takes."""
    all_kinds = {each: run(clients, each, base) for each in KINDS}
    found = all_kinds[kind]
    says = _(
        "With {kind}: {calls} calls for {clients} clients, done after {ms} ms; at most"
        " {busiest} calls within {slot} ms."
    ).format(
        kind=_(KINDS[kind]),
        calls=f"{len(found.calls):,}",
        clients=clients,
        ms=f"{1000 * found.seconds:,.0f}",
        busiest=found.busiest,
        slot=SLOT,
    )
    told = "; ".join(
        _("{kind}: {calls} calls, {ms} ms").format(
            kind=_(name), calls=f"{len(all_kinds[each].calls):,}",
            ms=f"{1000 * all_kinds[each].seconds:,.0f}",
        )
        for each, name in KINDS.items()
    )  # fmt: skip
    return View(
        (
            _arrivals(found, says),
            fig.bars(
                [
                    fig.Bar(_(name), [(_("calls"), len(all_kinds[each].calls))])
                    for each, name in KINDS.items()
                ],
                title=_("Calls until every client has succeeded"),
                description=told,
            ),
            fig.bars(
                [
                    fig.Bar(_(name), [(_("seconds"), round(all_kinds[each].seconds, 2))])
                    for each, name in KINDS.items()
                ],
                title=_("Seconds until every client has succeeded"),
                description=told,
            ),
        ),
        says,
        {"calls": len(found.calls), "seconds": found.seconds, "busiest": found.busiest},
    )


def _arrivals(found: Contention, says: str) -> fig.Figure:
    counts = [0] * (SHOWN // SLOT)
    for time in found.calls:
        if time < SHOWN:
            counts[int(time // SLOT)] += 1
    points = [(slot * SLOT, number) for slot, number in enumerate(counts)]
    return fig.step_chart(
        [fig.Series(_("calls"), [*points, (SHOWN, counts[-1])])],
        title=_("Calls that arrive in each {ms} ms of the first {all} ms").format(
            ms=SLOT, all=f"{SHOWN:,}"
        ),
        description=says,
        x_label=_("milliseconds"),
        y_label=_("calls"),
    )
