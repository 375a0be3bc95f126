"""A notice is lost or comes twice: what becomes of a controller that counts notices."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.cloud_native.edges import DIED, WANTED, Course, Happening, course
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.cloud_native.reconciliation.wording import pods
from lab_kernel.language import N_, _

REPLICAS, UNTIL = 3, 120
HAPPENINGS = (
    Happening(10, DIED),
    Happening(40, WANTED, 2),
    Happening(70, DIED, 2),
    Happening(100, WANTED, -1),
)
TOLD = (
    N_("10 s: a pod dies"),
    N_("40 s: two more are wanted"),
    N_("70 s: two pods die"),
    N_("100 s: one fewer is wanted"),
)
_OPTIONS = (("0", N_("none")), *((str(n), told) for n, told in enumerate(TOLD, 1)))


def both(lost: int, twice: int, resync: int) -> Course:
    """Lost goes before twice: what never arrives cannot come again."""
    return course(REPLICAS, HAPPENINGS, lost={lost}, twice={twice} - {lost}, resync=resync,
                  until=UNTIL)  # fmt: skip


@explorable(
    "cloud-native/reconciliation/levels",
    title=N_("Counting notices, counting pods"),
    predict=N_(
        "The notice that a pod has died is lost. Which of the two controllers has three pods again"
        " in the end, and when?"
    ),
    controls=(
        Choice(name="lost", label=N_("Notice that is lost"), default="1", options=_OPTIONS),
        Choice(name="twice", label=N_("Notice that comes twice"), default="0", options=_OPTIONS),
        Whole(
            name="resync", label=N_("Seconds between two looks at all"), default=30, low=5, high=120
        ),
    ),
)
def levels(lost: str, twice: str, resync: int) -> View:
    """What is desired, and what each has."""
    found = both(int(lost), int(twice), resync)
    lines = []
    for name, points in (
        (N_("desired"), found.desired),
        (N_("counts notices (edges)"), found.edges),
        (N_("counts pods (levels)"), found.levels),
    ):
        lines.append(fig.Series(_(name), [*points, (UNTIL, points[-1][1])]))
    wanted, edges = found.desired[-1][1], found.edges[-1][1]
    wrong = _off(found)
    says = _(
        "Wanted in the end: {wanted}. Counting notices: {edges}. Counting pods: {levels}, and wrong"
        " for {wrong} s altogether."
    ).format(wanted=pods(wanted), edges=pods(edges), levels=pods(found.levels[-1][1]), wrong=wrong)
    picture = fig.step_chart(
        lines,
        title=_("Pods of two controllers that get the same notices"),
        description=says + " " + " ".join(f"{_(told)}." for told in TOLD),
        x_label=_("seconds"),
        y_label=_("pods"),
    )
    return View((picture,), says, {"wanted": wanted, "edges": edges, "levels_wrong_s": wrong})


def _off(found: Course) -> int:
    """Seconds in which the level-triggered controller has not what is desired."""

    def at(points: tuple[tuple[int, int], ...], time: int) -> int:
        return [value for when, value in points if when <= time][-1]

    return sum(at(found.desired, t) != at(found.levels, t) for t in range(UNTIL))
