"""Where the head goes under each policy, how far, and how long requests wait."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, Words, explorable
from lab_kernel.explore.kernel.drivers import shared
from lab_kernel.kernel.disk import Run, serve
from lab_kernel.kernel.elevator import ELEVATORS, Request
from lab_kernel.language import N_, _

LAST = 199
LABELS = {name: name.upper() if name != "deadline" else "deadline" for name in ELEVATORS}


def run(policy: str, requests: tuple[int, ...], head: int, direction: str) -> Run:
    """All requests at once."""
    return serve(
        [Request(cylinder) for cylinder in requests],
        policy,
        head=head,
        cylinders=LAST + 1,
        rising=direction == "up",
    )


@explorable(
    "kernel/drivers/elevator",
    title=N_("Where the head goes"),
    predict=N_(
        "The head stands at 53. Which policy crosses the fewest cylinders, and which lets one"
        " request wait longest?"
    ),
    controls=(
        Choice(
            name="policy",
            label=N_("Disk scheduling policy"),
            default="sstf",
            options=tuple(LABELS.items()),
        ),
        Words(
            name="requests",
            label=N_("Cylinders asked for, in order of arrival"),
            default="98,183,37,122,14,124,65,67",
            parse=shared.cylinders(16, LAST),
        ),
        Whole(name="head", label=N_("Head at first"), default=53, low=0, high=LAST),
        Choice(
            name="direction",
            label=N_("An elevator goes first"),
            default="up",
            options=(("up", N_("up")), ("down", N_("down"))),
        ),
    ),
)
def elevator(policy: str, requests: tuple[int, ...], head: int, direction: str) -> View:
    """The head's way under one policy, and the distances of all of them."""
    runs = {name: run(name, requests, head, direction) for name in ELEVATORS}
    chosen = runs[policy]
    says = _(
        "{policy}: {path}; {distance} cylinders, mean waiting {waiting} ticks, longest {longest}."
    ).format(
        policy=LABELS[policy],
        path=" → ".join(map(str, chosen.path)),
        distance=chosen.distance,
        waiting=f"{chosen.mean_waiting:.1f}",
        longest=max(one.waiting for one in chosen.served),
    )
    way = fig.line_chart(
        [fig.Series(LABELS[policy], list(enumerate(chosen.path)))],
        title=_("The head's way under {policy}").format(policy=LABELS[policy]),
        description=says,
        x_label=_("turns and stops, in order"),
        y_label=_("cylinder"),
    )
    distances = fig.bars(
        [fig.Bar(LABELS[name], [(_("cylinders"), one.distance)]) for name, one in runs.items()],
        title=_("Cylinders crossed under every policy"),
        description=", ".join(f"{LABELS[name]} {one.distance}" for name, one in runs.items()) + ".",
    )
    waits = {name: max(served.waiting for served in one.served) for name, one in runs.items()}
    waiting = fig.bars(
        [fig.Bar(LABELS[name], [(_("ticks"), ticks)]) for name, ticks in waits.items()],
        title=_("The longest wait under every policy, ticks"),
        description=", ".join(f"{LABELS[name]} {ticks}" for name, ticks in waits.items()) + ".",
    )
    return View((way, distances, waiting), says)
