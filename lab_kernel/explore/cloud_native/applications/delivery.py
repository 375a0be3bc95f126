"""From a change to its user: a release train against independent delivery."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.cloud_native.delivery import Deployment, Plan, damage, deliver, mean_days
from lab_kernel.cloud_native.delivery_metrics import measure
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _

BATCHES = (1, 2, 4, 8, 16)
DAYS = 128  # whole releases of every size


@cache
def log(batch: int, train: bool, bad: int) -> list[Deployment]:
    """The deployment log; ``bad`` changes in a hundred."""
    return deliver(Plan(batch=batch, train=train, bad=bad / 100, days=DAYS))


@explorable(
    "cloud-native/applications/delivery",
    title=N_("How long does a change wait?"),
    predict=N_(
        "Six teams finish a change a day each, and a train leaves with eight of each. If it left"
        " with four of each, how much sooner would a change be with its user?"
    ),
    controls=(
        Choice(
            name="batch",
            label=N_("Changes of a team in a release"),
            default="8",
            options=tuple((str(n), str(n)) for n in BATCHES),
        ),
        Whole(name="bad", label=N_("Bad changes in a hundred"), default=5, low=0, high=30),
    ),
)
def delivery(batch: str, bad: int) -> View:
    """Mean days by the size of a release, and DORA's five metrics of both ways."""
    names = {True: _("train of all teams"), False: _("each team by itself")}
    series = [
        fig.Series(name, [(n, mean_days(log(n, train, bad))) for n in BATCHES])
        for train, name in names.items()
    ]
    chosen = {train: log(int(batch), train, bad) for train in names}
    days = {train: mean_days(one) for train, one in chosen.items()}
    says = _(
        "Releases of {batch}: {train} days from a change to its user on the train, {alone} with"
        " each team by itself. A bad change takes {many} good ones along on the train, else {few}."
    ).format(
        batch=batch,
        train=f"{days[True]:.1f}",
        alone=f"{days[False]:.1f}",
        many=f"{damage(chosen[True]):.1f}",
        few=f"{damage(chosen[False]):.1f}",
    )
    curve = fig.line_chart(
        series,
        title=_("Days from a change to its user"),
        description=says,
        x_label=_("changes of a team in a release"),
        y_label=_("days"),
    )
    return View((curve, _metrics(chosen, names)), says)


def _metrics(chosen: dict[bool, list[Deployment]], names: dict[bool, str]) -> fig.Figure:
    found = [measure(one, DAYS) for one in chosen.values()]
    hours = _("{n} h")
    rows = {
        N_("change lead time"): [hours.format(n=f"{one.lead_time:.0f}") for one in found],
        N_("deployment frequency"): [
            _("{n} a day").format(n=f"{one.frequency:.2f}") for one in found
        ],
        N_("failed deployment recovery time"): [
            "-" if one.recovery is None else hours.format(n=f"{one.recovery:.0f}") for one in found
        ],
        N_("change fail rate"): [percent(one.fail_rate) for one in found],
        N_("deployment rework rate"): [percent(one.rework_rate) for one in found],
    }
    return fig.table(
        list(names.values()),
        [fig.Row(_(name), [fig.Cell(value) for value in values]) for name, values in rows.items()],
        title=_("DORA's five metrics of the same weeks"),
        description=" ".join(f"{_(name)}: {', '.join(values)}." for name, values in rows.items()),
    )
