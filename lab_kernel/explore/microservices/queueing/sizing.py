"""How many servers for a load: enough, one more, and what one queue for all saves."""

from __future__ import annotations

import math

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.microservices.queueing.wording import ms
from lab_kernel.language import N_, _
from lab_kernel.microservices.queueing.formulas import mmc, servers_needed

WORK = 0.010


@explorable(
    "microservices/queueing/sizing",
    title=N_("Servers for a load"),
    predict=N_(
        "900 requests a second of 10 ms each keep nine servers busy all the time. How many do you"
        " order, if a request may wait 5 ms on average? And if one of them may fail?"
    ),
    controls=(
        Whole(name="rate", label=N_("Requests a second at the peak"), low=10, high=5000,
              default=900),
        Whole(name="wait", label=N_("Mean wait allowed, ms"), low=1, high=100, default=5),
    ),
)  # fmt: skip
def sizing(rate: int, wait: int) -> View:
    """The mean wait by servers, around the fewest that do."""
    fewest = servers_needed(rate, WORK, wait / 1000)
    offered = rate * WORK
    first = max(1, math.floor(offered) + 1)
    counts = range(first, fewest + 3)
    waits = {count: 1000 * mmc(rate, WORK, count).wait for count in counts}
    told = "; ".join(
        _("{count} servers: busy {busy}, mean wait in ms {wait}").format(
            count=count, busy=f"{offered / count:.0%}", wait=ms(each)
        )
        for count, each in waits.items()
    )
    chart = fig.bars(
        [fig.Bar(f"{count}", [(_("ms"), round(each, 2))]) for count, each in waits.items()],
        title=_("Mean wait by servers, ms"),
        description=f"{told}.",
    )
    alone = 1000 * mmc(rate / fewest, WORK, 1).wait
    says = _(
        "{offered} servers' worth of work comes. {fewest} servers do, and are busy {busy}; with one"
        " to spare order {more}. With a queue of its own for each server, the wait would be {alone}"
        " ms."
    ).format(
        offered=f"{offered:.1f}",
        fewest=fewest,
        busy=f"{offered / fewest:.0%}",
        more=fewest + 1,
        alone=ms(alone),
    )
    return View((chart,), says, {"servers": fewest, "wait": round(waits[fewest], 3)})
