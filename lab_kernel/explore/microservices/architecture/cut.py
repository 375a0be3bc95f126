"""One shop, cut in five ways: what each cut gives, and what it costs."""

from __future__ import annotations

import math
from collections.abc import Mapping

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.cut import OPERATIONS, Cut
from lab_kernel.microservices.architecture.pipeline import mean_lead
from lab_kernel.microservices.architecture.prices import (
    Measured,
    availability,
    blast_radius,
    crossings,
    measure,
)

CUTS: Mapping[str, tuple[str, str]] = {
    "one": (N_("one unit: a monolith"), "catalog price cart orders stock payment mail"),
    "two": (N_("two: browsing, and the rest"), "catalog price | cart orders stock payment mail"),
    "four": (N_("four: one for each team"), "catalog price | cart orders | stock | payment mail"),
    "seven": (
        N_("seven: one for each module"),
        "catalog | price | cart | orders | stock | payment | mail",
    ),
}
SHOP_AS = Choice(
    name="cut",
    label=N_("The shop as"),
    default="four",
    options=tuple((name, said) for name, (said, _units) in CUTS.items()),
)
EACH = 0.999  # of the calls succeed
NAMES: Mapping[str, str] = {
    "browse": N_("browse"),
    "fill the cart": N_("fill the cart"),
    "check out": N_("check out"),
}


@explorable(
    "microservices/architecture/cut",
    title=N_("One shop, cut in several ways"),
    predict=N_(
        "One unit becomes seven. Which figures get better, and which get worse? And what changes"
        " when all units use one database?"
    ),
    controls=(
        SHOP_AS,
        Toggle(name="shared", label=N_("One database for all units"), default="off"),
        Whole(name="changes", label=N_("Changes a day"), low=1, high=60, default=10),
    ),
)
def cut(cut: str, shared: bool, changes: int) -> View:
    """The chosen cut beside the monolith: latency measured, the rest counted."""
    whole, chosen = Cut(CUTS["one"][1], shared), Cut(CUTS[cut][1], shared)
    base, found = measure(whole), measure(chosen)
    columns = [(_("monolith"), whole, base)]
    if cut != "one":
        columns.append((_("this cut"), chosen, found))
    rows: list[tuple[str, list[str]]] = [
        (
            _("network calls of a {operation}").format(operation=_(NAMES[name])),
            [str(crossings(each, name)) for _name, each, _found in columns],
        )
        for name in OPERATIONS
    ]
    for said, tell in (
        (_("requests that succeed, if 99.9% of calls do"), _succeed),
        (_("fail while a unit fails: the worst unit"), _worst),
        (_("fail while a unit fails: the mildest"), _mildest),
    ):
        rows.append((said, [tell(each) for _name, each, _found in columns]))
    live = [until_live(mean_lead(each, changes)) for _name, each, _found in columns]
    rows.append((_("a change is on average"), live))
    told = "; ".join(
        _("{name}: median {p50} ms, 99% within {p99} ms").format(
            name=name, p50=m.percentile(50), p99=m.percentile(99)
        )
        for name, _c, m in columns
    )
    latency = fig.bars(
        [_bar(name, p, m.percentile(p)) for name, _c, m in columns for p in (50, 99)],
        title=_("Latency of all requests, ms"),
        description=f"{told}.",
    )
    cells = [fig.Row(said, list(map(fig.Cell, words))) for said, words in rows]
    table = fig.table(
        [name for name, _c, _m in columns],
        cells,
        title=_("What the cut changes"),
        description="; ".join(
            f"{row.head}: {', '.join(cell.words for cell in row.cells)}" for row in cells
        ) + ".",
    )  # fmt: skip
    says = _(
        "Units: {units}. 99% of the requests are answered within {p99} ms, a bad version of the"
        " worst unit fails {worst} of them, and a change is {live}."
    ).format(
        units=len(chosen.groups),
        p99=found.percentile(99),
        worst=_worst(chosen),
        live=until_live(mean_lead(chosen, changes)),
    )
    return View((latency, table), says, _numbers(chosen, found, changes))


def until_live(minutes: float) -> str:
    """In words; where more changes come than can go there is no end."""
    if math.isinf(minutes):
        return _("never live: more changes come than it can build")
    return _("live after {minutes} minutes").format(minutes=f"{minutes:,.0f}")


def _bar(name: str, percent: int, ms: int) -> fig.Bar:
    return fig.Bar(
        _("{name}, {percent}% within").format(name=name, percent=percent), [(_("ms"), ms)]
    )


def _succeed(cut: Cut) -> str:
    return f"{availability(cut, EACH):.2%}"


def _worst(cut: Cut) -> str:
    return f"{max(blast_radius(cut, unit) for unit in cut.groups):.0%}"


def _mildest(cut: Cut) -> str:
    return f"{min(blast_radius(cut, unit) for unit in cut.groups):.0%}"


def _numbers(cut: Cut, found: Measured, changes: int) -> dict[str, int | float]:
    lead = mean_lead(cut, changes)
    return {
        "p50": found.percentile(50),
        "p99": found.percentile(99),
        "calls": crossings(cut, "check out"),
        "availability": round(availability(cut, EACH), 6),
        "worst": max(blast_radius(cut, unit) for unit in cut.groups),
        "lead": -1 if math.isinf(lead) else round(lead, 1),
    }
