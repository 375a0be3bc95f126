"""From one unit to several, a step at a time: what each step did."""

from __future__ import annotations

import math

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.microservices.architecture.cut import until_live
from lab_kernel.language import N_, _
from lab_kernel.microservices.architecture.prices import measure
from lab_kernel.microservices.architecture.strangler import STEPS, Step


@explorable(
    "microservices/strangler/steps",
    title=N_("A shop is split, step by step"),
    predict=N_(
        "Mail leaves first, then payment, then stock. Which step brings most for how soon a change"
        " is live? Which one costs most latency? After which one would you stop?"
    ),
    controls=(
        Whole(name="step", label=N_("Step"), low=0, high=len(STEPS) - 1, default=0),
        Whole(name="changes", label=N_("Changes a day"), low=1, high=60, default=10),
    ),
)
def steps(step: int, changes: int) -> View:
    """All steps by what is counted; the chosen one, and the one before, by what is measured."""
    now = STEPS[step]
    told = "; ".join(
        _("step {number}, {title}: {live}, a bad change fails {bad}").format(
            number=number,
            title=_(each.title),
            live=until_live(each.lead(changes)),
            bad=f"{each.bad_version:.0%}",
        )
        for number, each in enumerate(STEPS)
    )
    names = {number: f"{number} {_(each.title)}" for number, each in enumerate(STEPS)}
    live = fig.bars(
        [
            fig.Bar(names[n], [(_("minutes"), round(each.lead(changes), 1))])
            for n, each in enumerate(STEPS)
            if not math.isinf(each.lead(changes))
        ],
        title=_("Minutes until a change is live; steps that never catch up are left out"),
        description=f"{told}.",
    )
    bad = fig.bars(
        [
            fig.Bar(names[n], [(_("percent"), round(100 * each.bad_version))])
            for n, each in enumerate(STEPS)
        ],
        title=_("Requests that fail after a bad change, percent; the mean over all lines of code"),
        description=f"{told}.",
    )
    shown = [(n, STEPS[n]) for n in (step - 1, step) if n >= 0]
    latency = fig.bars(
        [
            fig.Bar(f"{names[number]}, {p}%", [(_("ms"), measure(each.cut).percentile(p))])
            for number, each in shown
            for p in (50, 99)
        ],
        title=_("Half and 99% of the requests are answered within so many ms"),
        description=_measured([each for _number, each in shown]) + ".",
    )
    says = _(
        "Step {number}, {title}: a change is {live}, a bad one fails {bad} of the requests, and 99%"
        " of them are answered within {p99} ms."
    ).format(
        number=step,
        title=_(now.title),
        live=until_live(now.lead(changes)),
        bad=f"{now.bad_version:.0%}",
        p99=measure(now.cut).percentile(99),
    )
    lead = now.lead(changes)
    numbers = {
        "lead": -1 if math.isinf(lead) else round(lead, 1),
        "bad": round(now.bad_version, 3),
        "p99": measure(now.cut).percentile(99),
    }
    return View((live, bad, latency), says, numbers)


def _measured(shown: list[Step]) -> str:
    return "; ".join(
        _("{title}: median {p50} ms, 99% within {p99} ms").format(
            title=_(each.title),
            p50=measure(each.cut).percentile(50),
            p99=measure(each.cut).percentile(99),
        )
        for each in shown
    )
