"""One attack, counted in the three ways that OpenSLO knows."""

from __future__ import annotations

from fractions import Fraction

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.sre.slo import wording
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.budget import Budget, Slice, share_of, tally
from lab_kernel.sre.slo.spec import METHODS

MINUTES = 14 * 1440  # OpenSLO's example: two weeks, 24,000 requests a day, 99% of them good
RATE = Fraction(24_000, 1440)
USUAL = Fraction(99, 100)
NAMES = {
    "Occurrences": N_("by requests (Occurrences)"),
    "Timeslices": N_("by minutes (Timeslices)"),
    "RatioTimeslices": N_("by mean minute (RatioTimeslices)"),
}


def spent(method: str, target: Fraction, minutes: int, times: int, good: int) -> Budget:
    """Two weeks with an attack in them: every minute is one of two kinds."""
    quiet = Slice(RATE * USUAL, RATE)
    attack = Slice(RATE * times * good / 100, RATE * times)
    counted = tally([quiet], method, target).times(MINUTES - minutes)
    return Budget(share_of(target), counted + tally([attack], method, target).times(minutes))


@explorable(
    "sre/slo/counting",
    title=N_("Three ways to count one attack"),
    predict=N_(
        "Usually 99% of the requests succeed, and 95% are promised. An attack sends twenty times"
        " the traffic for an hour, of which 1% succeeds. Which way of counting calls it a miss?"
    ),
    controls=(
        Whole(name="minutes", label=N_("Minutes of attack"), low=0, high=2000, default=60),
        Whole(name="times", label=N_("Times the usual traffic"), low=1, high=50, default=20),
        Whole(name="good", label=N_("Percent that succeed in it"), low=0, high=99, default=1),
        Choice(
            name="target",
            label=N_("Promised"),
            default="95",
            options=(("90", "90%"), ("95", "95%"), ("98", "98%")),
        ),
    ),
)
def counting(minutes: int, times: int, good: int, target: str) -> View:
    """How much of the budget is gone, by each of the three."""
    share = Fraction(int(target), 100)
    found = {name: spent(name, share, minutes, times, good) for name in METHODS}
    shares = {name: wording.percent(one.consumed or 0, 1) for name, one in found.items()}
    rows = []
    for name, one in found.items():
        gone = float(one.consumed or 0) * 100
        parts = [
            (_("spent"), min(gone, 100)),
            (_("still there"), max(100 - gone, 0)),
            (_("overspent"), max(gone - 100, 0)),
        ]
        head = f"{_(NAMES[name])}: {shares[name]}"
        rows.append(fig.Bar(head, [(label, round(v, 1)) for label, v in parts if v]))
    missed = [_(NAMES[name]) for name, one in found.items() if not one.met]
    says = _(
        "Of the budget are spent: {occurrences} by requests, {timeslices} by minutes, {ratio} by"
        " the mean minute. Missed: {missed}."
    ).format(
        occurrences=shares["Occurrences"],
        timeslices=shares["Timeslices"],
        ratio=shares["RatioTimeslices"],
        missed=", ".join(missed) or _("by none"),
    )
    bars = fig.bars(
        rows,
        title=_("How much of the budget is spent"),
        description=says,
        total=lambda _sum: "",
        kinds=[_("spent"), _("still there"), _("overspent")],
    )
    numbers = {name: float(one.consumed or 0) for name, one in found.items()}
    return View((bars,), says, numbers)
