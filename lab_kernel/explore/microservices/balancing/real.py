"""A real nginx before four servers, beside the simulation."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.microservices.balancing.wording import POLICIES
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing.measured import source, ways

MEASURES = {
    "mean": N_("mean"),
    "p50": N_("50th percentile"),
    "p99": N_("99th percentile"),
}


@cache
def times(measure: str) -> dict[str, tuple[float, float]]:
    """By policy: real and simulated, in ms."""
    return {
        way.policy: way.mean if measure == "mean" else way.percentile(int(measure[1:]))
        for way in ways()
    }


@explorable(
    "microservices/balancing/real",
    title=N_("nginx before four servers"),
    predict=N_(
        "Four servers of one worker, busy for three quarters of their time, and nginx before them."
        " By how much does the slowest request in a hundred get faster if nginx draws two servers"
        " and takes the one with fewer connections, instead of one?"
    ),
    controls=(
        Choice(
            name="measure",
            label=N_("Measure"),
            default="p99",
            options=tuple(MEASURES.items()),
        ),
    ),
)
def real(measure: str) -> View:
    """The recording, and what the simulator says of the same four servers."""
    found = times(measure)
    says = _(
        "{measure}: {random} ms at random, {two} ms with the best of two, {least} ms with the least"
        " loaded ({source})."
    ).format(
        measure=_(MEASURES[measure]),
        source=source(),
        **{name: f"{found[name][0]:.0f}" for name in ("random", "two", "least")},
    )
    rows = []
    for name, (measured, simulated) in found.items():
        values = {"policy": _(POLICIES[name])}
        rows.append(fig.Bar(_("{policy}, nginx").format(**values), [(_("real"), measured)]))
        label = _("{policy}, simulated").format(**values)
        rows.append(fig.Bar(label, [(_("simulated"), simulated)]))
    picture = fig.bars(
        rows,
        title=_("{measure} of the time to the answer, in ms").format(measure=_(MEASURES[measure])),
        description=", ".join(f"{row.label}: {row.parts[0][1]:.0f} ms" for row in rows),
        total=lambda value: f"{value:.0f}",
    )
    return View((picture,), says, {name: round(value[0], 1) for name, value in found.items()})
