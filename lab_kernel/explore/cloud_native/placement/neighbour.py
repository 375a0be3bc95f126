"""Two containers on one node of one CPU: who gets how much, and how long the server takes."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.cloud_native.placement.neighbours import (
    EVERY,
    TICKS,
    WORK,
    Shared,
    files,
    neighbours,
)
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _

OWN, OTHERS = ("0", "100", "400", "1000"), ("0", "100", "300")  # no more than the least limit


def _control(name: str, label: str, default: str, amounts: tuple[str, ...]) -> Choice:
    options = tuple((one, f"{one}m" if one != "0" else N_("nothing")) for one in amounts)
    return Choice(name=name, label=label, default=default, options=options)


@cache
def shared(request: int, other: int, limit: int, busy: int) -> Shared:
    return neighbours(request, other, limit, busy)


@explorable(
    "cloud-native/placement/neighbour",
    title=N_("A noisy neighbour"),
    predict=N_(
        "A server has 40 ms of work every 100 ms and requests nothing. Beside it four processes"
        " compute without end, in a container that requests 300m. How long does a request to the"
        " server take?"
    ),
    controls=(
        _control("request", N_("The server requests"), "0", OWN),
        _control("other", N_("The neighbour requests"), "300", OTHERS),
        Choice(
            name="limit",
            label=N_("The neighbour's limit"),
            default="0",
            options=(("0", N_("none")), ("300", "300m"), ("500", "500m"), ("900", "900m")),
        ),
        Whole(name="busy", label=N_("Processes of the neighbour"), low=0, high=8, default=4),
    ),
)
def neighbour(request: str, other: str, limit: str, busy: int) -> View:
    """Shares of the CPU, and every request's time."""
    found = shared(int(request), int(other), int(limit), busy)
    idle = max(0.0, 1 - found.server - found.neighbour)
    says = _(
        "cpu.weight {own} against {others}. The server got {server} of the CPU, the neighbour"
        " {neighbour}."
    ).format(
        own=files(int(request))["cpu.weight"],
        others=files(int(other), int(limit))["cpu.weight"],
        server=percent(round(found.server, 2)),
        neighbour=percent(round(found.neighbour, 2)),
    )
    came = TICKS // EVERY
    says += " " + _("Of {came} requests {done} were answered, the last after {last} ms.").format(
        came=came, done=len(found.waits), last=f"{found.waits[-1]:,}" if found.waits else "-"
    )
    parts = [(_("server"), found.server), (_("neighbour"), found.neighbour), (_("idle"), idle)]
    bars = fig.bars(
        [fig.Bar(name, [(name, round(100 * part, 1))]) for name, part in parts],
        title=_("Percent of the CPU"),
        description=says,
        kinds=[name for name, _part in parts],
    )
    needs = [(0.0, float(WORK)), (float(came), float(WORK))]
    line = fig.line_chart(
        [
            fig.Series(_("a request took"), list(enumerate(found.waits, 1))),
            fig.Series(_("its work alone"), needs),
        ],
        title=_("Milliseconds for each request to the server"),
        description=says,
        x_label=_("request"),
        y_label=_("milliseconds"),
    )
    return View((bars, line), says)
